// SPDX-License-Identifier: Apache-2.0
// What holds on either engine for any packet. That the two are one is shown by the
// program `differential` (differential.cc).
#include <gtest/gtest.h>

#include "bpf/tables.h"
#include "datapath.h"
#include "datapath/differential_packets.h"
#include "datapath/differential_scenario.h"
#include "kernel/host_program.h"

namespace steadfast {
namespace {

class Engines : public Datapath {};

TEST_P(Engines, TheSumOfVerdictsIsThePacketsIn) {
  differential::Random random(20260202);
  const differential::Scenario scenario =
      differential::make_scenario(random, differential::make_limits(random), "sum");
  Lab lab(GetParam(), scenario.toml);
  differential::Packets packets(random, lab.model());
  for (int i = 0; i < 5000; ++i) lab.run(packets.next());
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
  sf_scratch scratch{};
  view.sf_scratch = {&scratch, 1};
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
ON_ENGINE(HostEngine, host);

}  // namespace
}  // namespace steadfast
