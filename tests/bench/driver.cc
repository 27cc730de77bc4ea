// SPDX-License-Identifier: Apache-2.0
#include "driver.h"

#include <bpf/bpf.h>
#include <sys/mman.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "base/bug.h"
#include "bench_driver.skel.h"

namespace steadfast::bench {
namespace {

constexpr std::size_t kRoomForOuter = 256;
constexpr unsigned kMostPackets = 1000000;  // per round; more flows take several rounds to come by
constexpr double kGolden = 0.6180339887;

// Prime to `flows` and far from 1: visits all of them, no two neighbours in a row.
std::uint32_t scattering_step(std::uint32_t flows) {
  auto step = static_cast<std::uint32_t>(std::lround(kGolden * flows));
  while (std::gcd(step, flows) != 1) ++step;
  return step % flows;
}

}  // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Driver::Driver() : skeleton_(bench_driver::open_and_load()) {
  invariant(skeleton_ != nullptr, "the benchmark needs BPF");
  void* at =
      mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(skeleton_->maps.bench_plan), 0);
  invariant(at != MAP_FAILED, "an mmapable map can be mapped");
  plan_ = static_cast<bench_plan*>(at);
}

Driver::~Driver() { bench_driver::destroy(skeleton_); }

int Driver::grow() const { return bpf_program__fd(skeleton_->progs.bench_grow); }
int Driver::encapsulate() const { return bpf_program__fd(skeleton_->progs.bench_encapsulate); }

void Driver::prepare(const Drive& drive, const Row& row) {
  invariant(drive.frame.size() >= BENCH_IMAGE_BYTES, "a frame fills the driver's image");
  frame_ = drive.frame;
  std::memcpy(plan_->image, frame_.data(), BENCH_IMAGE_BYTES);
  plan_->frame_bytes = static_cast<__u32>(frame_.size());
  plan_->flows = row.flows;
  plan_->step = row.order == "scattered" ? scattering_step(row.flows) : 1;
  plan_->at = 0;
  plan_->first_flow = 0;
  plan_->services = row.services;
  plan_->vip = drive.vip;
  plan_->rewrite = drive.rewrite;
}

// The buffer comes in as the program under test would have left it: head grown already.
double Driver::run(int program, std::uint32_t head_bytes, std::uint32_t action, unsigned packets) {
  const __u32 zero = 0;
  const int array = bpf_map__fd(skeleton_->maps.bench_under_test);
  if (program < 0)
    bpf_map_delete_elem(array, &zero);
  else
    invariant(bpf_map_update_elem(array, &zero, &program, BPF_ANY) == 0, "a program fits the driver");
  plan_->alone = program < 0 ? 1 : 0;
  plan_->head_bytes = head_bytes;
  Frame in(head_bytes, 0);
  in.insert(in.end(), frame_.begin(), frame_.end());
  Frame out(in.size() + kRoomForOuter);
  LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = in.data(), .data_out = out.data(),
              .data_size_in = static_cast<__u32>(in.size()), .data_size_out = static_cast<__u32>(out.size()),
              .repeat = static_cast<int>(packets));
  const int failed = bpf_prog_test_run_opts(bpf_program__fd(skeleton_->progs.bench_drive), &run);
  invariant(failed == 0 && run.retval == action,
            "the program under test does with a packet what its row says");
  return run.duration;
}

double Driver::floor(bool takes_back) {
  plan_->takes_back = takes_back ? 1 : 0;
  const double ns = run(bpf_program__fd(skeleton_->progs.bench_tx), 0, XDP_TX, floor_packets_);
  plan_->takes_back = 0;
  return ns;
}

double Driver::alone() { return run(-1, 0, XDP_TX, floor_packets_); }

// The floor once before and once after the program; the flows go on where the last round left them.
double Driver::round(int program, const Drive& drive, unsigned packets, double& floor_ns) {
  const __u32 from = plan_->at;
  const double before = floor(false);
  plan_->at = from;
  const double with = run(program, drive.grows, drive.action, packets);
  const __u32 next = plan_->at;
  const double after = floor(false);
  plan_->at = next;
  floor_ns = (before + after) / 2;
  return with - floor_ns;
}

void Driver::measure(int program, const Drive& drive, Row& row, const Effort& effort) {
  prepare(drive, row);
  const unsigned packets =
      drive.only_new_flows ? row.flows : std::min(std::max(effort.packets, row.flows), kMostPackets);
  if (!drive.only_new_flows) run(program, drive.grows, drive.action, std::max(2 * row.flows, 20000U));
  floor_packets_ = effort.packets;
  std::vector<double> over, floors, bare, back;
  for (unsigned i = 0; i < effort.rounds; ++i) {
    drive.before();
    floors.emplace_back();
    over.push_back(round(program, drive, packets, floors.back()));
    bare.push_back(floors.back() - alone());
    back.push_back(drive.grows != 0 ? floor(true) - floors.back() : 0);
    if (drive.only_new_flows) plan_->first_flow += row.flows;
  }
  row.ns = median(over);
  row.driver_ns = median(floors);
  row.tx_ns = median(bare);
  row.restore_ns = median(back);
  row.rounds = effort.rounds;
}

void Driver::send(int program, const Drive& drive, const Row& row, std::uint32_t packets) {
  Row all = row;
  all.flows = packets;
  prepare(drive, all);
  plan_->first_flow = 1U << 30;  // no flow that a row measures
  run(program, drive.grows, drive.action, packets);
}

}  // namespace steadfast::bench
