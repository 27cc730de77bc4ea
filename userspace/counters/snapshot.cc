// SPDX-License-Identifier: Apache-2.0
#include "counters/snapshot.h"

#include "counters/stripes.h"

namespace steadfast {

VerdictCounts Snapshot::total() const {
  VerdictCounts sum = host;
  sum += retired;
  for (const ServiceSnapshot& service : services) sum += service.verdicts;
  return sum;
}

}  // namespace steadfast
