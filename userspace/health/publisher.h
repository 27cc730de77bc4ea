// SPDX-License-Identifier: Apache-2.0
// Publisher: when an overlay is worth a generation: the first change at once, the
// next ones together, at least a second apart, and none when nothing changed.
//
// Must not enter: how it is published; whether it is right.
#pragma once

#include <optional>

#include "health/overlay.h"
#include "health/time.h"

namespace steadfast::health {

inline constexpr Time kPublishGap = std::chrono::seconds(1);

class Publisher {
 public:
  // Whether `wanted` should be published now. Asking again before the gap is over is
  // free; an attempt that failed is asked for again after it.
  bool is_due(const Overlay& wanted, Time now) const;
  void attempted(Time now) { attempt_ = now; }
  void published(Overlay overlay) { current_ = std::move(overlay); }
  const Overlay& current() const { return current_; }

 private:
  Overlay current_;
  std::optional<Time> attempt_;
};

}  // namespace steadfast::health
