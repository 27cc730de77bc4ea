// SPDX-License-Identifier: Apache-2.0
// A configuration of three racks, and tests played on it in a few words.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "rehearsal/engine_stage.h"
#include "rehearsal/runner.h"
#include "support/lab.h"

namespace steadfast::rehearsal {

inline const std::string kEdge = R"(
[[service]]
name = "web"
vip = "192.0.2.10"
protocol = "tcp"
port = 443
forward = "ipip"
pool = "web"
[[service]]
name = "dns"
vip = "2001:db8:1::53"
protocol = "udp"
port = 53
forward = "l2"
pool = "dns"
[[service]]
name = "later"
vip = "192.0.2.99"
protocol = "tcp"
port = 80
forward = "ipip"
pool = "web"
state = "parked"
[[pool]]
name = "web"
[[pool.backend]]
name = "web-01"
address = "10.0.2.11"
weight = 100
labels = { rack = "r1" }
[[pool.backend]]
name = "web-02"
address = "10.0.2.12"
weight = 100
labels = { rack = "r2" }
[[pool.backend]]
name = "web-03"
address = "10.0.2.13"
weight = 200
labels = { rack = "r2" }
[[pool.backend]]
name = "web-04"
address = "10.0.2.14"
weight = 100
state = "drain"
labels = { rack = "r3" }
[[pool]]
name = "dns"
[[pool.backend]]
name = "dns-01"
address = "2001:db8:2::11"
weight = 1
[[pool.backend]]
name = "dns-02"
address = "2001:db8:2::12"
weight = 1
)";

inline Model edge() { return model_of(lab_config(kEdge)); }

inline constexpr char kWeb[] = "tcp 203.0.113.7:* > 192.0.2.10:443 syn";
inline constexpr char kDns[] = "udp [2001:db8:ffff::7]:* > [2001:db8:1::53]:53";

// `keys` are lines above `expect`.
inline std::string test_text(const std::string& packet, const std::string& expect,
                             const std::string& keys = {}) {
  return "[[test]]\nname = \"a test\"\n" + keys + "packet = \"" + packet + "\"\nexpect = { " + expect +
         " }\n";
}

inline TestFile tests_of(const std::string& text) {
  Findings findings;
  TestFile file = parse_tests(text, "lab.test.toml", findings);
  for (const Finding& finding : findings) ADD_FAILURE() << finding.code << " " << finding.message;
  return file;
}

inline TestReport played(const std::string& text, const Model& model, const Running& running = {}) {
  EngineStage stage(open_host_engine);
  auto report = play({tests_of(text)}, model, running, stage);
  EXPECT_TRUE(report.has_value()) << report.error().what;
  return report ? std::move(*report) : TestReport{};
}

// The mismatches of one test, a line each; empty when it passed.
inline std::string mismatches(const TestResult& result) {
  std::string text;
  for (const Mismatch& mismatch : result.mismatches)
    text += mismatch.what + ": expected " + mismatch.expected + ", got " + mismatch.got + "\n";
  return text;
}

inline std::string judged(const std::string& packet, const std::string& expect, const std::string& keys = {},
                          const Model& model = edge(), const Running& running = {}) {
  const TestReport report = played(test_text(packet, expect, keys), model, running);
  return report.results.size() == 1 ? mismatches(report.results.front()) : "not one result";
}

}  // namespace steadfast::rehearsal
