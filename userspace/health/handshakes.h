// SPDX-License-Identifier: Apache-2.0
// Handshakes: how often clients tried and how often a client answered the backend, per
// second, with the sums over the last two minutes at hand. The unit is a tick: all
// backends of a pool are counted at the same moments.
//
// A new TCP flow is a try, and so is its second SYN: nearly every handshake of a backend
// that loses SYNs at random completes in the end, only later. Its further SYNs are none:
// one client that hammers would outweigh all others on its backend.
//
// Must not enter: comparison (silence.h); UDP flows, which have no handshake.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

namespace steadfast::health {

struct Handshakes {
  std::uint32_t tries = 0;
  std::uint32_t established = 0;

  // An ACK may answer a SYN of the second before; more than all is all.
  std::uint32_t completed() const { return std::min(established, tries); }
  std::uint32_t failed() const { return tries - completed(); }
  double share() const { return tries == 0 ? 1 : static_cast<double>(completed()) / tries; }
  Handshakes operator-(const Handshakes& other) const {
    return {tries - other.tries, established - other.established};
  }
};

class HandshakeHistory {
 public:
  static constexpr unsigned kTicks = 120;

  void add(const Handshakes& tick);
  // What was before says nothing about from now on.
  void forget() { ticks_ = 0; }
  unsigned ticks() const { return ticks_; }
  // The sum of the last ticks, up to ticks().
  Handshakes last(unsigned ticks) const { return sum_ - sums_[(at_ - ticks) % kSize]; }

 private:
  static constexpr unsigned kSize = 128;  // a power of two above kTicks: `at_` wraps

  std::array<Handshakes, kSize> sums_{};  // from the beginning up to each tick, modulo 2^32
  Handshakes sum_;
  unsigned at_ = 0, ticks_ = 0;
};

}  // namespace steadfast::health
