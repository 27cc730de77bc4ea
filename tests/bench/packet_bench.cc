// SPDX-License-Identifier: Apache-2.0
// Nanoseconds per packet of the real program. Method: a driver program restores
// one packet and tail-calls the program under test, in the kernel, by
// BPF_PROG_TEST_RUN. Of each figure the floor is taken off: the same driver in
// front of a program that only returns XDP_TX, run just before and just after on
// the same flows. Taking back an encapsulation is the driver's work and yet part of
// the figure, so that figures compare with those of drivers that do not tell the two
// apart; `restore_ns` says how much it is. Figures are medians. "Scattered" visits the flows in an order that
// no cache can follow; together with more flows than the caches hold this is the cold case.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "packet_rows.h"
#include "report.h"

int main(int argc, char** argv) {
  using namespace steadfast::bench;
  Effort effort;
  Extent extent;
  std::string json;
  CLI::App app{"Nanoseconds per packet of the real program, over the driver's floor"};
  app.add_option("--rounds", effort.rounds, "rounds per figure; the median counts")->capture_default_str();
  app.add_option("--packets", effort.packets, "packets per round at least")->capture_default_str();
  app.add_option("--most-flows", extent.most_flows, "rows with more flows are left out")
      ->capture_default_str();
  app.add_flag("--quick", extent.quick, "the rows that have a target, and little else");
  app.add_flag("--listener", extent.listener, "as while somebody listens to drops");
  app.add_option("--json", json, "write every row to this file");
  CLI11_PARSE(app, argc, argv);
  std::vector<Row> rows;
  std::fputs(heading().c_str(), stdout);
  measure_packets(extent, effort, [&rows](const Row& row) {
    rows.push_back(row);
    std::fputs(line(row).c_str(), stdout);
    std::fflush(stdout);
  });
  if (!json.empty()) write_json(rows, json);
}
