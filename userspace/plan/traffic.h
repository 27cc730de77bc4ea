// SPDX-License-Identifier: Apache-2.0
// Traffic: what the services carried lately, as a plan weighs its shares with.
// counters/recorder.h fills it in from live counters; a plan made without a
// daemon has none, and says so.
//
// Must not enter: counters, clocks.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace steadfast {

// Traffic older than this does not make a service a live one.
inline constexpr double kLately_s = 15 * 60;

struct ServiceTraffic {
  double packets_per_s = 0;          // over the last seconds
  double new_flows_per_s = 0;        // over the last seconds
  std::uint64_t packets_lately = 0;  // within kLately_s, or since the counters began if that is less
  double peak_packets_per_s = 0;     // highest since the daemon started
  double peak_new_flows_per_s = 0;
};

struct Traffic {
  bool known = false;                              // false: nobody counted, which is not the same as silence
  std::map<std::string, ServiceTraffic> services;  // by Service::endpoint()

  // Of one service; all zero when it was not counted.
  ServiceTraffic of(const std::string& endpoint) const {
    const auto found = services.find(endpoint);
    return found == services.end() ? ServiceTraffic{} : found->second;
  }
};

}  // namespace steadfast
