// SPDX-License-Identifier: Apache-2.0
#include "counters/recorder.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace steadfast {
namespace {

constexpr double kRate_s = 5;        // rates are over about so long
constexpr double kShortest_s = 0.5;  // two samples nearer than that make no rate
constexpr double kBlind_s = 30;      // without a sample for so long nobody counts
constexpr std::int64_t kGrain_s = 10;
constexpr std::int64_t kGrains = static_cast<std::int64_t>(kLately_s) / kGrain_s;

std::int64_t grain_of(double now_s) { return static_cast<std::int64_t>(std::floor(now_s)) / kGrain_s; }

// A counter that reads less than before was zeroed in between.
std::uint64_t growth(std::uint64_t before, std::uint64_t now) { return now < before ? now : now - before; }

std::uint64_t all_packets(const VerdictCounts& counts) {
  std::uint64_t packets = 0;
  for (const Count& count : counts) packets += count.packets;
  return packets;
}

}  // namespace

void Recorder::sample(const Reading& reading, const Running& running, std::uint64_t revision, double now_s) {
  if (!began_ || revision != revision_) assign_rows(running);
  revision_ = revision;
  for (auto& [endpoint, record] : records_)
    if (record.runs) count_packets(record, all_packets(reading.services[record.id]), now_s);
  for (std::size_t id = 1; id < rows_.size(); ++id) count_flows(rows_[id], reading.backends[id].new_flows);
  for (auto& [endpoint, record] : records_) settle(record, now_s);
  forget_the_gone(now_s);
  last_s_ = now_s;
  began_ = true;
}

// A row that changed its owner was zeroed for it.
void Recorder::assign_rows(const Running& running) {
  assign_services(running);
  assign_backends(running);
}

void Recorder::assign_services(const Running& running) {
  std::map<std::string, std::uint32_t> ids;
  const auto& origins = running.tables.service_origin;
  for (std::uint32_t id = 1; id < origins.size(); ++id)
    if (origins[id].service != SIZE_MAX) ids[running.model.services[origins[id].service].endpoint()] = id;
  for (auto& [endpoint, record] : records_) record.runs = false;
  for (const auto& [endpoint, id] : ids) {
    Record& record = records_[endpoint];
    record.runs = true;
    if (std::exchange(record.id, id) != id) record.counted = 0;
  }
}

void Recorder::assign_backends(const Running& running) {
  const auto& origins = running.tables.backend_origin;
  rows_.resize(std::max(rows_.size(), origins.size()));
  for (BackendRow& row : rows_) row.record = nullptr;
  for (std::uint32_t id = 1; id < origins.size(); ++id) {
    const BackendOrigin& origin = origins[id];
    if (origin.service == SIZE_MAX) continue;
    const Service& service = running.model.services[origin.service];
    BackendRow& row = rows_[id];
    const BackendIdentity owner =
        identity_of(service, running.model.pools[origin.pool].backends[origin.backend]);
    const auto record = records_.find(service.endpoint());
    row.record = record != records_.end() && record->second.runs ? &record->second : nullptr;
    if (row.owner != owner) row.new_flows = 0;
    row.owner = owner;
  }
}

// What was counted before the first sample may be of a minute or a month ago: it
// makes a service a live one for now, but no rate, for the first moment includes it.
void Recorder::count_packets(Record& record, std::uint64_t counted, double now_s) const {
  const std::uint64_t packets = growth(record.counted, counted);
  record.seen_s = now_s;
  record.counted = counted;
  record.packets += packets;
  if (packets == 0) return;
  const std::int64_t number = grain_of(now_s);
  if (record.grains.empty() || record.grains.back().number != number) record.grains.push_back({number, 0});
  record.grains.back().packets += packets;
}

void Recorder::count_flows(BackendRow& row, std::uint64_t counted) {
  if (row.record == nullptr) return;
  row.record->new_flows += growth(row.new_flows, counted);
  row.new_flows = counted;
}

// Rates and peaks out of the moments, the newest included.
void Recorder::settle(Record& record, double now_s) const {
  auto& moments = record.moments;
  if (moments.empty() || now_s - moments.back().time_s >= kShortest_s)
    moments.push_back({now_s, record.packets, record.new_flows});
  while (moments.size() > 2 && moments[1].time_s <= now_s - kRate_s) moments.pop_front();
  while (!record.grains.empty() && record.grains.front().number <= grain_of(now_s) - kGrains)
    record.grains.pop_front();
  const Moment& first = moments.front();
  const double seconds = now_s - first.time_s;
  if (seconds < kShortest_s) return;
  ServiceTraffic& traffic = record.traffic;
  traffic.packets_per_s = static_cast<double>(record.packets - first.packets) / seconds;
  traffic.new_flows_per_s = static_cast<double>(record.new_flows - first.new_flows) / seconds;
  traffic.peak_packets_per_s = std::max(traffic.peak_packets_per_s, traffic.packets_per_s);
  traffic.peak_new_flows_per_s = std::max(traffic.peak_new_flows_per_s, traffic.new_flows_per_s);
}

// A service that comes back within a quarter of an hour is the same one.
void Recorder::forget_the_gone(double now_s) {
  for (auto it = records_.begin(); it != records_.end();)
    it = it->second.seen_s < now_s - kLately_s ? records_.erase(it) : std::next(it);
}

Traffic Recorder::traffic(double now_s) const {
  Traffic traffic;
  traffic.known = began_ && now_s - last_s_ <= kBlind_s;
  if (!traffic.known) return traffic;
  const std::int64_t oldest = grain_of(now_s) - kGrains;
  for (const auto& [endpoint, record] : records_) {
    ServiceTraffic& service = traffic.services.emplace(endpoint, record.traffic).first->second;
    for (const Grain& grain : record.grains)
      if (grain.number > oldest) service.packets_lately += grain.packets;
  }
  return traffic;
}

}  // namespace steadfast
