// SPDX-License-Identifier: Apache-2.0
#include "report/screen.h"

#include "report/facts.h"
#include "report/quantity.h"
#include "report/table.h"
#include "report/words.h"

namespace steadfast::report {
namespace {

Cell number(std::uint64_t value) { return Cell::number(count(value)); }
Cell alarm(std::uint64_t value) {
  return Cell::number(count(value), value == 0 ? Colour::none : Colour::red);
}

Cell state_cell(const std::string& state) {
  return {state, state == "active" ? Colour::green : state == "drain" ? Colour::yellow : Colour::faint};
}

Cell health_cell(const std::optional<PoolHealth>& health, std::uint64_t PoolHealth::*value) {
  return health ? number(*health.*value) : Cell::number("-");
}

Cell healthy_cell(const std::optional<PoolHealth>& health) {
  if (!health) return Cell::number("-");
  return Cell::number(count(health->healthy), health->healthy < health->active ? Colour::red : Colour::none);
}

Cell floor_cell(const std::optional<PoolHealth>& health) {
  if (!health || !health->on_floor) return "-";
  return {"SF910 held", Colour::red};
}

Colour health_colour(const BackendHealth& health) {
  if (health.state == "up") return health.share < 1 ? Colour::yellow : Colour::green;
  if (health.state == "draining" || health.state == "drained") return Colour::yellow;
  return health.state == "disabled" ? Colour::faint : Colour::red;
}

Cell health_cell(const std::optional<BackendHealth>& health) {
  if (!health) return "-";
  return {health->state + " (" + health->reason + ")", health_colour(*health)};
}

Cell since_cell(const std::optional<BackendHealth>& health) {
  return Cell::number(health ? duration(static_cast<std::uint64_t>(health->since_s)) : "-");
}

Cell probe_cell(const std::optional<BackendHealth>& health) {
  if (!health || health->outcome.empty()) return "-";
  return {health->outcome, health->outcome == "passed" ? Colour::none : Colour::red};
}

std::string flows_left_text(const BackendHealth& health) {
  std::string text = count(*health.flows_left) + " flows left";
  if (health.quiet_in_s.value_or(0) != 0)
    text += ", over in " + std::to_string(*health.quiet_in_s) + " s unless they talk";
  return text;
}

// What an examination found says more than what a probe met.
Cell why_cell(const std::optional<BackendHealth>& health) {
  if (!health) return "-";
  if (health->flows_left) return flows_left_text(*health);
  return or_dash(!health->fault.empty() ? health->fault : health->detail);
}

std::string body(const Table& table, const char* nothing, bool colour) {
  return table.empty() ? std::string(nothing) + "\n" : table.text(colour);
}

Cell where(const Drop& drop) {
  switch (drop.scope) {
    case DropScope::host:
      return "(host)";
    case DropScope::service:
      return drop.service;
    case DropScope::removed:
      return "(removed services)";
  }
  return "";
}

Colour verdict_colour(sf_verdict verdict) {
  if (is_drop(verdict)) return Colour::red;
  return kind(verdict) == SF_KIND_FORWARDED ? Colour::green : Colour::yellow;
}

}  // namespace

std::string services_screen(const ServicesView& view, bool colour) {
  Table table({"SERVICE", "ENDPOINT", "FORWARD", "POOL", "STATE", "RING", "PACKETS", "BYTES", "DROPPED"});
  for (const auto& service : view.services) {
    const Count seen = all(service.verdicts);
    table.add({service.name, service.endpoint, service.forward, service.pool, state_cell(service.state),
               number(service.ring_entries), number(seen.packets), Cell::number(bytes(seen.bytes)),
               alarm(dropped(service.verdicts).packets)});
  }
  return body(table, "no services", colour);
}

std::string pools_screen(const PoolsView& view, bool colour) {
  Table table({"POOL", "SERVICES", "BACKENDS", "ACTIVE", "DRAIN", "DISABLED", "HEALTHY", "SERVING", "NEEDED",
               "FLOOR", "WEIGHT", "FLOWS", "PACKETS", "BYTES"});
  for (const auto& pool : view.pools)
    table.add({pool.name, or_dash(join(pool.services)), number(pool.backends), number(pool.active),
               number(pool.drain), number(pool.disabled), healthy_cell(pool.health),
               health_cell(pool.health, &PoolHealth::serving), health_cell(pool.health, &PoolHealth::needed),
               floor_cell(pool.health), number(pool.weight), number(pool.flows), number(pool.packets),
               Cell::number(bytes(pool.bytes))});
  return body(table, "no pools", colour);
}

std::string backends_screen(const BackendsView& view, bool colour) {
  Table table({"SERVICE", "POOL", "BACKEND", "ADDRESS", "STATE", "WEIGHT", "SHARE", "FLOWS", "NEW",
               "ESTABLISHED", "SYN AGAIN", "PACKETS", "NEXT HOP", "HEALTH", "SINCE", "OF WEIGHT",
               "LAST PROBE", "WHY"});
  for (const auto& backend : view.backends)
    table.add({backend.service,
               backend.pool,
               backend.name,
               backend.address,
               state_cell(backend.state),
               number(backend.weight),
               Cell::number(percent(backend.ring_share)),
               number(backend.flows),
               number(backend.new_flows),
               number(backend.established),
               number(backend.syn_retransmissions),
               number(backend.packets),
               {or_dash(backend.next_hop), backend.next_hop_resolved ? Colour::none : Colour::red},
               health_cell(backend.health),
               since_cell(backend.health),
               Cell::number(backend.health ? percent(backend.health->share) : "-"),
               probe_cell(backend.health),
               why_cell(backend.health)});
  return body(table, "no backends", colour);
}

std::string flows_screen(const FlowsView& view, bool colour) {
  const FlowTableSnapshot& flows = view.table;
  const double fill =
      flows.capacity == 0 ? 0 : static_cast<double>(flows.used()) / static_cast<double>(flows.capacity);
  Facts facts(colour);
  facts.add("flows", count(flows.used()) + " of " + count(flows.capacity) + " (" + percent(fill) + ")");
  facts.add("half open", count(flows.half_open));
  facts.add("established", count(flows.established));
  facts.add("closing", count(flows.closing));
  facts.add("memory", bytes(flows.bytes));
  Table table({"SERVICE", "POOL", "BACKEND", "STATE", "FLOWS"});
  for (const auto& backend : view.backends)
    table.add(
        {backend.service, backend.pool, backend.backend, state_cell(backend.state), number(backend.flows)});
  return facts.text() + "\n" + body(table, "no backends", colour);
}

std::string drops_screen(const DropsView& view, bool colour) {
  Table table({"WHERE", "VERDICT", "KIND", "PACKETS", "BYTES", "MEANING"});
  for (const auto& drop : view.drops) {
    const bool ours = kind(drop.verdict) != SF_KIND_SENDER;
    table.add({where(drop),
               {std::string(label(drop.verdict)), ours ? Colour::red : Colour::none},
               std::string(label(kind(drop.verdict))),
               number(drop.count.packets),
               Cell::number(bytes(drop.count.bytes)),
               std::string(help(drop.verdict))});
  }
  return body(table, "nothing has been dropped", colour);
}

namespace {

constexpr std::string_view kRoles[] = {
#define X(symbol, label, help) help,
    SF_FLOW_ROLES(X)
#undef X
};

sf_verdict verdict_of(const TraceAnswer& answer) { return static_cast<sf_verdict>(answer.decision.verdict); }

std::string at(const std::string& file, Place place) {
  return place ? file + ":" + std::to_string(place.line) : "";
}

bool ring_was_asked(const TraceAnswer& answer) {
  const auto role = answer.decision.role;
  return role == SF_ROLE_NEW || role == SF_ROLE_MIDFLOW || role == SF_ROLE_UNTRACKED;
}

// The line an operator would edit to change the answer: the backend's when one
// was chosen, the service's when the packet got that far.
std::string decided_at(const TraceAnswer& answer) {
  const std::string backend = at(answer.file, answer.backend_place);
  return backend.empty() ? at(answer.file, answer.service_place) : backend;
}

std::string with_place(const std::string& name, const std::string& place) {
  return name.empty() || place.empty() ? name : name + "  (" + place + ")";
}

}  // namespace

std::string trace_screen(const TraceAnswer& answer, bool colour) {
  const sf_verdict verdict = verdict_of(answer);
  Facts facts(colour);
  facts.add("verdict", std::string(label(verdict)) + ": " + std::string(help(verdict)),
            verdict_colour(verdict));
  facts.add("kind", std::string(label(kind(verdict))));
  facts.add("service", with_place(answer.service, at(answer.file, answer.service_place)));
  facts.add("pool", answer.pool);
  facts.add("backend", with_place(answer.backend, at(answer.file, answer.backend_place)));
  facts.add("address", answer.backend_address);
  if (!answer.service.empty()) facts.add("flow", std::string(kRoles[answer.decision.role]));
  if (ring_was_asked(answer))
    facts.add("ring entry",
              std::to_string(answer.decision.ring_entry) + " of " + std::to_string(answer.ring_entries));
  facts.add("encapsulation", answer.backend.empty() ? "" : answer.forward);
  facts.add("next hop", answer.next_hop);
  facts.add("frame", count(answer.in.size()) + " bytes in, " + count(answer.out.size()) + " bytes out");
  facts.add("decided by", decided_at(answer));
  return facts.text();
}

std::string trace_line(const TraceAnswer& answer) {
  std::string line(label(verdict_of(answer)));
  if (!answer.service.empty()) line += "  service " + answer.service;
  if (!answer.backend.empty()) line += "  backend " + answer.backend + " (" + answer.backend_address + ")";
  const std::string place = decided_at(answer);
  return place.empty() ? line : line + "  " + place;
}

}  // namespace steadfast::report
