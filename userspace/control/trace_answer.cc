// SPDX-License-Identifier: Apache-2.0
#include "control/trace_answer.h"

namespace steadfast {
namespace {

void name_service(TraceAnswer& trace, const Running& running, std::uint32_t id) {
  const Service& service = running.model.services[running.tables.service_origin[id].service];
  const sf_service& row = running.tables.services[id];
  trace.service = service.name;
  trace.pool = running.model.pool_of(service).name;
  trace.forward = name(service.forward.value);
  trace.service_place = service.place;
  if (row.active != 0) trace.ring_entries = row.ring_mask + 1;
}

void name_backend(TraceAnswer& trace, const Running& running, std::uint32_t id) {
  const BackendOrigin& origin = running.tables.backend_origin[id];
  const Backend& backend = running.model.pools[origin.pool].backends[origin.backend];
  trace.backend = backend.name;
  trace.backend_address = backend.address->text();
  trace.backend_place = backend.place;
  const auto hop = running.next_hops.find(backend.address.value);
  if (hop != running.next_hops.end()) trace.next_hop = describe(hop->second);
}

}  // namespace

// Ids that the running tables do not name can only come from a table that
// somebody else wrote; they are shown as numbers, never looked up.
TraceAnswer explain(const Frame& in, Answer answer, const Running& running) {
  TraceAnswer trace;
  trace.decision = answer.decision;
  trace.in = in;
  trace.out = std::move(answer.frame);
  trace.file = running.model.file;
  const auto& services = running.tables.service_origin;
  const auto& backends = running.tables.backend_origin;
  const sf_decision& decision = trace.decision;
  if (decision.service < services.size() && services[decision.service].service != SIZE_MAX)
    name_service(trace, running, decision.service);
  if (decision.backend < backends.size() && backends[decision.backend].pool != SIZE_MAX)
    name_backend(trace, running, decision.backend);
  return trace;
}

}  // namespace steadfast
