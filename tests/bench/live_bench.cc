// SPDX-License-Identifier: Apache-2.0
// Packets per second through a veth: live frames (BPF_F_TEST_XDP_LIVE_FRAMES) go
// into one end, the program on the other sends them back, a counter at the first
// end ends them. The real program and a bare XDP_TX take turns on one CPU; what
// counts is the packets that came back. The veth stands in a network namespace of
// this process alone and is gone with it, however it ends.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <sched.h>
#include <sys/mman.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/bug.h"
#include "bench_driver.skel.h"
#include "packet_lab.h"
#include "support/lab.h"

namespace steadfast::bench {
namespace {

constexpr unsigned kRounds = 9;
constexpr unsigned kPackets = 500000;

class Veth {
 public:
  Veth() {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    invariant(sched_setaffinity(0, sizeof one, &one) == 0, "a process may stay on its first CPU");
    invariant(unshare(CLONE_NEWNET) == 0, "live frames need root");
    invariant(std::system("ip link add sfgen type veth peer name sflb && ip link set sfgen up && "
                          "ip link set sflb up") == 0,
              "a veth pair can be made");
    generator_ = if_nametoindex("sfgen");
    balancer_ = if_nametoindex("sflb");
  }

  unsigned generator() const { return generator_; }
  unsigned balancer() const { return balancer_; }

 private:
  unsigned generator_ = 0, balancer_ = 0;
};

struct Rate {
  double per_second = 0, came_back = 0;
};

class Generator {
 public:
  Generator(const Veth& veth, const Drive& drive, std::uint32_t flows)
      : veth_(veth), frame_(drive.frame), skeleton_(bench_driver::open_and_load()) {
    invariant(skeleton_ != nullptr, "the benchmark needs BPF");
    plan_ = static_cast<bench_plan*>(
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(skeleton_->maps.bench_plan), 0));
    invariant(plan_ != MAP_FAILED, "an mmapable map can be mapped");
    std::memcpy(plan_->image, frame_.data(), BENCH_IMAGE_BYTES);
    plan_->flows = flows;
    plan_->step = plan_->services = 1;
    plan_->vip = drive.vip;
    plan_->rewrite = drive.rewrite;
    plan_->generates_to = veth.generator();
    attach(veth.generator(), bpf_program__fd(skeleton_->progs.bench_return));
  }
  ~Generator() { bench_driver::destroy(skeleton_); }

  int tx() const { return bpf_program__fd(skeleton_->progs.bench_tx); }

  Rate measure(int program, unsigned packets) {
    attach(veth_.balancer(), program);
    plan_->returned = 0;
    const auto from = std::chrono::steady_clock::now();
    send(packets);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - from;
    const auto returned = static_cast<double>(plan_->returned);
    return {returned / took.count(), returned / packets};
  }

 private:
  static void attach(unsigned interface, int program) {
    invariant(bpf_xdp_attach(static_cast<int>(interface), program, XDP_FLAGS_DRV_MODE, nullptr) == 0,
              "a veth takes a program");
  }

  void send(unsigned packets) {
    xdp_md context{};
    context.data_end = static_cast<__u32>(frame_.size());
    context.ingress_ifindex = veth_.generator();
    LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame_.data(),
                .data_size_in = static_cast<__u32>(frame_.size()), .ctx_in = &context,
                .ctx_size_in = sizeof context, .repeat = static_cast<int>(packets),
                .flags = BPF_F_TEST_XDP_LIVE_FRAMES);
    const int failed = bpf_prog_test_run_opts(bpf_program__fd(skeleton_->progs.bench_generate), &run);
    invariant(failed == 0, "live frames can be sent");
  }

  const Veth& veth_;
  Frame frame_;
  bench_driver* skeleton_;
  bench_plan* plan_ = nullptr;
};

nlohmann::json measure(const Veth& veth, const Path& path, std::uint32_t flows, unsigned packets) {
  Lab lab(Engine::kernel, lab_text(path, {1, 16, flows}));
  Generator generator(veth, drive_of(path, false), flows);
  const int program = static_cast<BpfKernel&>(lab.kernel()).program_fd();
  generator.measure(program, std::max(packets, 2 * flows));
  std::vector<double> ours, bare, ratio, back;
  for (unsigned round = 0; round < kRounds; ++round) {
    const Rate with = generator.measure(program, packets);
    bare.push_back(generator.measure(generator.tx(), packets).per_second);
    ours.push_back(with.per_second);
    back.push_back(with.came_back);
    ratio.push_back(with.per_second / bare.back());
  }
  std::printf("%-5s %-5s %9u flows %12.0f %12.0f  %5.1f %%  %6.2f %%\n", path.family, path.mode, flows,
              median(ours), median(bare), 100 * median(ratio), 100 * median(back));
  return {{"family", path.family},    {"mode", path.mode},           {"flows", flows},
          {"pps", median(ours)},      {"bare_tx_pps", median(bare)}, {"ratio", median(ratio)},
          {"came_back", median(back)}};
}

}  // namespace
}  // namespace steadfast::bench

int main(int argc, char** argv) {
  using namespace steadfast::bench;
  bool quick = false;
  std::string json;
  CLI::App app{"Live packets per second through a veth, against a bare XDP_TX"};
  app.add_flag("--quick", quick, "a tenth of the packets");
  app.add_option("--json", json, "write the figures to this file");
  CLI11_PARSE(app, argc, argv);
  const Veth veth;
  auto all = nlohmann::json::array();
  std::printf("%-5s %-5s %9s       %12s %12s  %7s  %s\n", "", "mode", "", "packets/s", "bare XDP_TX", "ratio",
              "came back");
  for (const Path& path : {Path{"ipv4", "ipip", "tcp"}, Path{"ipv6", "ipip", "tcp"},
                           Path{"ipv4", "gue", "tcp"}, Path{"ipv4", "l2", "tcp"}})
    for (const std::uint32_t flows : {1U, 100000U})
      all.push_back(measure(veth, path, flows, quick ? kPackets / 10 : kPackets));
  if (!json.empty()) std::ofstream(json) << all.dump(1) << "\n";
}
