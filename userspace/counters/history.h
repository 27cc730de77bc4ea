// SPDX-License-Identifier: Apache-2.0
// TrafficHistory: what every service and the host did in each second of the last
// hour and each minute of the last day, for as long as the daemon runs. A service
// is the same one while its endpoint is, whatever its name.
//
// Bounded: a service costs 40 KiB while it exists, and at most kGoneKept that are
// gone are kept. A number is within 0.4 % (counters/history_cell.h).
//
// Must not enter: clocks (the caller passes the time), judgement, the journal.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bpf/abi.h"
#include "counters/collect.h"
#include "counters/history_series.h"
#include "counters/reading.h"

namespace steadfast {

// X(symbol, name)
#define SF_HISTORY_LANES(X)                    \
  X(packets, "packets")                        \
  X(configuration, "dropped-by-configuration") \
  X(sender, "dropped-by-sender")               \
  X(limit, "dropped-by-limit")                 \
  X(new_flows, "new_flows")

namespace history {
enum Lane : std::size_t {
#define X(symbol, name) symbol,
  SF_HISTORY_LANES(X)
#undef X
      kLanes
};
// Behind these the host has one lane for every verdict.
inline constexpr std::size_t kHostLanes = std::size_t{kLanes} + SF_VERDICT_COUNT;
inline constexpr std::size_t kGoneKept = 64;
// A stretch without a sample that is longer is a gap.
inline constexpr double kLongest_s = 3;

// What one value spans.
enum class Step { second, minute };

// Rates, per second; NaN where nobody counted.
struct Rates {
  std::string name;
  std::vector<double> values;
};
struct Stretch {
  double step_s = 1;
  double from_s = 0;  // when the first value begins
  std::vector<Rates> rates;
};
}  // namespace history

class TrafficHistory {
 public:
  // `now_s` is of a clock that never goes back; `revision` is another one whenever
  // services may have other rows, or other names.
  void sample(const Reading& reading, const Running& running, std::uint64_t revision, double now_s);

  // The newest `values` steps that have ended. Lanes in their order; of the host then
  // each verdict that was counted meanwhile.
  history::Stretch host(history::Step step, std::size_t values) const;
  // Of the service with this name, one that exists before one that is gone. Without
  // rates when there is none.
  history::Stretch service(std::string_view name, history::Step step, std::size_t values) const;
  std::size_t bytes() const;

 private:
  struct Member {
    std::string name;
    bool exists = true;
    double gone_s = 0;
    HistorySeries series{history::kLanes};
  };
  // Counters of one id as they were last read, and who they are counted for.
  struct ServiceRow {
    Member* member = nullptr;
    std::array<std::uint64_t, SF_VERDICT_COUNT> packets{};
  };
  struct BackendRow {
    Member* member = nullptr;
    std::uint64_t new_flows = 0;
  };

  void assign_rows(const Running& running, double now_s);
  void enter(const Running& running);
  void forget_the_gone(double now_s);
  void count(const Reading& reading);
  void count_service(const VerdictCounts& now, ServiceRow& row);
  void count_backend(const BackendCounts& now, BackendRow& row);
  void pass(double now_s);
  std::int64_t first_of(history::Step step, std::size_t values) const;
  history::Stretch stretch(const HistorySeries& series, std::size_t lanes, history::Step step,
                           std::size_t values) const;

  std::uint64_t revision_ = 0;
  bool began_ = false;
  double last_s_ = 0;
  HistorySeries host_{history::kHostLanes};
  std::map<std::string, Member> members_;  // by Service::endpoint()
  std::vector<ServiceRow> services_;       // by id
  std::vector<BackendRow> backends_;       // by id
};

}  // namespace steadfast
