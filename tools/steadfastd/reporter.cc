// SPDX-License-Identifier: Apache-2.0
#include "reporter.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <ctime>
#include <string_view>

#include "base/clock.h"
#include "base/thread_name.h"

namespace steadfast {
namespace {

// A change that goes back is noticed so soon.
constexpr std::chrono::milliseconds kBeat{200};
constexpr double kStatusEvery_s = 1;
constexpr double kLongest_s = 3600;  // of a history in seconds
// Sentences that say what was put right (check/audit_rules.h).
constexpr std::array<std::string_view, 2> kRepairs{"SF902", "SF905"};
constexpr std::string_view kPool = "pool/", kBackend = "backend/", kService = "service/";

// 0 for a text that is no time.
double unix_time_s(const std::string& rfc3339) {
  std::tm parts{};
  if (strptime(rfc3339.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return 0;
  return static_cast<double>(timegm(&parts));
}

template <typename Each>
std::vector<incident::GenerationSeen> convert(const std::vector<Each>& generations) {
  std::vector<incident::GenerationSeen> all;
  all.reserve(generations.size());
  for (const Each& each : generations)
    all.push_back(
        {each.number, each.outcome, each.author, each.file, unix_time_s(each.time), each.ended_because});
  return all;
}

// "pool/web" and "backend/web/web-01" are of pool web; empty: another kind of object.
std::string pool_in(std::string_view object) {
  for (const std::string_view prefix : {kPool, kBackend})
    if (object.starts_with(prefix)) {
      object.remove_prefix(prefix.size());
      return std::string(object.substr(0, object.find('/')));
    }
  return "";
}

}  // namespace

std::vector<incident::GenerationSeen> seen(const std::vector<Generation>& generations) {
  return convert(generations);
}

Reporter::Reporter(LiveBalancer& balancer, const HealthWitness& health, std::unique_ptr<IncidentDesk> desk,
                   Wish wish)
    : balancer_(balancer), health_(health), desk_(std::move(desk)) {
  const auto add = [&](notify::Kind kind, std::vector<notify::Address>& addresses) {
    for (notify::Address& address : addresses)
      receivers_.push_back(std::make_unique<notify::Receiver>(kind, std::move(address), wish.instance));
  };
  add(notify::Kind::alertmanager, wish.alertmanagers);
  add(notify::Kind::webhook, wish.webhooks);
  balancer_.ask_about_incidents(this);
  thread_ = std::thread([this] { report(); });
}

Reporter::~Reporter() {
  balancer_.ask_about_incidents(nullptr);
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

bool Reporter::rest() {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, kBeat, [this] { return stopping_; });
}

void Reporter::report() {
  name_thread("incidents");
  do look(unix_now_s());
  while (rest());
}

void Reporter::look(double now_s) {
  if (now_s >= next_status_s_) look_at_status(now_s);
  incident::Moment moment;
  moment.now_s = now_s;
  moment.alarms = balancer_.alarms();
  for (const auto& receiver : receivers_) receiver->take(moment.alarms, now_s);
  if (!desk_) return;
  moment.generations = convert(balancer_.generations());
  moment.repairs = std::exchange(new_repairs_, {});
  moment.out = out_;
  tell(desk_->take(
      moment, [this](const std::string& object) { return service_of(object); },
      [this](const std::string& service, double from_s) { return traffic_of(service, from_s); }));
}

void Reporter::look_at_status(double now_s) {
  next_status_s_ = now_s + kStatusEvery_s;
  const Status status = balancer_.status();
  out_ = desk_ && desk_->status().open != 0 ? backends_out(now_s) : std::vector<incident::BackendOut>();
  const auto repairs = repairs_in(status);
  new_repairs_.insert(new_repairs_.end(), repairs.begin(), repairs.end());
  for (const auto& receiver : receivers_) {
    std::string& told = told_[receiver->address()];
    if (std::string problem = receiver->problem(); problem != told) {
      if (!problem.empty()) spdlog::warn("alerts are not delivered: {}", problem);
      told = std::move(problem);
    }
  }
}

std::vector<std::string> Reporter::repairs_in(const Status& status) {
  std::vector<std::string> repairs;
  for (const std::string& alert : status.alerts) {
    const bool says_so = std::any_of(kRepairs.begin(), kRepairs.end(),
                                     [&](std::string_view code) { return alert.starts_with(code); });
    if (says_so && !sentences_.contains(alert)) repairs.push_back(alert);
  }
  sentences_ = {status.alerts.begin(), status.alerts.end()};
  if (std::exchange(repairs_, status.audit.repairs) == status.audit.repairs) repairs.clear();
  return repairs;
}

std::vector<incident::BackendOut> Reporter::backends_out(double now_s) const {
  std::vector<incident::BackendOut> out;
  for (const PoolHealth& pool : health_.unwell().pools)
    for (const BackendHealth& backend : pool.backends)
      if (!backend.serving)
        out.push_back({std::string(kBackend) + pool.name + "/" + backend.name, now_s - backend.since_s,
                       "health calls it " + backend.state + " (" + backend.reason + ")"});
  return out;
}

// The first that uses the pool stands for all that do.
std::string Reporter::service_of(const std::string& object) const {
  if (object.starts_with(kService)) return object.substr(kService.size());
  const std::string pool = pool_in(object);
  if (pool.empty()) return "";
  const auto what_runs = balancer_.follow(0);
  if (!what_runs) return "";
  for (const Service& service : what_runs->model.services)
    if (what_runs->model.pools[service.pool].name == pool) return service.name;
  return "";
}

incident::Series Reporter::traffic_of(const std::string& service, double from_s) const {
  HistoryQuestion question;
  question.service = service;
  question.seconds = static_cast<std::uint32_t>(std::clamp(unix_now_s() - from_s, 1.0, kLongest_s));
  auto answer = balancer_.history(question);
  if (!answer) return {};
  incident::Series series{answer->step_s, answer->from_s, {}};
  for (HistoryLine& line : answer->series)
    if (line.name == "packets" || line.name.starts_with("dropped-by-"))
      series.lines.push_back({std::move(line.name), std::move(line.values)});
  return series;
}

void Reporter::tell(const std::vector<incident::Record>& begun) {
  for (const incident::Record& record : begun)
    spdlog::error("incident {}: {}", record.number, record.sentence);
}

IncidentList Reporter::incidents() const { return desk_ ? desk_->incidents() : IncidentList{}; }

Result<incident::Record> Reporter::incident(std::uint64_t number) const {
  if (!desk_) return Error{"no incident is recorded: the state directory could not be used"};
  return desk_->incident(number);
}

IncidentStatus Reporter::status() const {
  IncidentStatus status = desk_ ? desk_->status() : IncidentStatus{};
  for (const notify::Kind kind : {notify::Kind::alertmanager, notify::Kind::webhook}) {
    Deliveries all{notify::name(kind), 0, 0};
    for (const auto& receiver : receivers_) {
      if (receiver->kind() != kind) continue;
      all.sent += receiver->sent();
      all.failed += receiver->failed();
    }
    status.deliveries.push_back(std::move(all));
  }
  return status;
}

}  // namespace steadfast
