// SPDX-License-Identifier: Apache-2.0
// The language of *.test.toml: packets, and what is expected of them. Strict as
// the configuration: an unknown key or an empty value is a finding.
//
//   [[test]]
//   name = "losing a rack"
//   against = "running"                      # for max_moved and max_dropped
//   given = { down = ["msg-01", "web/web-02", "rack=r2", "zone=z1"] }
//   packet = "tcp 203.0.113.7:* > 192.0.2.10:443 syn"     # * = every source port
//   expect = { verdict = "forwarded", pool = "messaging", max_share = "20%" }
//
// An entry of `down` is a backend's name (in every pool), "pool/name", or
// "label=value".
//
// Must not enter: playing them (rehearsal/runner.h), I/O.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/finding.h"
#include "config/packet_spec.h"

namespace steadfast::rehearsal {

// A test file as it is sent and kept.
struct TestText {
  std::string file;
  std::string text;
};

struct Expectation {
  std::optional<config::Text> verdict, service, pool, backend, not_backend, state, not_state, forward;
  std::optional<config::Percent> max_share;     // of any backend
  std::optional<config::Percent> min_share;     // of every backend that gets new flows
  std::optional<config::Percent> max_moved;     // with against = "running"
  std::optional<config::Percent> max_dropped;   // with against = "running"
  std::optional<config::Integer> min_backends;  // that get new flows
  std::vector<config::Text> addresses;          // exactly these get new flows
  std::optional<config::Text> outer_source;     // address or prefix that the outer source stands in
};

struct Test {
  Place place;
  std::string name;
  PacketSpec packet;
  Place packet_place;
  std::string packet_text;
  std::vector<config::Text> down;
  bool against_running = false;
  Expectation expect;
};

struct TestFile {
  std::string file;
  std::vector<Test> tests;
};

// Everything that could be read; usable only when `findings` got no error.
TestFile parse_tests(std::string text, std::string file, Findings& findings);

}  // namespace steadfast::rehearsal
