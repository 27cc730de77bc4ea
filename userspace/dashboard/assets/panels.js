// SPDX-License-Identifier: Apache-2.0
// Panels: each shows one answer of the daemon in its place of the page.

import { fill, keyed, set_class, set_text } from "./table.js";
import { clock, duration, percent, plain, quantity, whole } from "./words.js";

export const kMostRows = 100;
const kFewestFlows = 20; // below these a share is chance
const kConfiguration = "dropped-by-configuration";

const find = (selector) => document.querySelector(selector);

function list_item() {
  return document.createElement("li");
}

// --- what runs, and what needs action ---

export function show_status(status, alarms) {
  const at = new Date(status.applied_at).getTime() / 1000;
  const age = Number.isNaN(at) ? "" : `, ${duration(Date.now() / 1000 - at)} ago`;
  const where = `${status.interfaces.join(", ")} (${status.xdp_mode})`;
  const what = `generation ${status.generation} by ${status.author}${age}`;
  set_text(find("#running"), `${what} · ${where} · up ${duration(status.uptime_s)}`);
  document.title = (alarms.length > 0 ? `(${alarms.length}) ` : "") + `Steadfast · ${location.hostname}`;
  show_state(status, alarms);
  show_alerts(alarms);
}

function show_state(status, alarms) {
  const [look, words] =
    alarms.length > 0 ? ["bad", alarms.length === 1 ? "1 alert" : `${alarms.length} alerts`]
      : status.pending ? ["change", "change pending"] : ["good", "all quiet"];
  set_class(find("#state"), `pill ${look}`);
  set_text(find("#state"), words);
}

function show_alerts(alarms) {
  find("#alerts").hidden = alarms.length === 0;
  keyed(find("#alerts ul"), alarms, (sentence) => sentence, list_item, set_text);
}

export function show_silence(silent_s, seen_s, problem) {
  const band = find("#silence");
  band.hidden = silent_s === null;
  document.body.classList.toggle("silent", silent_s !== null);
  if (silent_s === null) return;
  set_class(find("#state"), "pill bad");
  set_text(find("#state"), "no answer");
  const since = seen_s === null ? "" : ` for ${duration(silent_s)}. What you see is of ${clock(seen_s)}`;
  set_text(band, `The daemon does not answer${since}: ${problem}. Forwarding goes on without it.`);
}

// --- the pending change ---

let longest_s = 0;

export function show_pending(pending, left_s) {
  const band = find("#pending");
  if (!pending) longest_s = 0;
  band.hidden = !pending;
  if (!pending) return;
  longest_s = Math.max(longest_s, left_s);
  set_text(find("#pending-title"), `Generation ${pending.generation} is pending: ${Math.ceil(left_s)} s left`);
  set_text(band.querySelector(".words"), words_of(pending));
  band.querySelector("progress").value = left_s / longest_s;
}

function words_of(pending) {
  const end = pending.automatic
    ? `confirms itself unless the guard objects; otherwise goes back to generation ${pending.previous}`
    : `goes back to generation ${pending.previous} unless it is confirmed`;
  const stage = `stage ${pending.stage} of ${pending.stages}`;
  const canary = pending.share < 1 ? `; a canary with ${percent(pending.share)} of new flows, ${stage}` : "";
  return `by ${pending.author}${pending.reason ? ` (${pending.reason})` : ""}: ${end}${canary}`;
}

// --- incidents ---

export function show_incidents(incidents) {
  find("#incidents").hidden = incidents.length === 0;
  const newest = [...incidents].sort((a, b) => b.open - a.open || b.number - a.number).slice(0, 10);
  keyed(find("#incidents .list"), newest, (incident) => String(incident.number), make_incident, update_incident);
}

function make_incident(incident) {
  const details = document.createElement("details");
  details.open = incident.open;
  details.append(document.createElement("summary"), document.createElement("dl"), document.createElement("ol"));
  return details;
}

function update_incident(details, incident) {
  const [summary, facts, timeline] = details.children;
  set_class(details, incident.open ? "open" : "");
  const state = `${incident.open ? "open" : "over"} · ${clock(incident.opened_at_s)}`;
  set_text(summary, `${state} · incident ${incident.number}: ${incident.sentence}`);
  keyed(facts, facts_of(incident.culprit ?? {}), (fact) => fact[0], () => {
    const row = document.createElement("div");
    row.append(document.createElement("dt"), document.createElement("dd"));
    return row;
  }, (row, [name, value]) => {
    set_text(row.children[0], name);
    set_text(row.children[1], value);
  });
  const events = (incident.timeline ?? []).map((event, place) => ({ ...event, place }));
  keyed(timeline, events, (event) => String(event.place), list_item, (item, event) =>
    set_text(item, `${clock(event.at_s)}  ${plain(event.what)}: ${event.text}`));
}

function facts_of(culprit) {
  const place = culprit.file ? `${culprit.file}${culprit.line ? `:${culprit.line}` : ""}` : "";
  const author = culprit.author ? ` by ${culprit.author}` : "";
  const change = culprit.generation ? `generation ${culprit.generation}${author}` : "";
  const facts = [["object", culprit.object], ["file", place], ["change", change], ["to type", culprit.command]];
  return facts.filter(([, value]) => value);
}

// --- marks and generations ---

export function show_marks(marks) {
  const newest = marks.slice(-6).reverse();
  keyed(find("#marks"), newest, (mark) => `${mark.at_s} ${mark.generation} ${mark.what}`, list_item, (item, mark) => {
    set_class(item, mark.what === "rolled-back" ? "back" : "");
    set_text(item, `${clock(mark.at_s)}  generation ${mark.generation} ${plain(mark.what)}` +
      ` (${mark.author}${mark.reason ? `: ${mark.reason}` : ""})`);
  });
  find("#traffic h3").hidden = newest.length === 0;
}

export function show_generations(generations) {
  fill(find("#generations table"), generations.slice(-8).reverse().map((generation) => ({
    key: String(generation.number),
    cells: [
      String(generation.number),
      { text: plain(generation.outcome), note: generation.ended_because },
      generation.time.replace("T", " ").replace("Z", " UTC"),
      generation.author,
      generation.reason,
    ],
  })));
}

// --- drops ---

const kOrder = [kConfiguration, "dropped-by-limit", "dropped-by-sender"];

export function show_drops({ drops, time_s }, rates) {
  const rows = drops.map((drop) => {
    const key = `${drop.scope} ${drop.service} ${drop.verdict}`;
    return { ...drop, key, now: rates.rate(key, drop.packets, time_s) };
  });
  rows.sort((a, b) => kOrder.indexOf(a.kind) - kOrder.indexOf(b.kind) || b.packets - a.packets);
  find("#drops .none").hidden = rows.length > 0;
  find("#drops table").hidden = rows.length === 0;
  fill(find("#drops table"), rows.slice(0, kMostRows).map((drop) => ({
    key: drop.key,
    look: drop.now > 0 && drop.kind === kConfiguration ? "bad" : drop.now > 0 ? "" : "over",
    cells: [
      { text: drop.verdict, note: plain(drop.kind), look: "name" },
      drop.scope === "service" ? drop.service : drop.scope === "host" ? "host" : "removed services",
      quantity(drop.now),
      whole(drop.packets),
      drop.help,
    ],
  })));
}

// --- services ---

// The services with their rates, those that lose packets by configuration first.
export function rated_services({ services, time_s }, rates) {
  const rows = services.map((service) => rated_service(service, time_s, rates));
  return rows.sort((a, b) => (b.harm > 0) - (a.harm > 0) || a.name.localeCompare(b.name));
}

function rated_service(service, time_s, rates) {
  const row = { ...service, rate: rates.rate(service.name, service.packets, time_s), lost: 0, harm: 0, mostly: "" };
  let most = 0;
  for (const [verdict, count] of Object.entries(service.verdicts)) {
    const now = rates.rate(`${service.name} ${verdict}`, count.packets, time_s) ?? 0;
    const kind = row.kinds.get(verdict);
    if (!kOrder.includes(kind)) continue;
    row.lost += now;
    if (kind === kConfiguration) row.harm += now;
    if (now > most) [most, row.mostly] = [now, verdict];
  }
  return row;
}

export function show_services(rows, flows) {
  fill(find("#services table"), rows.slice(0, kMostRows).map((service) => ({
    key: service.name,
    look: service.harm > 0 ? "bad" : "",
    cells: [
      { text: service.name, note: service.state === "active" ? undefined : service.state, look: "name" },
      service.endpoint,
      service.pool,
      quantity(service.rate),
      quantity(flows.get(service.name) ?? null),
      { text: quantity(service.rate === null ? null : service.lost), look: service.harm > 0 ? "harm" : "" },
      service.mostly,
    ],
  })));
  show_more("#services", rows.length, "steadfast show services");
}

function show_more(panel, rows, command) {
  const rest = `and ${whole(rows - kMostRows)} more: find narrows them down, ${command} shows all`;
  set_text(find(`${panel} .more`), rows > kMostRows ? rest : "");
}

// --- backends ---

const kIll = ["down", "deaf", "held"];

// Of a service all backends together, also those that are not shown.
const all_of = (service) => `\n${service}`;

export function rated_new_flows({ services, time_s }, rates) {
  const rate = ({ service, new_flows }) => rates.rate(all_of(service), new_flows, time_s);
  return new Map((services ?? []).map((row) => [row.service, rate(row)]));
}

export function rated_backends({ backends, services, time_s }, rates) {
  const sums = new Map((services ?? []).map((row) => [row.service, row.new_flows]));
  const rows = backends.map((backend) => {
    const grown = rates.growth(`${backend.service} ${backend.name}`, backend.new_flows, time_s);
    const all = rates.growth(all_of(backend.service), sums.get(backend.service), time_s);
    const new_rate = grown && grown.more / grown.over_s;
    const share = new_rate !== null && all && all.more >= kFewestFlows ? new_rate / (all.more / all.over_s) : null;
    return { ...backend, new_rate, share, ill: needs_action(backend) };
  });
  return rows.sort((a, b) => b.ill - a.ill || order(a, b));
}

function order(a, b) {
  return a.pool.localeCompare(b.pool) || a.service.localeCompare(b.service) || a.name.localeCompare(b.name);
}

function needs_action({ state, health, next_hop_resolved }) {
  if (state !== "active") return false;
  return !next_hop_resolved || kIll.includes(health?.state);
}

// `all`: so many there are.
export function show_backends(rows, all) {
  const widest = Math.max(0.01, ...rows.slice(0, kMostRows).map((row) => Math.max(row.share ?? 0, row.ring_share)));
  fill(find("#backends table"), rows.slice(0, kMostRows).map((backend) => ({
    key: `${backend.service} ${backend.pool} ${backend.name}`,
    look: backend.ill ? "bad" : backend.state === "active" ? "" : "over",
    cells: [
      { text: backend.name, look: "name" },
      backend.service,
      backend.address,
      health_of(backend),
      { text: percent(backend.share), bar: { fill: (backend.share ?? 0) / widest, line: backend.ring_share / widest } },
      percent(backend.ring_share),
      quantity(backend.flows),
      quantity(backend.new_rate),
      backend.health ? percent(backend.health.completion) : "–",
    ],
  })));
  show_more("#backends", all, "steadfast show backends");
}

function health_of({ state, health, next_hop, next_hop_resolved }) {
  if (!next_hop_resolved && state === "active") return { text: "no next hop", note: next_hop, look: "health" };
  if (!health) return { text: state === "active" ? "not watched" : state, note: "", look: "health" };
  const why = health.fault || health.detail || plain(health.reason ?? "");
  return { text: plain(health.state), note: `${why ? `${why}, ` : ""}for ${duration(health.since_s)}`, look: "health" };
}

// --- the flow table ---

export function show_room({ used, capacity }) {
  set_text(find("#room"), ` · flow table ${quantity(used)} of ${quantity(capacity)} (${percent(used / capacity)})`);
}
