// SPDX-License-Identifier: Apache-2.0
// Driver: runs a program on packets of many flows and says what one packet cost.
// Floor and program take turns, and every figure is the median of the rounds'
// differences, so that a noisy minute hits both alike.
//
// Must not enter: which programs and flows (packet_rows.h).
#pragma once

#include <bpf/libbpf.h>

#include <functional>
#include <memory>

#include "base/frame.h"
#include "bench_driver.h"
#include "row.h"

struct bench_driver;

namespace steadfast::bench {

struct Effort {
  unsigned rounds = 9;
  unsigned packets = 100000;  // per round at least
};

struct Drive {
  Frame frame;
  std::uint32_t grows = 0;  // bytes by which the program moves the head
  std::uint32_t vip = 0;    // see bench_plan
  bench_rewrite rewrite = BENCH_AS_IT_IS;
  std::uint32_t action = 0;  // XDP_*; anything else ends the benchmark
  // Every packet a first one: `before` prepares each round, and no round repeats a flow.
  bool only_new_flows = false;
  std::function<void()> before = [] {};
};

class Driver {
 public:
  Driver();
  ~Driver();

  int grow() const;
  int encapsulate() const;
  // Fills in the figures of `row`.
  void measure(int program, const Drive& drive, Row& row, const Effort& effort);
  // Sends `packets` packets, each of another flow, and measures nothing.
  void send(int program, const Drive& drive, const Row& row, std::uint32_t packets);

 private:
  void prepare(const Drive& drive, const Row& row);
  double run(int program, std::uint32_t head_bytes, std::uint32_t action, unsigned packets);
  double floor(bool takes_back);
  double alone();
  double round(int program, const Drive& drive, unsigned packets, double& floor_ns);

  bench_driver* skeleton_;
  bench_plan* plan_;
  Frame frame_;
  unsigned floor_packets_ = 100000;
};

double median(std::vector<double> values);

}  // namespace steadfast::bench
