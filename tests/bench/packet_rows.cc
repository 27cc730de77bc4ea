// SPDX-License-Identifier: Apache-2.0
#include "packet_rows.h"

#include <linux/bpf.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>

#include "packet_lab.h"
#include "report.h"
#include "support/lab.h"
#include "verdict_rows.h"

namespace steadfast::bench {
namespace {

constexpr Path kIpip4{"ipv4", "ipip", "tcp"};
constexpr Path kPaths[] = {kIpip4,
                           {"ipv6", "ipip", "tcp"},
                           {"ipv4", "ipip", "udp"},
                           {"ipv4", "gue", "tcp"},
                           {"ipv6", "gue", "tcp"},
                           {"ipv4", "l2", "tcp"},
                           {"ipv6", "l2", "tcp"},
                           {"ipv4", "4in6", "tcp"},
                           {"ipv6", "6in4", "tcp"},
                           {"ipv6", "ipip", "udp"}};
constexpr std::uint32_t kFlowCounts[] = {1, 1024, 10000, 16384, 100000, 131072, 1000000, 1048576, 10000000};
constexpr std::uint32_t kSomeFlows = 131072, kManyFlows = 1000000;
constexpr std::uint64_t kBytesPerFlow = 64;  // table, its read-back and room for the rest of the machine

class Session {
 public:
  Session(const Extent& extent, const Effort& effort, const std::function<void(const Row&)>& done)
      : extent_(extent), effort_(effort), done_(done) {}

  double floor_now();
  void settle();
  void wait_for_quiet();
  void references();
  void hits(const Path& path);
  void large_table();
  void scales();
  void misses(const Path& path, std::uint32_t table_flows);
  void others(const Path& path);
  void verdicts();

 private:
  Row row(const char* name, const Path& path, const char* way, const Scale& scale) const;
  void measure(Lab& lab, Drive drive, Row row);
  void hit(Lab& lab, const Path& path, Row row, bool scattered);
  void displacing(Lab& lab, Drive drive, const Row& row);
  bool wanted(const Path& path, std::uint32_t flows) const;

  Extent extent_;
  Effort effort_;
  const std::function<void(const Row&)>& done_;
  Driver driver_;
  double quietest_ns_ = 1e9;  // floor of any row so far
  std::chrono::seconds waited_{0};
};

int program_of(Lab& lab) { return static_cast<BpfKernel&>(lab.kernel()).program_fd(); }

double share_remembered(Lab& lab, std::uint32_t flows) {
  std::uint64_t used = 0;
  for (const sf_bucket& bucket : lab.memory().flows)
    for (const auto& way : bucket.way) used += way != 0;
  return static_cast<double>(used) / flows;
}

void forget(Lab& lab) { std::fill(lab.memory().flows.begin(), lab.memory().flows.end(), sf_bucket{}); }

std::uint64_t available_bytes() {
  return std::uint64_t(sysconf(_SC_AVPHYS_PAGES)) * std::uint64_t(sysconf(_SC_PAGESIZE));
}

Row Session::row(const char* name, const Path& path, const char* way, const Scale& scale) const {
  Row row;
  row.name = name;
  row.family = path.family;
  row.mode = path.mode;
  row.protocol = path.protocol;
  row.path = way;
  row.services = scale.services;
  row.backends = scale.backends;
  row.table_flows = scale.flows;
  return row;
}

// A floor this much above the quietest one means that the machine was busy with something else.
constexpr double kBusy = 1.06;
constexpr unsigned kAttempts = 5;
constexpr double kFallen = 0.99;
constexpr std::chrono::seconds kPause{1}, kPatience{900}, kQuickPatience{20};  // of the whole run

double Session::floor_now() {
  Row moved = row("", kIpip4, "hit", {});
  driver_.measure(driver_.grow(), drive_of(kIpip4, false), moved, effort_);
  quietest_ns_ = std::min(quietest_ns_, moved.driver_ns);
  return moved.driver_ns;
}

// Whoever else makes the machine busy may be its neighbour, and stay for minutes.
void Session::wait_for_quiet() {
  const auto patience = extent_.quick ? kQuickPatience : kPatience;
  while (waited_ < patience && floor_now() > kBusy * quietest_ns_) {
    std::this_thread::sleep_for(kPause);
    waited_ += kPause;
  }
}

// In a busy minute a row is measured again, and the quietest attempt counts. New flows
// are not: the table remembers those of the attempt before.
void Session::measure(Lab& lab, Drive drive, Row row) {
  std::optional<Row> quiet;
  if (extent_.listener) lab.memory().selector->sample_until_s = UINT32_MAX;
  for (unsigned i = 0; i < kAttempts && (!quiet || quiet->driver_ns > kBusy * quietest_ns_); ++i) {
    wait_for_quiet();
    driver_.measure(program_of(lab), drive, row, effort_);
    if (!quiet || row.driver_ns < quiet->driver_ns) quiet = row;
    quietest_ns_ = std::min(quietest_ns_, row.driver_ns);
    if (drive.only_new_flows) break;
  }
  quiet->remembered = share_remembered(lab, row.flows);
  done_(*quiet);
}

void Session::hit(Lab& lab, const Path& path, Row row, bool scattered) {
  row.order = scattered ? "scattered" : "in order";
  if (extent_.quick && row.name == "hit" && !target_of(row)) return;
  forget(lab);
  measure(lab, drive_of(path, false), row);
}

// 10,000,000 flows only for the one path that is the headline, and only where they fit.
bool Session::wanted(const Path& path, std::uint32_t flows) const {
  if (flows > (extent_.quick ? 1U << 20 : extent_.most_flows)) return false;
  if (flows <= 1 << 20) return true;
  return path.is_v6() == kIpip4.is_v6() && path.mode == std::string(kIpip4.mode) &&
         path.protocol == std::string(kIpip4.protocol) && available_bytes() > kBytesPerFlow * flows;
}

// The first rows have no quieter one to be compared with, and a build that has just ended
// is felt for a minute: they wait until the floor has not fallen for a while.
void Session::settle() {
  using namespace std::chrono;
  const seconds calm = extent_.quick ? 5s : 30s, patience = 4 * calm;
  const auto began = steady_clock::now();
  for (auto fell = began; steady_clock::now() < std::min(fell + calm, began + patience);) {
    const double before_ns = quietest_ns_;
    if (floor_now() < kFallen * before_ns) fell = steady_clock::now();
    std::this_thread::sleep_for(kPause);
  }
}

// What any program pays that puts a header in front of a packet.
void Session::references() {
  Drive drive = drive_of(kIpip4, false);
  Row grow = row("reference: head moved, no more", kIpip4, "hit", {});
  driver_.measure(driver_.grow(), drive, grow, effort_);
  done_(grow);
  Row encapsulate = row("reference: encapsulate only", kIpip4, "hit", {});
  driver_.measure(driver_.encapsulate(), drive, encapsulate, effort_);
  done_(encapsulate);
}

void Session::hits(const Path& path) {
  for (const std::uint32_t flows : kFlowCounts) {
    if (!wanted(path, flows)) continue;
    const Scale scale{1, 16, flows};
    Lab lab(Engine::kernel, lab_text(path, scale));
    Row hit_row = row("hit", path, "hit", scale);
    hit_row.flows = flows;
    hit(lab, path, hit_row, false);
    if (flows > 1) hit(lab, path, hit_row, true);
  }
}

// A host sized for many flows that has few.
void Session::large_table() {
  const Scale scale{1, 16, kManyFlows};
  Lab lab(Engine::kernel, lab_text(kIpip4, scale));
  for (const std::uint32_t flows : {1U, 1024U}) {
    Row few = row("hit, few flows in a large table", kIpip4, "hit", scale);
    few.flows = flows;
    hit(lab, kIpip4, few, false);
  }
}

// One flow, then flows over all services and backends; warm rows fit the caches, scattered do not.
void Session::scales() {
  const Scale all[] = {{1, 1, 100000},     {1, 10, 100000},      {1, 100, 100000},
                       {1, 1000, 100000},  {1, 10000, 100000},   {10, 10, 100000},
                       {100, 100, 100000}, {1000, 1000, 100000}, {10000, 10000, 100000}};
  for (const Scale& scale : all) {
    if (extent_.quick && scale.backends != 1 && scale.backends != 10000) continue;
    Lab lab(Engine::kernel, lab_text(kIpip4, scale));
    Row one = row("hit, one flow", kIpip4, "hit", scale);
    hit(lab, kIpip4, one, false);
    Row spread = row("hit, flows over all of them", kIpip4, "hit", scale);
    spread.flows = 10000;
    hit(lab, kIpip4, spread, false);
    spread.flows = 100000;
    hit(lab, kIpip4, spread, true);
  }
}

void Session::displacing(Lab& lab, Drive drive, const Row& of) {
  Row full = of;
  full.name = "new flow, remembered, table full of half-open ones";
  drive.before = [] {};
  driver_.send(program_of(lab), drive, full, 8 * full.table_flows);
  measure(lab, drive, full);
}

void Session::misses(const Path& path, std::uint32_t table_flows) {
  const Scale scale{1, 16, table_flows};
  Lab lab(Engine::kernel, lab_text(path, scale));
  Row fresh = row("new flow, remembered, table empty", path, "miss", scale);
  fresh.flows = scale.flows / 4;
  fresh.order = "scattered";
  Drive drive = drive_of(path, true);
  drive.only_new_flows = true;
  drive.before = [&lab] { forget(lab); };
  measure(lab, drive, fresh);
  displacing(lab, drive, fresh);
}

// What ends early: traffic of the host, and packets their headers condemn.
void Session::others(const Path& path) {
  Lab lab(Engine::kernel, lab_text(path, {}));
  Drive pass = drive_of(path, true, 81);
  pass.grows = 0;
  pass.action = XDP_PASS;
  measure(lab, pass, row("for no service: port of a VIP", path, "pass", {}));
  pass.vip += 1000;
  measure(lab, pass, row("for no service: the host's own address", path, "pass", {}));
  Drive drop = drive_of(path, true);
  drop.frame[14] = path.is_v6() ? 0x50 : 0x44;
  drop.grows = 0;
  drop.action = XDP_DROP;
  measure(lab, drop, row("dropped by its header", path, "drop", {}));
}

// One packet of each verdict that the rows above do not have.
void Session::verdicts() {
  for (VerdictRow& one : verdict_rows()) {
    Lab lab(Engine::kernel, one.text);
    for (const Frame& frame : one.before) lab.run(frame);
    Row of = row(("verdict " + one.verdict).c_str(), kIpip4, one.path, {});
    one.drive.before = [&lab] { lab.memory().budget[0] = {}; };
    measure(lab, one.drive, of);
  }
}

}  // namespace

void measure_packets(const Extent& extent, const Effort& effort,
                     const std::function<void(const Row&)>& done) {
  Session session(extent, effort, done);
  session.settle();
  session.references();
  const std::size_t paths = extent.quick ? 4 : std::size(kPaths);
  for (std::size_t i = 0; i < paths; ++i) session.hits(kPaths[i]);
  session.large_table();
  session.scales();
  for (const Path& path : {kPaths[0], kPaths[1], kPaths[2]}) {
    session.misses(path, kSomeFlows);
    if (!extent.quick) session.misses(path, kManyFlows);
  }
  for (const Path& path : {kPaths[0], kPaths[1]}) session.others(path);
  if (!extent.quick) session.verdicts();
}

}  // namespace steadfast::bench
