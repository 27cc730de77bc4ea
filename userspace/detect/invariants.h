// SPDX-License-Identifier: Apache-2.0
// Invariants (T0): what must hold in every second, so that one packet is enough: no
// service without a backend, no table that contradicts another, packets follow the
// generation that they should, every run of the program counted as one verdict.
//
// Must not enter: statistics.
#pragma once

#include <optional>
#include <vector>

#include "detect/drops.h"
#include "detect/second.h"
#include "detect/sign.h"

namespace steadfast::detect {

class Invariants {
 public:
  // What runs is another: its counters may have been zeroed.
  void begin_anew();
  std::vector<Sign> take(const Second& second, const Scene& scene, const Drops& drops);

 private:
  void look_at_packets(const Second& second, const Scene& scene, const Drops& drops,
                       std::vector<Sign>& signs) const;
  void look_at_generation(const Second& second, std::vector<Sign>& signs);
  void look_at_sums(const Second& second, std::vector<Sign>& signs);

  unsigned strayed_s_ = 0;  // packets follow another generation for so long
  std::optional<std::uint64_t> runs_;
  std::uint64_t counted_ = 0;
  double uncounted_ = 0;  // runs without a verdict, of the last seconds
  double recent_runs_ = 0;
  unsigned differ_s_ = 0;
};

}  // namespace steadfast::detect
