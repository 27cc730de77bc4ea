// SPDX-License-Identifier: Apache-2.0
// What outlives the daemon: pins, links, tables and flows; and what does not.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>
#include <sched.h>
#include <unistd.h>

#include <filesystem>

#include "datapath.h"
#include "kernel/route.h"

namespace steadfast {
namespace {

namespace fs = std::filesystem;

// Each test has a network namespace of its own, left behind with its thread, and
// a pin directory named after the process.
class Pinned : public Datapath {
 protected:
  void SetUp() override {
    Datapath::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ASSERT_EQ(unshare(CLONE_NEWNET), 0) << "a namespace of the test's own";
    ip_tool("link add eth0 type veth peer name far0");
    ip_tool("link set eth0 up");
    ip_tool("link set far0 up");
    pins_ = "/sys/fs/bpf/steadfast-test-" + std::to_string(getpid());
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(pins_, ignored);
  }

  static void ip_tool(const std::string& arguments) {
    ASSERT_EQ(std::system(("ip " + arguments).c_str()), 0) << arguments;
  }
  static std::string capacity_toml(const std::string& flows) {
    std::string toml = lab_config(kTwoBackends);
    return toml.replace(toml.find("\"4K\""), 4, flows);
  }
  std::unique_ptr<BpfKernel> open(const Model& model) {
    auto opened = BpfKernel::open({pins_, capacity_for(model.limits, 0)});
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().what);
    return std::move(*opened);
  }
  static void publish(BpfKernel& kernel, const Model& model, Identities& identities) {
    auto tables = compile(model, 1, identities, hops_for(model));
    ASSERT_TRUE(tables);
    Publisher publisher(kernel);
    ASSERT_TRUE(publisher.publish(*tables));
  }
  static Frame web_syn() { return build_frame(syn(tcp("203.0.113.7", 1, "192.0.2.10"))); }

  std::string pins_;
};

TEST_P(Pinned, TablesAndFlowsAreAdoptedByTheNextDaemon) {
  const Model model = model_of(lab_config(kTwoBackends));
  Identities identities(model.limits);
  std::uint32_t chosen = 0;
  {
    auto first = open(model);
    EXPECT_FALSE(first->adopted());
    publish(*first, model, identities);
    chosen = first->run(web_syn())->decision.backend;
  }
  auto second = open(model);
  EXPECT_TRUE(second->adopted());
  const auto answer = second->run(build_frame(ack(tcp("203.0.113.7", 1, "192.0.2.10"))));
  EXPECT_EQ(answer->decision.role, static_cast<std::uint32_t>(SF_ROLE_HIT));
  EXPECT_EQ(answer->decision.backend, chosen);
}

TEST_P(Pinned, TablesOfAnotherSizeAreNotAdopted) {
  { auto first = open(model_of(capacity_toml("\"4K\""))); }
  auto second = open(model_of(capacity_toml("\"8K\"")));
  EXPECT_FALSE(second->adopted());
  EXPECT_EQ(live_slot(second->memory()), SF_NO_SLOT);
}

TEST_P(Pinned, TheClockTicksWithoutADaemon) {
  const Model model = model_of(lab_config(kTwoBackends));
  std::uint64_t before = 0;
  {
    auto first = open(model);
    before = first->memory().selector->ticks;
  }
  auto second = open(model);
  const volatile __u64& ticks = second->memory().selector->ticks;
  for (int spins = 0; ticks <= before + 2 && spins < 10000; ++spins) usleep(1000);
  EXPECT_GT(ticks, before + 2);
  EXPECT_GT(second->memory().selector->clock_s, 0u);
}

bool has_program(const std::string& interface) {
  LIBBPF_OPTS(bpf_xdp_query_opts, query);
  return bpf_xdp_query(static_cast<int>(if_nametoindex(interface.c_str())), 0, &query) == 0 &&
         query.prog_id != 0;
}

TEST_P(Pinned, TheProgramStaysAttachedWhenTheDaemonGoes) {
  const Model model = model_of(lab_config(kTwoBackends));
  {
    auto first = open(model);
    ASSERT_TRUE(first->attach({"eth0"}, XdpMode::native));
  }
  EXPECT_TRUE(has_program("eth0"));
  auto second = open(model);
  ASSERT_TRUE(second->attach({"eth0"}, XdpMode::native));
  ASSERT_TRUE(second->detach());
  EXPECT_FALSE(has_program("eth0"));
  EXPECT_FALSE(fs::exists(pins_));
}

TEST_P(Pinned, AnInterfaceThatIsNotNamedAnyMoreIsLetGo) {
  const Model model = model_of(lab_config(kTwoBackends));
  auto kernel = open(model);
  ASSERT_TRUE(kernel->attach({"eth0", "far0"}, XdpMode::native));
  ASSERT_TRUE(kernel->release_others({"eth0"}));
  EXPECT_TRUE(has_program("eth0"));
  EXPECT_FALSE(has_program("far0"));
}

// bpffs refuses names with dots; VLAN interfaces have them.
TEST_P(Pinned, AnInterfaceWithADotInItsNameIsAttachedAndLetGo) {
  ip_tool("link add eth0.7 type veth peer name far7");
  ip_tool("link set eth0.7 up");
  const Model model = model_of(lab_config(kTwoBackends));
  {
    auto first = open(model);
    ASSERT_TRUE(first->attach({"eth0.7"}, XdpMode::native));
  }
  auto second = open(model);
  ASSERT_TRUE(second->attach({"eth0.7"}, XdpMode::native));
  ASSERT_TRUE(second->release_others({}));
  EXPECT_FALSE(has_program("eth0.7"));
}

TEST_P(Pinned, TheModeCanChange) {
  auto kernel = open(model_of(lab_config(kTwoBackends)));
  ASSERT_TRUE(kernel->attach({"eth0"}, XdpMode::native));
  ASSERT_TRUE(kernel->attach({"eth0"}, XdpMode::generic));
  LIBBPF_OPTS(bpf_xdp_query_opts, query);
  ASSERT_EQ(bpf_xdp_query(static_cast<int>(if_nametoindex("eth0")), 0, &query), 0);
  EXPECT_NE(query.skb_prog_id, 0u);
}

TEST_P(Pinned, AnInterfaceThatDoesNotExistIsAnErrorThatNamesIt) {
  auto kernel = open(model_of(lab_config(kTwoBackends)));
  const auto attached = kernel->attach({"nowhere0"}, XdpMode::native);
  ASSERT_FALSE(attached);
  EXPECT_NE(attached.error().what.find("nowhere0"), std::string::npos);
}

TEST_P(Pinned, AProgramOfSomebodyElseIsNotReplaced) {
  auto ours = open(model_of(lab_config(kTwoBackends)));
  auto theirs = BpfKernel::open({"", capacity_for({{1}, {1}, {64}}, 0)});
  ASSERT_TRUE(theirs);
  ASSERT_TRUE((*theirs)->attach({"eth0"}, XdpMode::native));
  EXPECT_FALSE(ours->attach({"eth0"}, XdpMode::native));
}

// How many there may be: tests/kernels/bounds.h.
// The law of sums, with somebody else's word for what came in.
TEST_P(Pinned, TheKernelsOwnCountOfRunsIsTheSumOfVerdicts) {
  const int counting = bpf_enable_stats(BPF_STATS_RUN_TIME);
  ASSERT_GE(counting, 0);
  Lab lab(Engine::kernel, lab_config(kTwoBackends));
  const std::uint64_t runs = lab.kernel().stats()->runs, packets = lab.all_packets();
  for (std::size_t bytes = 14; bytes <= 54; ++bytes) {
    Frame frame = build_frame(syn(tcp("203.0.113.7", 40000, bytes % 2 == 0 ? "192.0.2.10" : "192.0.2.11")));
    frame.resize(bytes);
    lab.run(frame);
  }
  EXPECT_EQ(lab.kernel().stats()->runs - runs, 41U);
  EXPECT_EQ(lab.all_packets() - packets, 41U);
  close(counting);
}

TEST_P(Pinned, StatsSayHowManyInstructionsWereVerified) {
  auto kernel = open(model_of(lab_config(kTwoBackends)));
  const auto stats = kernel->stats();
  ASSERT_TRUE(stats);
  EXPECT_GT(stats->verified_instructions, 0u);
}

class NextHopsOfTheHost : public Pinned {
 protected:
  NextHop hop(const char* address) {
    auto hops = resolve_next_hops({ip(address)});
    EXPECT_TRUE(hops);
    return hops->begin()->second;
  }
};

TEST_P(NextHopsOfTheHost, OnLinkBackendsAreReachedDirectly) {
  ip_tool("addr add 10.0.2.1/24 dev eth0");
  ip_tool("neigh add 10.0.2.11 lladdr 02:00:00:00:00:11 dev eth0");
  const NextHop found = hop("10.0.2.11");
  EXPECT_TRUE(found.resolved()) << found.problem;
  EXPECT_TRUE(found.on_link);
  EXPECT_EQ(found.destination.text(), "02:00:00:00:00:11");
  EXPECT_EQ(found.interface, "eth0");
  EXPECT_EQ(found.mtu, 1500);
}

TEST_P(NextHopsOfTheHost, OthersAreReachedThroughTheirGateway) {
  ip_tool("addr add 10.0.2.1/24 dev eth0");
  ip_tool("route add 10.0.3.0/24 via 10.0.2.254 mtu 1400");
  ip_tool("neigh add 10.0.2.254 lladdr 02:00:00:00:00:fe dev eth0");
  const NextHop found = hop("10.0.3.7");
  EXPECT_EQ(found.destination.text(), "02:00:00:00:00:fe");
  EXPECT_FALSE(found.on_link);
  EXPECT_EQ(found.mtu, 1400);
}

TEST_P(NextHopsOfTheHost, Ipv6Works) {
  ip_tool("-6 addr add 2001:db8:2::1/64 dev eth0 nodad");
  ip_tool("-6 neigh add 2001:db8:2::11 lladdr 02:00:00:00:00:12 dev eth0");
  EXPECT_EQ(hop("2001:db8:2::11").destination.text(), "02:00:00:00:00:12");
}

TEST_P(NextHopsOfTheHost, SayWhyThereIsNone) {
  EXPECT_NE(hop("10.9.9.9").problem.find("no route"), std::string::npos);
  ip_tool("addr add 10.0.2.1/24 dev eth0");
  EXPECT_NE(hop("10.0.2.99").problem.find("10.0.2.99 on eth0 does not answer"), std::string::npos);
  EXPECT_NE(hop("10.0.2.1").problem.find("host's own"), std::string::npos);
  ip_tool("route add blackhole 10.7.0.0/16");
  EXPECT_FALSE(hop("10.7.0.1").resolved());
}

ON_ENGINE(Pinned, kernel);
ON_ENGINE(NextHopsOfTheHost, kernel);

}  // namespace
}  // namespace steadfast
