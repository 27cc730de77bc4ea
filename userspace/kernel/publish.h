// SPDX-License-Identifier: Apache-2.0
// Publisher: takes compiled tables into a free slot and makes them live. Write →
// read back and compare → flip with one swap (kernel/selector.h); a failure before the flip leaves
// the running generation untouched. Rings lie in one arena; a ring that did not
// change since the running generation is shared, not written again.
//
// Works on either engine's memory. Must not enter: libbpf, the journal.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/result.h"
#include "compile/tables.h"
#include "kernel/kernel.h"
#include "kernel/selector.h"

namespace steadfast {

struct PublishTimes {
  double grace_ms = 0;  // waiting until no packet uses the slot to be written
  double write_ms = 0;  // writing and reading back
  double flip_us = 0;   // the store that makes it live, and its fence
};

class Publisher {
 public:
  // Adopts what the memory already runs.
  explicit Publisher(Kernel& kernel);

  // Waits until no packet uses a free slot, writes `tables` into it and compares;
  // the slot, not yet live. The next write() may take the same one. An Error when the
  // tables were sized for less.
  Result<std::uint32_t> write(const Tables& tables, PublishTimes* times = nullptr);
  // Makes a written slot live and confirmed.
  void flip(std::uint32_t slot);
  // Live until the deadline, unless it is confirmed; a share below 1 is a canary.
  void flip_until(std::uint32_t slot, std::uint64_t deadline_ns, double share);
  // Another share of what flip_until() made live, until another deadline; false:
  // packets have gone back meanwhile.
  bool widen(std::uint32_t slot, std::uint64_t deadline_ns, double share);
  // Takes the place of `from`, whose generation was written anew into `slot`.
  bool replace(std::uint32_t from, std::uint32_t slot);
  // write + flip.
  Result<PublishTimes> publish(const Tables& tables);

  // The services of a slot as they were written there; empty: not by this object.
  const std::vector<sf_service>& services_in(std::uint32_t slot) const { return placed_[slot]; }

  Selector& selector() { return selector_; }
  const Selector& selector() const { return selector_; }

  // Empties every flow that names one of `gone` (by id): their rows are absent, so
  // such a flow's next packet would choose again anyway. Afterwards no flow names
  // them, and their ids may be given to others. Waits for packets first.
  Result<void> forget_flows(const std::vector<bool>& gone);

 private:
  struct Extent {
    std::uint32_t line = 0;
    std::uint32_t lines = 0;
  };

  Result<void> fits(const Tables& tables) const;
  std::uint32_t free_slot() const;
  Result<void> grace(std::uint32_t slot);
  bool show(std::uint32_t slot, double share);
  Result<std::vector<sf_service>> place_rings(std::uint32_t slot, const Tables& tables);
  std::uint32_t shared_line(std::uint32_t service, const std::vector<std::uint16_t>& ring) const;
  Result<std::uint32_t> allocate(std::uint32_t lines, const std::vector<Extent>& taken) const;
  bool is_in_arena(const sf_service& row) const;
  std::vector<Extent> extents_of(std::uint32_t slot) const;
  void fill(std::uint32_t slot, const Tables& tables, const std::vector<sf_service>& services);
  Result<void> read_back(std::uint32_t slot, const Tables& tables,
                         const std::vector<sf_service>& services) const;

  Kernel& kernel_;
  Selector selector_;
  // Packets may still be using it: since the last grace period it was live, or
  // might have become so. The timer may put slots on and off duty at any time.
  std::array<bool, SF_SLOTS> needs_grace_{};
  std::array<std::vector<sf_service>, SF_SLOTS> placed_;
};

}  // namespace steadfast
