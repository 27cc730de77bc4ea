// SPDX-License-Identifier: Apache-2.0
// Memory per flow, service and backend: what the limits ask for, and what the
// kernel says its maps hold (memlock of /proc/self/fdinfo).
#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/bug.h"
#include "support/lab.h"

namespace steadfast {
namespace {

constexpr std::uint32_t kServices = 1000, kBackends = 1000, kFlows = 1000000;
constexpr std::uint64_t kMostBytesOfTenMillionFlows = 100000000;

sf_capacity sized(std::uint32_t services, std::uint32_t backends, std::uint32_t flows) {
  return capacity_for(Limits{{services}, {backends}, {flows}}, 1);
}

// The difference that one more of a kind makes, taken over many.
double each(const sf_capacity& fewer, const sf_capacity& more, std::uint32_t count) {
  return static_cast<double>(memory_bytes(more) - memory_bytes(fewer)) / count;
}

std::uint64_t memlock(int fd) {
  std::ifstream info("/proc/self/fdinfo/" + std::to_string(fd));
  for (std::string word; info >> word;) {
    std::uint64_t bytes = 0;
    if (word == "memlock:" && info >> bytes) return bytes;
  }
  bug("the kernel says what a map locks");
}

std::uint64_t held_for_flows(std::uint32_t flows) {
  auto kernel = BpfKernel::open({"", sized(16, 64, flows)});
  invariant(kernel.has_value(), "the benchmark needs BPF");
  return memlock((*kernel)->map_fd("sf_flows"));
}

nlohmann::json flows_of(std::uint32_t flows) {
  const std::uint64_t bytes = held_for_flows(flows);
  const double per_flow = static_cast<double>(bytes) / flows;
  std::printf("%9u flows     %12llu bytes held by the kernel, %5.2f per flow\n", flows,
              static_cast<unsigned long long>(bytes), per_flow);
  return {{"name", "flows"}, {"count", flows}, {"bytes", bytes}, {"bytes_each", per_flow}};
}

nlohmann::json kind(const char* name, std::uint32_t count, double bytes) {
  std::printf("%9u %-9s %12.0f bytes, %7.0f each (four slots; counters for one CPU)\n", count, name,
              bytes * count, bytes);
  return {{"name", name}, {"count", count}, {"bytes", bytes * count}, {"bytes_each", bytes}};
}

nlohmann::json measure() {
  auto all = nlohmann::json::array();
  const sf_capacity least = sized(kServices, kBackends, kFlows);
  for (const std::uint32_t flows : {1000000U, 10000000U}) all.push_back(flows_of(flows));
  for (const std::uint32_t more : {1000U, 10000U}) {
    all.push_back(kind("services", more, each(least, sized(kServices + more, kBackends, kFlows), more)));
    all.push_back(kind("backends", more, each(least, sized(kServices, kBackends + more, kFlows), more)));
  }
  for (const TableSize& size : table_sizes(sized(10000, 10000, 10000000)))
    std::printf("  %-18s %9u rows of %5u bytes = %12llu\n", size.name, size.rows, size.row_bytes,
                static_cast<unsigned long long>(size.bytes()));
  return all;
}

}  // namespace
}  // namespace steadfast

int main(int argc, char** argv) {
  std::string json;
  bool quick = false;
  CLI::App app{"Memory per flow, service and backend"};
  app.add_option("--json", json, "write the figures to this file");
  app.add_flag("--quick", quick, "the same: it takes no time");
  CLI11_PARSE(app, argc, argv);
  const auto all = steadfast::measure();
  if (!json.empty()) std::ofstream(json) << all.dump(1) << "\n";
  if (all[1]["bytes"] > steadfast::kMostBytesOfTenMillionFlows)
    std::fputs("memory: the target is missed: 10,000,000 flows take more than 100 MB\n", stderr);
}
