// SPDX-License-Identifier: Apache-2.0
// The page: what is asked of the daemon, how often, and who shows it.

import { Cards } from "./charts.js";
import { Watch, ask_if_there } from "./daemon.js";
import * as panels from "./panels.js";
import { Rates } from "./rates.js";

const kTurn_ms = 500;
const kMostCards = 6;
const kSilent_ms = 4000; // without an answer for so long, the page says so

const kinds = new Map(); // verdict → kind, as drops name them
const service_rates = new Rates(6), drop_rates = new Rates(6), backend_rates = new Rates(60);
const cards = new Cards(document.querySelector("#cards"));
const seen = { services: [], backends: [], all_backends: 0, new_flows: new Map(), alerts: [], incidents: [], status: null };
let range = "seconds=300", every_ms = 2000;
let answered_ms = performance.now(), answered_s = null, problem = "";

// --- alerts: what needs action, once each ---

function take_alerts(answer) {
  seen.alerts = (answer.alerts ?? answer).map((alert) => alert.sentence);
}

function alarms() {
  const open = seen.incidents.filter((incident) => incident.open).map((incident) => incident.sentence);
  return [...new Set([...open, ...seen.alerts, ...(seen.status?.alerts ?? [])])].filter(Boolean);
}

// --- answers ---

function take_status(status) {
  seen.status = { ...status, at_ms: performance.now() };
  answered_ms = performance.now();
  answered_s = Date.now() / 1000;
  panels.show_status(status, alarms());
}

function take_incidents(answer) {
  seen.incidents = answer.incidents ?? answer;
  panels.show_incidents(seen.incidents);
}

function take_drops(answer) {
  for (const drop of answer.drops) kinds.set(drop.verdict, drop.kind);
  panels.show_drops(answer, drop_rates);
}

function take_services(answer) {
  const services = answer.services.map((service) => ({ ...service, kinds }));
  seen.services = panels.rated_services({ ...answer, services }, service_rates);
  show_found();
}

function take_backends(answer) {
  seen.backends = panels.rated_backends(answer, backend_rates);
  seen.all_backends = answer.all;
  seen.new_flows = panels.rated_new_flows(answer, backend_rates);
  backend_rates.forget_before(answer.time_s - 60);
  show_found();
}

function take_history(name, answer) {
  cards.show(name, answer);
  if (name === "") panels.show_marks(answer.marks);
}

// --- what the reader looks for ---

const finder = document.querySelector("#find");

// The daemon finds them: there may be more than a page can bear.
function find_backends() {
  const wanted = encodeURIComponent(finder.value.trim());
  Object.assign(backends, { path: `/api/v1/backends?find=${wanted}&most=${panels.kMostRows}`, due_ms: 0 });
}

function show_found() {
  const wanted = finder.value.trim().toLowerCase();
  const found = (...words) => words.some((word) => word.toLowerCase().includes(wanted));
  const services = seen.services.filter((row) => found(row.name, row.endpoint, row.pool));
  panels.show_services(services, seen.new_flows);
  panels.show_backends(seen.backends, seen.all_backends);
  choose_cards(services);
}

// Those that lose packets first, then the busiest; one that is shown stays while it can.
function choose_cards(services) {
  const shown = cards.names();
  const value = (row) => (row.harm > 0 ? 1e15 : 0) + (row.rate ?? 0) * (shown.includes(row.name) ? 2 : 1);
  const best = [...services].sort((a, b) => value(b) - value(a)).slice(0, kMostCards).map((row) => row.name);
  best.sort((a, b) => a.localeCompare(b));
  cards.choose(best);
  for (const name of cards.names()) if (!histories.has(name)) histories.set(name, history_of(name));
  for (const name of histories.keys()) if (!cards.names().includes(name)) histories.delete(name);
}

function history_of(name) {
  const service = name === "" ? "" : `&service=${encodeURIComponent(name)}`;
  return new Watch(`/api/v1/history?${range}${service}`, every_ms, (answer) => take_history(name, answer));
}

// --- the turn ---

const histories = new Map();
const status = new Watch("/api/v1/status", 1000, take_status);
const backends = new Watch("", 2000, take_backends);
const others = [
  new Watch("/api/v1/drops", 2000, take_drops),
  new Watch("/api/v1/services", 2000, take_services),
  backends,
  new Watch("/api/v1/flows?most=0", 10000, panels.show_room),
  new Watch("/api/v1/generations", 4000, (answer) => panels.show_generations(answer.generations)),
];
const optional = [
  new Watch("/api/v1/incidents", 2000, take_incidents),
  new Watch("/api/v1/alerts", 2000, take_alerts),
];

function show_time() {
  const now_ms = performance.now();
  const silent_ms = now_ms - answered_ms;
  panels.show_silence(problem && silent_ms > kSilent_ms ? silent_ms / 1000 : null, answered_s, problem);
  const pending = seen.status?.pending;
  panels.show_pending(pending, pending ? Math.max(0, pending.seconds_left - (now_ms - seen.status.at_ms) / 1000) : 0);
}

// One that fails is asked again; what it said stands at the top meanwhile.
async function turn() {
  const now_ms = performance.now();
  const asked = [status, ...others, ...histories.values()].map((watch) => watch.turn(now_ms));
  for (const watch of optional) asked.push(watch.turn(now_ms, (path) => ask_if_there(path, [])));
  const ended = await Promise.allSettled(asked);
  const failed = ended.find((one) => one.status === "rejected");
  problem = failed ? failed.reason.message : "";
}

function choose_range(button) {
  for (const other of document.querySelectorAll("#range button"))
    other.setAttribute("aria-pressed", String(other === button));
  const { seconds, minutes } = button.dataset;
  range = seconds ? `seconds=${seconds}` : `minutes=${minutes}`;
  every_ms = seconds === "300" ? 2000 : 15000;
  histories.clear();
  choose_cards(seen.services);
}

document.querySelector("#range").addEventListener("click", ({ target }) => {
  if (target.matches("button")) choose_range(target);
});
finder.addEventListener("input", () => {
  find_backends();
  show_found();
});
find_backends();
choose_cards([]);
setInterval(show_time, kTurn_ms);
(function again() {
  turn().finally(() => setTimeout(again, kTurn_ms));
})();
