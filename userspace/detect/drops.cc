// SPDX-License-Identifier: Apache-2.0
#include "detect/drops.h"

#include <algorithm>
#include <numeric>

namespace steadfast::detect {
namespace {

constexpr sf_kind kKinds[] = {
#define X(symbol, value, action, kind, label, help) SF_KIND_##kind,
    SF_VERDICTS(X)
#undef X
};

constexpr std::string_view kLabels[] = {
#define X(symbol, value, action, kind, label, help) label,
    SF_VERDICTS(X)
#undef X
};

bool went_back(const VerdictCounts& before, const VerdictCounts& now) {
  for (std::size_t i = 0; i < now.size(); ++i)
    if (now[i].packets < before[i].packets) return true;
  return false;
}

}  // namespace

std::string_view label(sf_verdict verdict) { return kLabels[verdict]; }

bool is_by(Cause cause, sf_verdict verdict) {
  const bool refused = verdict == SF_SOURCE_DENIED || verdict == SF_SOURCE_NOT_ALLOWED;
  const sf_kind kind = kKinds[verdict];
  if (cause == Cause::sender) return kind == SF_KIND_SENDER || refused;
  return kind == SF_KIND_CONFIGURATION && !refused;
}

void Drops::take(Watched& service, const VerdictCounts& now) {
  if (!service.known || went_back(service.counted, now)) service.counted = now;
  if (!service.known && marked_) service.configuration.mark();
  service.known = true;
  std::uint64_t packets = 0, configuration = 0, sender = 0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    const std::uint64_t more = now[i].packets - service.counted[i].packets;
    service.fresh[i] = more;
    packets += more;
    if (is_by(Cause::configuration, static_cast<sf_verdict>(i))) configuration += more;
    if (is_by(Cause::sender, static_cast<sf_verdict>(i))) sender += more;
  }
  service.counted = now;
  packets_ += packets;
  service.configuration.take(packets, configuration);
  service.sender.take(packets, sender);
  remember(service, Cause::configuration);
  remember(service, Cause::sender);
}

// What was there before a rise is not what rises.
void Drops::remember(Watched& service, Cause cause) {
  const Rise& rise = cause == Cause::configuration ? service.configuration : service.sender;
  const bool rises = rise.alarm() || rise.rising_s() > 0 || rise.risen_s() > 0;
  for (std::size_t i = 0; i < service.rising.size(); ++i)
    if (is_by(cause, static_cast<sf_verdict>(i)))
      service.rising[i] = rises ? service.rising[i] * kRecent + static_cast<double>(service.fresh[i]) : 0;
}

void Drops::take(const std::map<std::string, VerdictCounts>& services) {
  packets_ = 0;
  std::erase_if(services_, [&](const auto& one) { return !services.contains(one.first); });
  for (const auto& [endpoint, counts] : services) take(services_[endpoint], counts);
}

DropAlarm Drops::describe(const std::string& endpoint, const Watched& service, Cause cause) {
  const Rise& rise = cause == Cause::configuration ? service.configuration : service.sender;
  DropAlarm alarm{endpoint, cause, {}, rise.rising_share(), rise.rising_s()};
  double most = -1;
  for (std::size_t i = 0; i < service.rising.size(); ++i) {
    const auto verdict = static_cast<sf_verdict>(i);
    if (!is_by(cause, verdict) || service.rising[i] <= most) continue;
    most = service.rising[i];
    alarm.verdict = verdict;
  }
  return alarm;
}

std::vector<DropAlarm> Drops::alarms() const {
  std::vector<DropAlarm> all;
  if (host_.sender.alarm()) all.push_back(describe({}, host_, Cause::sender));
  for (const auto& [endpoint, service] : services_) {
    if (service.configuration.alarm()) all.push_back(describe(endpoint, service, Cause::configuration));
    if (service.sender.alarm()) all.push_back(describe(endpoint, service, Cause::sender));
  }
  return all;
}

DropAlarm Drops::describe_risen(const std::string& endpoint, const Watched& service) {
  DropAlarm alarm = describe(endpoint, service, Cause::configuration);
  alarm.share = service.configuration.risen_share();
  alarm.since_s = service.configuration.risen_s();
  return alarm;
}

void Drops::mark() {
  marked_ = true;
  for (auto& [endpoint, service] : services_) service.configuration.mark();
}

void Drops::unmark() {
  marked_ = false;
  for (auto& [endpoint, service] : services_) service.configuration.unmark();
}

std::vector<DropAlarm> Drops::risen(double threshold) const {
  std::vector<DropAlarm> all;
  for (const auto& [endpoint, service] : services_)
    if (service.configuration.has_risen(threshold)) all.push_back(describe_risen(endpoint, service));
  return all;
}

std::vector<DropAlarm> Drops::met(sf_verdict verdict) const {
  std::vector<DropAlarm> all;
  for (const auto& [endpoint, service] : services_) {
    if (service.fresh[verdict] == 0) continue;
    const auto packets = std::accumulate(service.fresh.begin(), service.fresh.end(), std::uint64_t{0});
    const double share = static_cast<double>(service.fresh[verdict]) / static_cast<double>(packets);
    all.push_back({endpoint, Cause::configuration, verdict, share, 1});
  }
  return all;
}

double Drops::recent_packets(const std::string& endpoint) const {
  const auto found = services_.find(endpoint);
  return found == services_.end() ? 0 : found->second.configuration.recent_packets();
}

std::vector<DropAlarm> Drops::rising(double threshold) const {
  std::vector<DropAlarm> all;
  for (const auto& [endpoint, service] : services_)
    if (service.configuration.is_above(threshold))
      all.push_back(describe(endpoint, service, Cause::configuration));
  return all;
}

}  // namespace steadfast::detect
