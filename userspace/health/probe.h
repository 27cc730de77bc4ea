// SPDX-License-Identifier: Apache-2.0
// What a probe found. A path probe takes the packets' own path, encapsulated to
// the VIP of one service; an address probe asks the backend's own address.
//
// Must not enter: how a probe is sent; what follows from it (track.h).
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "health/outcome.h"
#include "health/time.h"

namespace steadfast::health {

enum class Kind { path, address };
std::string_view name(Kind kind);

// Whom a probe asks. A pool serves several VIPs, and a backend may lack just one
// of them, so each service has path probes of its own.
struct Target {
  std::string pool;
  std::string backend;
  Kind kind = Kind::path;
  std::string service;  // of a path probe
  auto operator<=>(const Target&) const = default;
};

struct ProbeResult {
  Outcome outcome = Outcome::passed;
  std::string detail;  // "connection reset by 10.0.2.10"
  Time duration{};
};

}  // namespace steadfast::health
