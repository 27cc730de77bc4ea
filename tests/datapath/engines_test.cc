// SPDX-License-Identifier: Apache-2.0
// The two engines are one: same packet, same verdict, same bytes, same counters,
// over generated packets that are mostly nearly right.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "bpf/tables.h"
#include "counters/stripes.h"
#include "datapath.h"
#include "kernel/host_program.h"

namespace steadfast {
namespace {

// CI's share; STEADFAST_DIFFERENTIAL_PACKETS asks for more.
std::uint64_t packets_to_try() {
  const char* asked = std::getenv("STEADFAST_DIFFERENTIAL_PACKETS");
  return asked != nullptr ? std::strtoull(asked, nullptr, 10) : 100000;
}

const char* const kVips[] = {"192.0.2.10", "192.0.2.11", "2001:db8::10"};
const char* const kForwards[] = {"l2", "ipip", "gue"};

// Every mode, both families, several sizes of pool, one drained backend.
std::string every_mode() {
  std::string toml;
  for (int i = 0; i < 9; ++i) {
    const std::string n = std::to_string(i);
    const bool v6 = std::string(kVips[i / 3]).find(':') != std::string::npos;
    const bool v6_backend = i % 3 == 0 ? v6 : i % 2 == 1;
    toml += "[[service]]\nname = \"s" + n + "\"\nvip = \"" + kVips[i / 3] + "\"\nprotocol = \"" +
            (i % 2 == 0 ? "tcp" : "udp") + "\"\nport = " + std::to_string(80 + i) + "\nforward = \"" +
            kForwards[i % 3] + "\"\npool = \"p" + n + "\"\n";
    toml += "[[pool]]\nname = \"p" + n + "\"\n";
    for (int b = 1; b <= 1 + i % 4; ++b)
      toml += "[[pool.backend]]\nname = \"b" + std::to_string(b) + "\"\naddress = \"" +
              (v6_backend ? "2001:db8:2:" + n + "::" : "10.0." + n + ".") + std::to_string(b) +
              "\"\nweight = " + std::to_string(50 * b) + (b == 3 ? "\nstate = \"drain\"\n" : "\n");
  }
  return lab_config(toml, "198.51.100.0/24");
}

class PacketSource {
 public:
  explicit PacketSource(std::uint32_t seed) : random_(seed) {}

  Frame next() {
    Frame frame = build_frame(packet());
    if (random_() % 3 == 0) damage(frame);
    return frame;
  }

 private:
  Packet packet() {
    const char* vip = random_() % 8 == 0 ? "192.0.2.200" : kVips[random_() % 3];
    Packet packet;
    packet.destination = ip(vip);
    packet.source = ip(packet.destination.is_v4() ? "203.0.113.7" : "2001:db8:c::7");
    packet.source_port = static_cast<std::uint16_t>(1 + random_() % 3000);
    packet.destination_port = static_cast<std::uint16_t>(79 + random_() % 11);
    packet.protocol = random_() % 2 == 0 ? 6 : 17;
    packet.syn = random_() % 3 == 0;
    packet.ack = random_() % 2 == 0;
    packet.fin = random_() % 16 == 0;
    packet.rst = random_() % 32 == 0;
    packet.tos = static_cast<std::uint8_t>(random_());
    packet.payload_bytes =
        static_cast<std::uint16_t>(random_() % 16 == 0 ? 1420 + random_() % 60 : random_() % 64);
    return packet;
  }

  // One to three bytes of the headers changed, or the frame cut short.
  void damage(Frame& frame) {
    if (random_() % 4 == 0) {
      frame.resize(14 + random_() % (frame.size() - 14));
      return;
    }
    const std::size_t headers = std::min<std::size_t>(frame.size(), 74);
    for (std::uint32_t i = 0; i < 1 + random_() % 3; ++i) {
      const std::size_t at = 12 + random_() % (headers - 12);
      frame[at] =
          static_cast<std::uint8_t>(random_() % 2 == 0 ? frame[at] ^ (1u << random_() % 8) : random_());
    }
  }

  std::mt19937 random_;
};

class Engines : public Datapath {};

// Needs both engines, so it is instantiated where the kernel's is required.
class BothEngines : public Datapath {};

TEST_P(BothEngines, AgreeOnVerdictBytesAndCounters) {
  Lab kernel(Engine::kernel, every_mode());
  Lab host(Engine::host, every_mode());
  PacketSource source(20260201);
  const std::uint64_t count = packets_to_try();
  for (std::uint64_t i = 0; i < count; ++i) {
    const Frame frame = source.next();
    host.memory().selector->clock_s = kernel.memory().selector->clock_s;
    const Answer a = kernel.run(frame);
    const Answer b = host.run(frame);
    ASSERT_EQ(a.decision.verdict, b.decision.verdict) << "packet " << i;
    ASSERT_EQ(a.decision.backend, b.decision.backend) << "packet " << i;
    ASSERT_EQ(a.decision.role, b.decision.role) << "packet " << i;
    ASSERT_EQ(a.frame, b.frame) << "packet " << i;
  }
  EXPECT_EQ(kernel.all_packets(), count);
  for (std::uint32_t id = 0; id < kernel.memory().capacity.services; ++id) {
    const VerdictCounts a = service_counts(kernel.memory(), id);
    const VerdictCounts b = service_counts(host.memory(), id);
    for (std::uint32_t verdict = 0; verdict < SF_VERDICT_COUNT; ++verdict) {
      EXPECT_EQ(a[verdict].packets, b[verdict].packets) << "service id " << id << ", verdict " << verdict;
      EXPECT_EQ(a[verdict].bytes, b[verdict].bytes) << "service id " << id << ", verdict " << verdict;
    }
  }
  for (std::uint32_t id = 1; id < kernel.tables().backends.size(); ++id) {
    const sf_backend_count a = backend_counts(kernel.memory(), id);
    const sf_backend_count b = backend_counts(host.memory(), id);
    EXPECT_EQ(std::memcmp(&a, &b, sizeof a), 0) << "backend id " << id;
  }
}

TEST_P(Engines, TheSumOfVerdictsIsThePacketsIn) {
  Lab lab(GetParam(), every_mode());
  PacketSource source(20260202);
  for (int i = 0; i < 5000; ++i) lab.run(source.next());
  EXPECT_EQ(lab.all_packets(), 5000u);
}

// BPF_PROG_TEST_RUN always gives 256 bytes of headroom.
class HostEngine : public Datapath {};

TEST_P(HostEngine, CountsAFrameWithoutHeadroomAsNoRoom) {
  Lab lab(GetParam(), lab_config(kTwoBackends));
  Frame frame = build_frame(syn(tcp("203.0.113.7", 1, "192.0.2.10")));
  sf_host_memory view{};
  view.capacity = lab.memory().capacity;
  Memory& memory = lab.memory();
  view.sf_control = {reinterpret_cast<sf_control*>(memory.selector), 1};
  view.sf_dry = {memory.dry, 1};
  view.sf_index = {memory.index.data(), static_cast<__u32>(memory.index.size())};
  view.sf_services = {memory.services.data(), static_cast<__u32>(memory.services.size())};
  view.sf_backends = {memory.backends.data(), static_cast<__u32>(memory.backends.size())};
  view.sf_rings = {memory.rings.data(), static_cast<__u32>(memory.rings.size())};
  view.sf_flows = {memory.flows.data(), static_cast<__u32>(memory.flows.size())};
  view.sf_counts = {memory.counts.data(), static_cast<__u32>(memory.counts.size())};
  view.sf_bcounts = {memory.backend_counts.data(), static_cast<__u32>(memory.backend_counts.size())};
  sf_host_frame tight{frame.data(), frame.data() + frame.size(), frame.data()};
  sf_decision decision{};
  sf_host_run(&view, &tight, SF_NO_SLOT, 0, &decision);
  EXPECT_EQ(decision.verdict, static_cast<std::uint32_t>(SF_NO_ROOM));
}

ON_BOTH_ENGINES(Engines);
ON_ENGINE(BothEngines, kernel);
ON_ENGINE(HostEngine, host);

}  // namespace
}  // namespace steadfast
