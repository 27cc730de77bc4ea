// SPDX-License-Identifier: Apache-2.0
// What a rehearsal found: plain values for reports, the API and the CLI.
//
// Must not enter: how it was found (rehearsal/runner.h).
#pragma once

#include <string>
#include <vector>

#include "base/place.h"

namespace steadfast::rehearsal {

// One expectation that did not hold.
struct Mismatch {
  std::string what;      // the key: "max_share", "verdict", "frame"
  std::string expected;  // "at most 12%"
  std::string got;       // "30.1% (backend/messaging/msg-03)"
};

struct TestResult {
  std::string name;
  std::string file;  // of the test; empty for a probe that the balancer made itself
  Place place;
  std::string packet;   // in the words of config/packet_spec.h
  std::string service;  // that answered it; empty when none did
  std::vector<Mismatch> mismatches;
  double took_ms = 0;

  bool passed() const { return mismatches.empty(); }
};

struct TestReport {
  std::vector<TestResult> results;

  std::size_t failed() const {
    std::size_t count = 0;
    for (const TestResult& result : results) count += result.passed() ? 0 : 1;
    return count;
  }
  bool passed() const { return failed() == 0; }
};

}  // namespace steadfast::rehearsal
