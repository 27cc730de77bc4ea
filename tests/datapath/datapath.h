// SPDX-License-Identifier: Apache-2.0
// Fixture of the datapath tests: each runs once per engine.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "support/lab.h"
#include "support/replaced.h"

namespace steadfast {

class Datapath : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override {
    std::string why;
    if (GetParam() == Engine::host || bpf_available(&why)) return;
    const char* required = std::getenv("STEADFAST_REQUIRE_BPF");
    if (required != nullptr && std::string(required) == "1") FAIL() << "BPF is required here: " << why;
    GTEST_SKIP() << why;
  }
};

inline std::string engine_name(const testing::TestParamInfo<Engine>& info) {
  return info.param == Engine::host ? "host" : "kernel";
}

#define ON_BOTH_ENGINES(Fixture) \
  INSTANTIATE_TEST_SUITE_P(Engines, Fixture, testing::Values(Engine::host, Engine::kernel), engine_name)

inline Address ip(const char* text) { return *Address::parse(text); }

// For what only one engine can show.
#define ON_ENGINE(Fixture, which) \
  INSTANTIATE_TEST_SUITE_P(Engines, Fixture, testing::Values(Engine::which), engine_name)

// A TCP packet of one client towards a VIP.
inline Packet tcp(const char* source, std::uint16_t port, const char* vip, std::uint16_t vip_port = 80) {
  Packet packet;
  packet.source = ip(source);
  packet.source_port = port;
  packet.destination = ip(vip);
  packet.destination_port = vip_port;
  return packet;
}
inline Packet syn(Packet packet) {
  packet.syn = true;
  return packet;
}
inline Packet ack(Packet packet) {
  packet.ack = true;
  return packet;
}
inline Packet fin(Packet packet) {
  packet.fin = packet.ack = true;
  return packet;
}
inline Packet udp(Packet packet) {
  packet.protocol = 17;
  return packet;
}

// Returns at the beginning of a second, so that what follows happens within it.
// On the host engine no timer writes the clock.
inline void begin_second(Lab& lab) {
  if (lab.kernel().engine() == "host") return;
  const volatile __u32& clock_s = lab.memory().selector->clock_s;
  const __u32 before = clock_s;
  while (clock_s == before) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

inline const std::string kTwoBackends = R"(
[[service]]
name = "web"
vip = "192.0.2.10"
protocol = "tcp"
port = 80
forward = "ipip"
pool = "web"
[[service]]
name = "dns"
vip = "192.0.2.10"
protocol = "udp"
port = 53
forward = "gue"
pool = "dns"
[[pool]]
name = "web"
[[pool.backend]]
name = "web-01"
address = "10.0.2.11"
weight = 100
[[pool.backend]]
name = "web-02"
address = "10.0.2.12"
weight = 100
[[pool]]
name = "dns"
[[pool.backend]]
name = "dns-01"
address = "10.0.3.11"
weight = 100
)";

}  // namespace steadfast
