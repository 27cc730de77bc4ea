// SPDX-License-Identifier: Apache-2.0
// Processors: whether what a service loses is lost on one CPU, beyond what that CPU has
// of its packets. A receive queue, or whatever feeds it, is behind such a thing: the
// configuration is the same on every CPU.
//
// Must not enter: whether anything is lost at all (detect/drops.h).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "detect/drops.h"
#include "detect/second.h"

namespace steadfast::detect {

class Processors {
 public:
  // By endpoint, "" is the host. A service that is new, or whose counters went back, begins anew.
  void take(const CpuCountsOf& services);

  struct Excess {
    std::size_t cpu = 0;
    double dropped_share = 0, packet_share = 0;  // of the service's, 0…1
  };
  // Nothing while chance, or a few clients, would explain it as well.
  std::optional<Excess> excess(const std::string& endpoint, Cause cause) const;

 private:
  // Of the last half minute, weighted by age.
  struct Recent {
    double packets = 0, configuration = 0, sender = 0;
    double dropped(Cause cause) const { return cause == Cause::configuration ? configuration : sender; }
  };
  struct Watched {
    std::vector<CpuCounts> counted;
    std::vector<Recent> recent;
  };
  static void take(Watched& service, const std::vector<CpuCounts>& now);

  std::map<std::string, Watched> services_;
};

}  // namespace steadfast::detect
