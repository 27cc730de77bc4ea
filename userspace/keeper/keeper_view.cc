// SPDX-License-Identifier: Apache-2.0
// What a Keeper tells: its report and its alerts.
#include <algorithm>

#include "keeper/keeper.h"

namespace steadfast {
namespace {

constexpr std::size_t kFaultsTold = 20;

std::string text_of(const Cases::Finding& finding) {
  return finding.code.empty() ? "" : finding.code + ": " + finding.sentence;
}

std::string frozen_text(const health::View& view) {
  return view.frozen == health::LocalCause::Cause::none ? "" : std::string(name(view.frozen));
}

BackendHealth row_of(const health::BackendView& from, const Cases::Finding* finding, health::Time now) {
  BackendHealth to;
  to.name = from.name;
  to.state = name(from.state);
  to.reason = name(from.reason);
  to.detail = from.detail;
  to.since_s = health::seconds(now - from.since);
  to.serving = from.share.in;
  to.share = from.share.in ? from.share.factor : 0;
  if (from.last) {
    to.outcome = name(from.last->outcome);
    to.outcome_detail = from.last->detail;
    to.probe_s = health::seconds(from.last->duration);
  }
  if (finding != nullptr) to.fault = text_of(*finding);
  const bool leaves = from.state == health::State::draining || from.state == health::State::drained;
  if (leaves && from.flows) {
    to.flows_left = from.flows->flows;
    to.quiet_in_s = from.flows->quiet_in_s;
  }
  to.completion = from.completion;
  return to;
}

PoolHealth row_of(const health::PoolView& from, const Cases& cases, const ServerNames& names,
                  health::Time now) {
  PoolHealth to{from.name, from.active, from.healthy, from.serving, from.needed, from.on_floor, {}};
  to.backends.reserve(from.backends.size());
  for (const health::BackendView& backend : from.backends) {
    to.backends.push_back(row_of(backend, cases.finding({from.name, backend.name}), now));
    to.backends.back().stranger = names.difference(from.name, backend.name);
  }
  return to;
}

std::string text_of(const health::Alert& alert) {
  const std::string code(code_of(alert.kind));
  return (code.empty() ? "" : code + " ") + alert.object + ": " + alert.message;
}

void add_faults(const Cases& cases, std::vector<std::string>& alerts) {
  std::size_t faults = 0;
  for (const auto& [name, one] : cases.all()) {
    const Cases::Finding* finding = cases.finding(name);
    if (finding == nullptr || finding->code.empty() || ++faults > kFaultsTold) continue;
    alerts.push_back(finding->code + " backend/" + name.first + "/" + name.second + ": " + finding->sentence);
  }
  if (faults > kFaultsTold)
    alerts.push_back(std::to_string(faults - kFaultsTold) +
                     " more backends have a fault: steadfast show backends names each");
}

}  // namespace

HealthReport Keeper::report() const {
  const std::lock_guard guard(mutex_);
  const health::Time now = clock_();
  return report_of(board_.view(now), now);
}

HealthReport Keeper::unwell() const {
  const std::lock_guard guard(mutex_);
  const health::Time now = clock_();
  return report_of(board_.view_of_unwell(now), now);
}

HealthReport Keeper::report_of(const health::View& view, health::Time now) const {
  HealthReport report;
  report.figures = figures_;
  report.figures.frozen = frozen_text(view);
  report.figures.frozen_s = report.figures.frozen.empty() ? 0 : health::seconds(now - view.frozen_since);
  report.pools.reserve(view.pools.size());
  for (const health::PoolView& pool : view.pools)
    report.pools.push_back(row_of(pool, cases_, server_names_, now));
  return report;
}

void Keeper::add_alerts(std::vector<std::string>& alerts) const {
  if (!path_problem_.empty())
    alerts.push_back("host: health checks cannot take the packets' own path: " + path_problem_);
  for (const std::string& problem : unasked_) alerts.push_back("host: " + problem);
  if (!publish_problem_.empty())
    alerts.push_back("host: a change of health does not reach the packets: " + publish_problem_);
  for (const health::Alert& alert : board_.alerts()) alerts.push_back(text_of(alert));
  if (!board_.cause().is_frozen()) add_faults(cases_, alerts);
}

HealthStatus Keeper::status() const {
  const std::lock_guard guard(mutex_);
  HealthStatus status;
  add_alerts(status.alerts);
  const auto& cause = board_.cause();
  if (!cause.is_frozen()) return status;
  status.frozen = name(cause.cause());
  status.frozen_s = health::seconds(clock_() - cause.since());
  return status;
}

}  // namespace steadfast
