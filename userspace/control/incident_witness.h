// SPDX-License-Identifier: Apache-2.0
// IncidentWitness: who keeps the records of incidents and tells others about them, as
// the balancer asks it. A balancer without one knows of none.
//
// Called from any thread; must not ask the balancer anything.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "incident/record.h"
#include "report/answer.h"

namespace steadfast {

struct IncidentList {
  std::vector<incident::Record> incidents;  // the latest first, without their traffic
  std::vector<std::string> damaged;         // sentences about records that cannot be read
};

class IncidentWitness {
 public:
  virtual ~IncidentWitness() = default;
  virtual IncidentList incidents() const = 0;
  virtual Result<incident::Record> incident(std::uint64_t number) const = 0;
  virtual IncidentStatus status() const = 0;
};

}  // namespace steadfast
