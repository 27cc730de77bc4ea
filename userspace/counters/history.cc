// SPDX-License-Identifier: Apache-2.0
#include "counters/history.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace steadfast {
namespace {

using history::Lane;
using history::Step;

constexpr double kGoneFor_s = 3600;
constexpr std::int64_t kMinute_s = 60;

constexpr std::string_view kLaneNames[] = {
#define X(symbol, name) name,
    SF_HISTORY_LANES(X)
#undef X
};
constexpr std::string_view kVerdictNames[] = {
#define X(symbol, value, action, kind, label, help) label,
    SF_VERDICTS(X)
#undef X
};
constexpr sf_kind kKinds[] = {
#define X(symbol, value, action, kind, label, help) SF_KIND_##kind,
    SF_VERDICTS(X)
#undef X
};

// None for a verdict that drops nothing.
Lane drop_lane(std::size_t verdict) {
  switch (kKinds[verdict]) {
    case SF_KIND_CONFIGURATION:
      return Lane::configuration;
    case SF_KIND_SENDER:
      return Lane::sender;
    case SF_KIND_LIMIT:
      return Lane::limit;
    default:
      return Lane::kLanes;
  }
}

std::string lane_name(std::size_t lane) {
  return std::string(lane < Lane::kLanes ? kLaneNames[lane] : kVerdictNames[lane - Lane::kLanes]);
}

// A counter that reads less than before was zeroed in between.
std::uint64_t growth(std::uint64_t& before, std::uint64_t now) {
  const std::uint64_t more = now < before ? now : now - before;
  before = now;
  return more;
}

double length_s(Step step) { return step == Step::second ? 1 : kMinute_s; }

bool counted_anything(const history::Rates& rates) {
  return std::any_of(rates.values.begin(), rates.values.end(), [](double rate) { return rate > 0; });
}

}  // namespace

void TrafficHistory::sample(const Reading& reading, const Running& running, std::uint64_t revision,
                            double now_s) {
  services_.resize(reading.services.size());
  backends_.resize(reading.backends.size());
  if (!began_ || revision != revision_) assign_rows(running, now_s);
  revision_ = revision;
  count(reading);
  pass(now_s);
  last_s_ = now_s;
  began_ = true;
}

// Rows keep what was last read of them: an id that somebody new gets is zeroed for
// him, and one that its old owner gets back is not.
void TrafficHistory::assign_rows(const Running& running, double now_s) {
  for (ServiceRow& row : services_) row.member = nullptr;
  for (BackendRow& row : backends_) row.member = nullptr;
  for (auto& [endpoint, member] : members_) {
    if (member.exists) member.gone_s = now_s;
    member.exists = false;
  }
  enter(running);
  forget_the_gone(now_s);
}

void TrafficHistory::enter(const Running& running) {
  const auto& services = running.tables.service_origin;
  std::vector<Member*> owners(running.model.services.size());
  for (std::uint32_t id = 1; id < services.size(); ++id) {
    if (services[id].service == SIZE_MAX) continue;
    const Service& service = running.model.services[services[id].service];
    Member& member = members_[service.endpoint()];
    member.name = service.name;
    member.exists = true;
    services_[id].member = owners[services[id].service] = &member;
  }
  const auto& backends = running.tables.backend_origin;
  for (std::uint32_t id = 1; id < backends.size(); ++id)
    if (backends[id].service != SIZE_MAX) backends_[id].member = owners[backends[id].service];
}

// What was gone first goes first when there are too many.
void TrafficHistory::forget_the_gone(double now_s) {
  std::vector<double> gone;
  for (const auto& [endpoint, member] : members_)
    if (!member.exists) gone.push_back(member.gone_s);
  std::sort(gone.rbegin(), gone.rend());
  const double youngest = gone.size() > history::kGoneKept ? gone[history::kGoneKept] : now_s - kGoneFor_s;
  for (auto& [endpoint, member] : members_)
    if (!member.exists) member.series.lose();
  std::erase_if(members_,
                [&](const auto& entry) { return !entry.second.exists && entry.second.gone_s <= youngest; });
}

void TrafficHistory::count(const Reading& reading) {
  for (std::size_t id = 0; id < services_.size(); ++id) count_service(reading.services[id], services_[id]);
  for (std::size_t id = 1; id < backends_.size(); ++id) count_backend(reading.backends[id], backends_[id]);
}

// Of every row, also one that nobody owns: late packets of a service that is gone
// are packets of this host.
void TrafficHistory::count_service(const VerdictCounts& now, ServiceRow& row) {
  for (std::size_t verdict = 0; verdict < now.size(); ++verdict) {
    const std::uint64_t more = growth(row.packets[verdict], now[verdict].packets);
    if (more == 0) continue;
    const Lane drop = drop_lane(verdict);
    host_.count(Lane::kLanes + verdict, more);
    for (HistorySeries* series : {&host_, row.member != nullptr ? &row.member->series : nullptr}) {
      if (series == nullptr) continue;
      series->count(Lane::packets, more);
      if (drop != Lane::kLanes) series->count(drop, more);
    }
  }
}

void TrafficHistory::count_backend(const BackendCounts& now, BackendRow& row) {
  const std::uint64_t more = growth(row.new_flows, now.new_flows);
  host_.count(Lane::new_flows, more);
  if (row.member != nullptr) row.member->series.count(Lane::new_flows, more);
}

void TrafficHistory::pass(double now_s) {
  const bool gap = !began_ || now_s - last_s_ > history::kLongest_s;
  const auto pass_one = [&](HistorySeries& series) {
    if (!gap) return series.pass(last_s_, now_s);
    series.lose();
    if (now_s == std::floor(now_s)) series.begin_second();
  };
  pass_one(host_);
  for (auto& [endpoint, member] : members_)
    if (member.exists) pass_one(member.series);
}

// The step before the one that runs is the newest that has ended.
std::int64_t TrafficHistory::first_of(Step step, std::size_t values) const {
  const auto running = static_cast<std::int64_t>(std::floor(last_s_ / length_s(step)));
  return running - static_cast<std::int64_t>(values);
}

history::Stretch TrafficHistory::stretch(const HistorySeries& series, std::size_t lanes, Step step,
                                         std::size_t values) const {
  const std::int64_t first = first_of(step, values);
  history::Stretch all{length_s(step), static_cast<double>(first) * length_s(step), {}};
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    history::Rates rates{lane_name(lane), std::vector<double>(values)};
    for (std::size_t i = 0; i < values; ++i) {
      const std::int64_t number = first + static_cast<std::int64_t>(i);
      const auto count = step == Step::second ? series.second(number, lane) : series.minute(number, lane);
      rates.values[i] =
          count ? static_cast<double>(*count) / all.step_s : std::numeric_limits<double>::quiet_NaN();
    }
    if (lane < Lane::kLanes || counted_anything(rates)) all.rates.push_back(std::move(rates));
  }
  return all;
}

history::Stretch TrafficHistory::host(Step step, std::size_t values) const {
  return stretch(host_, history::kHostLanes, step, values);
}

history::Stretch TrafficHistory::service(std::string_view name, Step step, std::size_t values) const {
  const Member* found = nullptr;
  for (const auto& [endpoint, member] : members_)
    if (member.name == name && (found == nullptr || member.exists > found->exists)) found = &member;
  return found == nullptr ? history::Stretch{} : stretch(found->series, Lane::kLanes, step, values);
}

std::size_t TrafficHistory::bytes() const {
  std::size_t sum = sizeof *this + host_.bytes() + services_.capacity() * sizeof services_.front() +
                    backends_.capacity() * sizeof backends_.front();
  for (const auto& [endpoint, member] : members_)
    sum += sizeof member - sizeof member.series + member.series.bytes() + endpoint.capacity() +
           member.name.capacity();
  return sum;
}

}  // namespace steadfast
