// SPDX-License-Identifier: Apache-2.0
// Nanoseconds per packet of the real program, over the floor of the driver that
// feeds it. Every figure is the median of rounds in which floor, program and a
// bare XDP_TX take turns, so that a noisy minute hits all of them alike.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <sys/mman.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/bug.h"
#include "bench_driver.h"
#include "bench_driver.skel.h"
#include "support/lab.h"

namespace steadfast {
namespace {

struct Settings {
  unsigned rounds = 7;
  unsigned packets = 200000;
  std::uint32_t most_flows = 1 << 20;
  std::string json;
};

struct Row {
  std::string name, family, mode, path;
  std::uint32_t flows = 1;
  double ns = 0, driver_ns = 0, tx_ns = 0;
};

class Driver {
 public:
  Driver() : skeleton_(bench_driver::open_and_load()) {
    invariant(skeleton_ != nullptr, "the benchmark needs BPF");
    void* at =
        mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(skeleton_->maps.bench_plan), 0);
    invariant(at != MAP_FAILED, "an mmapable map can be mapped");
    plan_ = static_cast<bench_plan*>(at);
  }

  bench_plan& plan() { return *plan_; }
  int tx() const { return bpf_program__fd(skeleton_->progs.bench_tx); }
  int grow() const { return bpf_program__fd(skeleton_->progs.bench_grow); }

  // ns per packet of the driver and the program behind it.
  double measure(int program, const Frame& frame, unsigned packets) {
    const std::uint32_t zero = 0;
    bpf_map_update_elem(bpf_map__fd(skeleton_->maps.bench_under_test), &zero, &program, BPF_ANY);
    Frame out(frame.size() + 256);
    LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame.data(), .data_out = out.data(),
                .data_size_in = static_cast<__u32>(frame.size()),
                .data_size_out = static_cast<__u32>(out.size()), .repeat = static_cast<int>(packets));
    const int failed = bpf_prog_test_run_opts(bpf_program__fd(skeleton_->progs.bench_drive), &run);
    invariant(failed == 0 && run.retval != 0, "the driver runs and reaches the program under test");
    return run.duration;
  }

 private:
  bench_driver* skeleton_;
  bench_plan* plan_ = nullptr;
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void plan_for(bench_plan& plan, const Frame& frame, std::uint32_t flows, bool scattered) {
  plan.frame_bytes = static_cast<__u32>(frame.size());
  plan.flow_mask = flows - 1;
  plan.scattered = scattered ? 1 : 0;
  plan.ipv6 = frame[12] == 0x86 ? 1 : 0;
  std::memcpy(plan.ethernet, frame.data(), sizeof plan.ethernet);
  std::memcpy(&plan.ethertype, &frame[12], sizeof plan.ethertype);
}

// Three programs in turn: driver floor (bare XDP_TX), the program, bare again.
Row measure(Driver& driver, int program, const Frame& frame, Row row, bool scattered,
            const Settings& settings) {
  plan_for(driver.plan(), frame, row.flows, scattered);
  const unsigned packets = std::max(settings.packets, row.flows);
  driver.measure(program, frame,
                 std::max(2 * row.flows, 20000u));  // every flow known, caches as they will be
  std::vector<double> over, floor;
  for (unsigned round = 0; round < settings.rounds; ++round) {
    const double before = driver.measure(driver.tx(), frame, packets);
    const double with = driver.measure(program, frame, packets);
    const double after = driver.measure(driver.tx(), frame, packets);
    floor.push_back((before + after) / 2);
    over.push_back(with - floor.back());
  }
  row.driver_ns = median(floor);
  row.tx_ns = 0;
  row.ns = median(over);
  std::printf("%-37s %-5s %-5s %-5s %9u flows %8.1f ns over a floor of %.1f\n", row.name.c_str(),
              row.family.c_str(), row.mode.c_str(), row.path.c_str(), row.flows, row.ns, row.driver_ns);
  std::fflush(stdout);
  return row;
}

std::string bench_config(const char* vip, const char* mode, const char* backend, std::uint32_t flows) {
  return "schema = 1\n[host]\ninterfaces = [\"eth0\"]\nxdp_mode = \"native\"\nsource = [\"198.51.100.1\", "
         "\"2001:db8:ffff::1\"]\nhash_seed = \"bench\"\n[limits]\nservices = 16\nbackends = 256\nflows = " +
         std::to_string(std::max(flows, 1024u)) + "\n[[service]]\nname = \"web\"\nvip = \"" + vip +
         "\"\nprotocol = \"tcp\"\nport = 80\nforward = \"" + mode +
         "\"\npool = \"web\"\n[[pool]]\nname = \"web\"\n" + [&] {
           std::string backends;
           for (int i = 1; i <= 16; ++i)
             backends += "[[pool.backend]]\nname = \"b" + std::to_string(i) + "\"\naddress = \"" + backend +
                         std::to_string(i) + "\"\nweight = 1\n";
           return backends;
         }();
}

Packet packet_to(const char* vip, std::uint16_t port, bool syn) {
  Packet packet;
  packet.destination = *Address::parse(vip);
  packet.source = *Address::parse(packet.destination.is_v4() ? "203.0.113.0" : "2001:db8:c::1");
  packet.source_port = 1024;
  packet.destination_port = port;
  packet.syn = syn;
  packet.ack = !syn;
  packet.payload_bytes = 26;
  return packet;
}

// New flows: the table is emptied between rounds, so that every packet is a first one.
Row measure_miss(Driver& driver, BpfKernel& kernel, const Frame& frame, Row row, const Settings& settings) {
  plan_for(driver.plan(), frame, row.flows, true);
  std::vector<double> over, floor;
  for (unsigned round = 0; round < settings.rounds; ++round) {
    std::fill(kernel.memory().flows.begin(), kernel.memory().flows.end(), sf_bucket{});
    const double before = driver.measure(driver.tx(), frame, row.flows);
    const double with = driver.measure(kernel.program_fd(), frame, row.flows);
    floor.push_back(before);
    over.push_back(with - before);
  }
  row.driver_ns = median(floor);
  row.ns = median(over);
  std::printf("%-37s %-5s %-5s %-5s %9u flows %8.1f ns over a floor of %.1f\n", row.name.c_str(),
              row.family.c_str(), row.mode.c_str(), row.path.c_str(), row.flows, row.ns, row.driver_ns);
  return row;
}

std::vector<Row> run(const Settings& settings) {
  struct Mode {
    const char *family, *vip, *mode, *backend;
  };
  const Mode modes[] = {
      {"ipv4", "192.0.2.10", "ipip", "10.0.2."},       {"ipv4", "192.0.2.10", "gue", "10.0.2."},
      {"ipv4", "192.0.2.10", "l2", "10.0.2."},         {"ipv6", "2001:db8::10", "ipip", "2001:db8:2::"},
      {"ipv6", "2001:db8::10", "gue", "2001:db8:2::"}, {"ipv6", "2001:db8::10", "l2", "2001:db8:2::"},
  };
  Driver driver;
  std::vector<Row> rows;
  rows.push_back(measure(driver, driver.grow(), build_frame(packet_to("192.0.2.10", 80, false)),
                         {"the head moved and put back, no more", "ipv4", "ipip", "hit", 1}, false,
                         settings));
  for (const Mode& mode : modes) {
    Lab lab(Engine::kernel, bench_config(mode.vip, mode.mode, mode.backend, settings.most_flows));
    auto& kernel = static_cast<BpfKernel&>(lab.kernel());
    const Frame known = build_frame(packet_to(mode.vip, 80, false));
    const Frame fresh = build_frame(packet_to(mode.vip, 80, true));
    for (std::uint32_t flows = 1; flows <= settings.most_flows;
         flows = flows == 1 ? 1 << 10 : flows << (flows < 1 << 16 ? 7 : 3)) {
      const bool scattered = flows > 1 << 10;
      rows.push_back(measure(driver, kernel.program_fd(), known,
                             {scattered ? "hit, scattered" : "hit", mode.family, mode.mode, "hit", flows},
                             scattered, settings));
    }
    rows.push_back(measure_miss(driver, kernel, fresh,
                                {"new flow, remembered", mode.family, mode.mode, "miss", settings.most_flows},
                                settings));
    rows.push_back(measure(driver, kernel.program_fd(), build_frame(packet_to(mode.vip, 81, true)),
                           {"for no service", mode.family, mode.mode, "pass", 1}, false, settings));
  }
  Lab lab(Engine::kernel, bench_config("192.0.2.10", "ipip", "10.0.2.", 1024));
  Frame bad = build_frame(packet_to("192.0.2.10", 80, true));
  bad[14] = 0x44;
  rows.push_back(measure(driver, static_cast<BpfKernel&>(lab.kernel()).program_fd(), bad,
                         {"dropped by its header", "ipv4", "ipip", "drop", 1}, false, settings));
  return rows;
}

void write_json(const std::vector<Row>& rows, const std::string& path) {
  nlohmann::json all = nlohmann::json::array();
  for (const Row& row : rows)
    all.push_back({{"name", row.name},
                   {"family", row.family},
                   {"mode", row.mode},
                   {"path", row.path},
                   {"flows", row.flows},
                   {"services", 1},
                   {"backends", 16},
                   {"ns", row.ns},
                   {"driver_ns", row.driver_ns},
                   {"tx_ns", row.tx_ns}});
  std::ofstream(path) << all.dump(2) << "\n";
}

}  // namespace
}  // namespace steadfast

int main(int argc, char** argv) {
  steadfast::Settings settings;
  CLI::App app{"Nanoseconds per packet of the real program, over the driver's floor"};
  app.add_option("--rounds", settings.rounds, "rounds per figure; the median counts")->capture_default_str();
  app.add_option("--packets", settings.packets, "packets per round at least")->capture_default_str();
  app.add_option("--most-flows", settings.most_flows, "largest number of flows, a power of two")
      ->capture_default_str();
  app.add_option("--json", settings.json, "write every row to this file");
  CLI11_PARSE(app, argc, argv);
  const auto rows = steadfast::run(settings);
  if (!settings.json.empty()) steadfast::write_json(rows, settings.json);
}
