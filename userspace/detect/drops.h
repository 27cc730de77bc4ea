// SPDX-License-Identifier: Apache-2.0
// Drops: which services lose a share of their packets that they did not lose before.
// Fed once a second with counters that only grow; what the configuration drops and
// what senders bring on themselves rise apart (detect/rise.h).
//
// Must not enter: clocks, the kernel; what an alarm leads to.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "counters/snapshot.h"
#include "detect/rise.h"

namespace steadfast::detect {

enum class Cause { configuration, sender };

struct DropAlarm {
  std::string endpoint;  // "tcp 192.0.2.10:443"
  Cause cause = Cause::configuration;
  sf_verdict verdict{};  // of most of the dropped packets
  double share = 0;      // of the service's packets, since then
  unsigned since_s = 0;  // when it began, as well as it can be told
};

class Drops {
 public:
  // Every service by endpoint, and the host after them. One that is new, or whose
  // counters went back, begins anew.
  void take(const std::map<std::string, VerdictCounts>& services);

  // Packets that belong to no service.
  void take_host(const VerdictCounts& host) { take(host_, host); }

  // The host has no endpoint.
  std::vector<DropAlarm> alarms() const;
  // Those whose drops by configuration have come as far as `threshold`.
  std::vector<DropAlarm> rising(double threshold) const;
  // A change was made now: what rises since then is told apart.
  void mark();
  void unmark();
  std::vector<DropAlarm> risen(double threshold) const;
  // Services whose packets met this verdict in the last second, one would do.
  std::vector<DropAlarm> met(sf_verdict verdict) const;
  // Packets within the last half minute, weighted by their age.
  double recent_packets(const std::string& endpoint) const;
  // Of all services, in the last second.
  std::uint64_t packets() const { return packets_; }

 private:
  using Packets = std::array<std::uint64_t, SF_VERDICT_COUNT>;
  struct Watched {
    VerdictCounts counted{};
    bool known = false;
    Packets fresh{};  // of the last second
    Rise configuration{kConfigurationRise}, sender{kNoiseRise};
    std::array<double, SF_VERDICT_COUNT> rising{};  // of the last half minute, since their rise began
  };

  void take(Watched& service, const VerdictCounts& now);
  static void remember(Watched& service, Cause cause);
  static DropAlarm describe(const std::string& endpoint, const Watched& service, Cause cause);
  static DropAlarm describe_risen(const std::string& endpoint, const Watched& service);

  std::map<std::string, Watched> services_;
  Watched host_;
  std::uint64_t packets_ = 0;
  bool marked_ = false;
};

std::string_view label(sf_verdict verdict);
// Denying is what allow and deny are for: a rise of it is the sender's.
bool is_by(Cause cause, sf_verdict verdict);

}  // namespace steadfast::detect
