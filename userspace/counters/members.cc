// SPDX-License-Identifier: Apache-2.0
#include "counters/members.h"

#include "counters/stripes.h"

namespace steadfast {
namespace {

// Where the counts of a pool's backends begin in the list of all.
std::vector<std::size_t> places_of(const Model& model, std::vector<MemberCounts>& counts) {
  std::vector<std::size_t> places;
  for (const Pool& pool : model.pools) {
    places.push_back(counts.size());
    for (const Backend& backend : pool.backends) counts.push_back({pool.name, backend.name, {}, {}});
  }
  return places;
}

void add(const BackendCounts& counts, health::HandshakeTotals& totals) {
  totals.tries += counts.new_flows + counts.retried;
  totals.established += counts.established;
}

void add(const health::FlowsLeft& of_one_service, health::FlowsLeft& all) {
  all.flows += of_one_service.flows;
  all.quiet_in_s = std::max(all.quiet_in_s, of_one_service.quiet_in_s);
}

}  // namespace

std::vector<MemberCounts> count_members(const Memory& memory, const Running& running, bool with_flows) {
  std::vector<MemberCounts> counts;
  const std::vector<std::size_t> places = places_of(running.model, counts);
  const auto flows = with_flows ? flows_left(memory) : std::vector<health::FlowsLeft>();
  if (with_flows)
    for (MemberCounts& member : counts) member.flows.emplace();
  const auto& origins = running.tables.backend_origin;
  for (std::uint32_t id = 1; id < origins.size(); ++id) {
    if (origins[id].service == SIZE_MAX) continue;
    const Service& service = running.model.services[origins[id].service];
    MemberCounts& member = counts[places[service.pool] + origins[id].backend];
    if (service.protocol == Protocol::tcp) add(backend_counts(memory, id), member.handshakes);
    if (with_flows) add(flows[id], *member.flows);
  }
  return counts;
}

}  // namespace steadfast
