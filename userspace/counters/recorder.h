// SPDX-License-Identifier: Apache-2.0
// Recorder: what the services carried lately, read from the counters once a
// second and kept in bounded memory. A plan weighs its shares with it.
//
// Must not enter: clocks (the caller passes the time), the flow table, judgement.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "compile/identity.h"
#include "counters/collect.h"
#include "counters/reading.h"
#include "plan/traffic.h"

namespace steadfast {

class Recorder {
 public:
  // `now_s` is of a clock that never goes back; `revision` is another one whenever
  // services or backends may have other ids.
  void sample(const Reading& reading, const Running& running, std::uint64_t revision, double now_s);
  // Not known before the first sample, nor when sampling has stopped.
  Traffic traffic(double now_s) const;

 private:
  // Packets of one stretch of kGrain_s.
  struct Grain {
    std::int64_t number = 0;
    std::uint64_t packets = 0;
  };
  struct Moment {
    double time_s = 0;
    std::uint64_t packets = 0, new_flows = 0;  // since the recorder began
  };
  struct Record {
    bool runs = false;
    std::uint32_t id = 0;       // that it has, or had
    std::uint64_t counted = 0;  // by the row of `id` at the last sample
    double seen_s = 0;          // when the service last ran
    std::uint64_t packets = 0, new_flows = 0;
    std::deque<Moment> moments;
    std::deque<Grain> grains;
    ServiceTraffic traffic;  // but for packets_lately
  };
  struct BackendRow {
    BackendIdentity owner;
    Record* record = nullptr;  // of the owner's service; null: nobody owns it
    std::uint64_t new_flows = 0;
  };

  void assign_rows(const Running& running);
  void assign_services(const Running& running);
  void assign_backends(const Running& running);
  void count_packets(Record& record, std::uint64_t counted, double now_s) const;
  static void count_flows(BackendRow& row, std::uint64_t counted);
  void settle(Record& record, double now_s) const;
  void forget_the_gone(double now_s);

  bool began_ = false;
  std::uint64_t revision_ = 0;
  double last_s_ = 0;
  std::map<std::string, Record> records_;  // by Service::endpoint()
  std::vector<BackendRow> rows_;           // by backend id
};

}  // namespace steadfast
