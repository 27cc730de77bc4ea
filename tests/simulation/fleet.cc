// SPDX-License-Identifier: Apache-2.0
#include "simulation/fleet.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace steadfast::simulation {
namespace {

constexpr double kDay_s = 86'400;
constexpr double kFlowsPerPacket = 0.05;
constexpr double kDriftKept = 0.999, kDriftStep = 0.004;
constexpr std::size_t kFlowsEvery_s = 10;
// Beyond it a Poisson count is as good as normal.
constexpr double kLarge = 64;

}  // namespace

Fleet::Fleet(std::uint64_t seed, std::size_t services)
    : random_(seed),
      loads_(services),
      rows_(services),
      drift_(services),
      packets_(services),
      dropped_(services),
      flows_(services * kBackends),
      established_(services * kBackends),
      detectors_(std::make_unique<detect::Detectors>()) {
  for (std::size_t i = 0; i < services; ++i) {
    const std::string name = "s" + std::to_string(i);
    endpoints_.push_back("tcp 192.0.2.1:" + std::to_string(1 + i));
    scene_.services[endpoints_[i]] = {"service/" + name, {1, 1},    true,
                                      i * kBackends,     kBackends, "pool/" + name};
    for (std::size_t k = 0; k < kBackends; ++k)
      scene_.backends.push_back({"backend/" + name + "/" + std::to_string(k), {}, 1.0 / kBackends, true});
    rows_[i] = &counters_[endpoints_[i]];
  }
  second_.generation = second_.generation_in_kernel = 1;
  second_.ahead_s = kUnix_s;
  second_.services = &counters_;
  show();
}

void Fleet::show() { detectors_->show(std::make_shared<detect::Scene>(scene_)); }

std::uint64_t Fleet::about(double mean) {
  if (mean <= 0) return 0;
  if (mean < kLarge) return std::poisson_distribution<std::uint64_t>(mean)(random_);
  return static_cast<std::uint64_t>(std::max(0.0, std::round(mean + std::sqrt(mean) * normal_(random_))));
}

double Fleet::of_the_day(std::size_t service) const {
  if (!loads_[service].has_days) return 1;
  const double phase = 2 * std::numbers::pi * std::fmod(now_s_, kDay_s) / kDay_s;
  return 1.05 - std::cos(phase);
}

void Fleet::carry(std::size_t service, double onset) {
  const Load& load = loads_[service];
  drift_[service] = kDriftKept * drift_[service] + kDriftStep * normal_(random_);
  const std::uint64_t packets = about(load.packets_per_s * of_the_day(service) * std::exp(drift_[service]));
  const auto all = static_cast<double>(packets);
  const std::uint64_t dropped = std::min(packets, about(all * load.configuration * (1 - onset)));
  const std::uint64_t sender = std::min(packets - dropped, about(all * load.sender));
  const std::uint64_t refused = std::min(packets - dropped - sender, about(all * load.refused));
  VerdictCounts& row = *rows_[service];
  row[SF_NO_NEXT_HOP].packets += dropped;
  row[SF_BAD_TRANSPORT].packets += sender;
  row[SF_SOURCE_DENIED].packets += refused;
  row[SF_FORWARDED].packets += packets - dropped - sender - refused;
  packets_[service] = packets;
  dropped_[service] = dropped;
}

void Fleet::spread_flows(std::size_t service) {
  for (std::size_t k = service * kBackends; k < (service + 1) * kBackends; ++k) {
    const std::uint64_t flows = about(static_cast<double>(packets_[service]) * kFlowsPerPacket *
                                      kFlowsEvery_s * scene_.backends[k].ring_share);
    flows_[k] += flows;
    established_[k] +=
        std::binomial_distribution<std::uint64_t>(flows, 1 - loads_[service].half_open)(random_);
  }
}

void Fleet::step(double onset) {
  now_s_ += 1;
  const bool counts_flows = static_cast<std::size_t>(now_s_) % kFlowsEvery_s == 0;
  for (std::size_t i = 0; i < loads_.size(); ++i) {
    carry(i, onset);
    if (counts_flows) spread_flows(i);
  }
  second_.now_s = now_s_;
  second_.new_flows = counts_flows ? flows_ : std::vector<std::uint64_t>{};
  second_.established = counts_flows ? established_ : std::vector<std::uint64_t>{};
  detectors_->take(second_);
}

std::uint64_t Fleet::pend(const std::vector<std::size_t>& services) {
  detect::ChangeMade change{++second_.generation, now_s_, "ann", "edge.toml", {}, {}};
  for (const std::size_t service : services) change.endpoints.insert(endpoints_[service]);
  second_.generation_in_kernel = second_.generation;
  second_.unconfirmed = detect::Unconfirmed{change.generation};
  detectors_->note(std::move(change));
  return second_.generation;
}

void Fleet::deploy(std::size_t service) {
  const std::size_t first = service * kBackends;
  const std::size_t gone = std::uniform_int_distribution<std::size_t>(0, kBackends - 1)(random_);
  for (std::size_t k = 0; k < kBackends; ++k)
    scene_.backends[first + k].ring_share = k == gone ? 0 : 1.0 / (kBackends - 1);
  show();
}

void Fleet::restart() {
  detectors_ = std::make_unique<detect::Detectors>();
  show();
}

void Fleet::zero_counters(std::size_t service) { *rows_[service] = {}; }

std::size_t Fleet::pages() const {
  const auto alarms = detectors_->alarms();
  return static_cast<std::size_t>(std::count_if(alarms.begin(), alarms.end(), [](const detect::Alarm& alarm) {
    return alarm.severity == detect::Severity::page;
  }));
}

bool Fleet::pages(std::size_t service) const {
  const std::string object = "service/s" + std::to_string(service);
  const auto alarms = detectors_->alarms();
  return std::any_of(alarms.begin(), alarms.end(), [&](const detect::Alarm& alarm) {
    return alarm.object == object && alarm.severity == detect::Severity::page;
  });
}

}  // namespace steadfast::simulation
