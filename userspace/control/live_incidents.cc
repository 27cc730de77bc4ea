// SPDX-License-Identifier: Apache-2.0
// LiveBalancer: the records of incidents, as whoever keeps them tells it.
#include "control/live_balancer.h"

namespace steadfast {

void LiveBalancer::ask_about_incidents(const IncidentWitness* witness) {
  const std::lock_guard guard(mutex_);
  incident_witness_ = witness;
}

const IncidentWitness* LiveBalancer::incident_witness() {
  const std::lock_guard guard(mutex_);
  return incident_witness_;
}

IncidentList LiveBalancer::incidents() {
  const IncidentWitness* knows = incident_witness();
  return knows == nullptr ? IncidentList{} : knows->incidents();
}

Result<incident::Record> LiveBalancer::incident(std::uint64_t number) {
  const IncidentWitness* knows = incident_witness();
  if (knows == nullptr) return Error{"nobody keeps records of incidents here"};
  return knows->incident(number);
}

}  // namespace steadfast
