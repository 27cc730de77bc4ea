// SPDX-License-Identifier: Apache-2.0
#include "counters/members.h"

#include <algorithm>

namespace steadfast {
namespace {

// Where the counts of each pool's backends begin, and how many there are in all.
std::pair<std::vector<std::size_t>, std::size_t> places_of(const Model& model) {
  std::vector<std::size_t> places;
  std::size_t all = 0;
  for (const Pool& pool : model.pools) {
    places.push_back(all);
    all += pool.backends.size();
  }
  return {std::move(places), all};
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

std::vector<MemberCounts> count_members(const Reading& reading, const Running& running,
                                        const std::vector<health::FlowsLeft>* flows) {
  const auto [places, all] = places_of(running.model);
  std::vector<MemberCounts> counts(all);
  if (flows != nullptr)
    for (MemberCounts& member : counts) member.flows.emplace();
  const auto& origins = running.tables.backend_origin;
  for (std::uint32_t id = 1; id < origins.size(); ++id) {
    if (origins[id].service == SIZE_MAX) continue;
    const Service& service = running.model.services[origins[id].service];
    MemberCounts& member = counts[places[service.pool] + origins[id].backend];
    if (service.protocol == Protocol::tcp) add(reading.backends[id], member.handshakes);
    if (flows != nullptr) add((*flows)[id], *member.flows);
  }
  return counts;
}

}  // namespace steadfast
