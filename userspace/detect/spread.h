// SPDX-License-Identifier: Apache-2.0
// Spread (T4): whether new flows of each service went where its ring sends them, over
// windows of ten seconds (detect/shares.h). Two windows in a row must agree, and one in
// which the ring, or the health of a backend, has changed says nothing.
//
// Must not enter: services that are not spread by all five fields.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "detect/second.h"
#include "detect/sign.h"

namespace steadfast::detect {

class Spread {
 public:
  static constexpr double kWindow_s = 10;

  // What runs is another: what was counted does not compare.
  void begin_anew();
  std::vector<Sign> take(const Second& second, const Scene& scene);

 private:
  struct Seen {
    std::size_t worst = 0;
    unsigned windows = 0;
    Sign sign;
  };

  void look_at(const SceneService& service, const std::string& endpoint, const Second& second,
               const Scene& scene);

  std::vector<std::uint64_t> counted_;  // at the beginning of the window
  double began_s_ = 0;
  std::map<std::string, Seen> seen_;  // by endpoint, those that differed in the last window
};

}  // namespace steadfast::detect
