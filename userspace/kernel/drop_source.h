// SPDX-License-Identifier: Apache-2.0
// DropSource: dropped packets while they happen, as the program samples them. The
// real one is the program's ring (kernel/drop_ring.h); tests give their own.
//
// Must not enter: who listens (control/drop_feed.h), libbpf types.
#pragma once

#include <functional>

#include "base/result.h"
#include "bpf/abi.h"

namespace steadfast {

// Drops that nobody will see, since this source began.
struct MissedDrops {
  std::uint64_t beyond = 0;  // more of one verdict in a second than is sampled
  std::uint64_t lost = 0;    // the reader was too slow
  std::uint64_t all() const { return beyond + lost; }
};

class DropSource {
 public:
  virtual ~DropSource() = default;
  // The program samples for a few seconds from now, unless this is called again.
  virtual void renew() = 0;
  // It does not sample any more.
  virtual void end() = 0;
  // Waits that long at most; `take` is called for each drop that has come.
  virtual Result<void> wait(int patience_ms, const std::function<void(const sf_sample&)>& take) = 0;
  virtual MissedDrops missed() const = 0;
};

}  // namespace steadfast
