// SPDX-License-Identifier: Apache-2.0
#include "health/overlay.h"

namespace steadfast::health {

Share Overlay::of(const std::string& pool, const std::string& backend) const {
  const auto found = shares.find({pool, backend});
  return found == shares.end() ? Share{} : found->second;
}

}  // namespace steadfast::health
