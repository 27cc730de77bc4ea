// SPDX-License-Identifier: Apache-2.0
#include "health/publisher.h"

namespace steadfast::health {

bool Publisher::is_due(const Overlay& wanted, Time now) const {
  return (!attempt_ || now - *attempt_ >= kPublishGap) && !(wanted == current_);
}

}  // namespace steadfast::health
