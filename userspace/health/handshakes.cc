// SPDX-License-Identifier: Apache-2.0
#include "health/handshakes.h"

namespace steadfast::health {

void HandshakeHistory::add(const Handshakes& tick) {
  sums_[at_ % kSize] = sum_;
  ++at_;
  sum_.tries += tick.tries;
  sum_.established += tick.established;
  sums_[at_ % kSize] = sum_;
  ticks_ = std::min(ticks_ + 1, kTicks);
}

}  // namespace steadfast::health
