// SPDX-License-Identifier: Apache-2.0
#include "detect/volume.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace steadfast::detect {
namespace {

constexpr std::int64_t kMinutesPerSlot = 15;
constexpr auto kSlotsPerDay = static_cast<std::int64_t>(Season::kSlots);
constexpr std::size_t kDaysNeeded = 3;
constexpr double kLeastSpread = 0.25, kKeepSpread = 1 - 1.0 / 600;
// So few packets a minute more or less say nothing.
constexpr double kFew = 30;
constexpr double kAlarm = 8, kMost = 16;
constexpr std::size_t kTrimmedAtMost = 3;

double log_of(std::uint64_t packets) { return std::log(static_cast<double>(packets) + kFew); }

std::uint64_t packets_of(const VerdictCounts& counts) {
  std::uint64_t sum = 0;
  for (const Count& count : counts) sum += count.packets;
  return sum;
}

}  // namespace

Season::Season() {
  for (auto& day : days_) day.fill(std::numeric_limits<float>::quiet_NaN());
}

bool Season::usual(std::int64_t slot, Usual& found) const {
  std::vector<double> seen;
  std::size_t days_seen = 0;
  const std::int64_t today = slot / kSlotsPerDay;
  for (std::int64_t back = 1; back <= static_cast<std::int64_t>(kDays) && back <= today; ++back) {
    const std::size_t before = seen.size();
    for (std::int64_t near = -1; near <= 1; ++near) {
      const std::int64_t at = slot - back * kSlotsPerDay + near;
      if (at < 0 || at / kSlotsPerDay <= today - static_cast<std::int64_t>(kDaysKept)) continue;
      const float value = days_[static_cast<std::size_t>(at / kSlotsPerDay) % kDaysKept]
                               [static_cast<std::size_t>(at % kSlotsPerDay)];
      if (!std::isnan(value)) seen.push_back(value);
    }
    if (seen.size() > before) ++days_seen;
  }
  if (days_seen < kDaysNeeded) return false;
  std::sort(seen.begin(), seen.end());
  const std::size_t trimmed = std::min(seen.size() / 6, kTrimmedAtMost);
  found = {seen[trimmed], seen[seen.size() / 2], seen[seen.size() - 1 - trimmed]};
  return true;
}

void Season::judge(const Usual& usual, double now) {
  const double outside = now > usual.most ? now - usual.most : now < usual.least ? usual.least - now : 0;
  const double chance = 1 / std::sqrt(std::exp(usual.median));
  sum_ = std::clamp(sum_ + outside / (spread_ + chance) - 1, 0.0, kMost);
  if (outside == 0) sum_ /= 2;
  minutes_ = sum_ > 0 ? minutes_ + 1 : 0;
  missing_ = now < usual.least ? outside : -outside;
  alarm_ = alarm_ ? sum_ > 1 : sum_ >= kAlarm;
  if (sum_ > 1) return;
  spread_ = std::max(kLeastSpread, spread_ * kKeepSpread + 1.25 * outside * (1 - kKeepSpread));
}

void Season::learn(std::int64_t slot, double now) {
  if (slot != slot_) {
    if (slot_minutes_ > 0)
      days_[static_cast<std::size_t>(slot_ / kSlotsPerDay) % kDaysKept]
           [static_cast<std::size_t>(slot_ % kSlotsPerDay)] = static_cast<float>(slot_sum_ / slot_minutes_);
    slot_ = slot;
    slot_sum_ = 0;
    slot_minutes_ = 0;
  }
  slot_sum_ += now;
  ++slot_minutes_;
}

void Season::take(std::int64_t minute, std::uint64_t packets) {
  const std::int64_t slot = minute / kMinutesPerSlot;
  const double now = log_of(packets);
  learn(slot, now);
  Usual known{};
  if (usual(slot, known)) judge(known, now);
}

// Counters that went back begin anew, and so does a service that is new.
void Volume::end_minute(const Second& second, std::int64_t minute) {
  const bool is_whole = minute_ >= 0 && minute == minute_ + 1;
  std::erase_if(services_, [&](const auto& one) { return !second.services->contains(one.first); });
  for (const auto& [endpoint, counts] : *second.services) {
    const std::uint64_t packets = packets_of(counts);
    const auto [at, is_new] = services_.try_emplace(endpoint);
    Watched& watched = at->second;
    if (!is_new && is_whole && packets >= watched.packets)
      watched.season.take(minute_, packets - watched.packets);
    watched.packets = packets;
  }
}

std::vector<Sign> Volume::take(const Second& second, const Scene& scene) {
  const auto minute = static_cast<std::int64_t>((second.now_s + second.ahead_s) / 60);
  if (minute != minute_) {
    end_minute(second, minute);
    minute_ = minute;
  }
  std::vector<Sign> signs;
  for (const auto& [endpoint, watched] : services_) {
    const Season& season = watched.season;
    const auto service = scene.services.find(endpoint);
    if (!season.alarm() || service == scene.services.end()) continue;
    const double times = std::exp(-season.missing());
    signs.push_back(
        {"T5", Severity::warn, service->second.object, endpoint, "volume", std::abs(1 - std::min(times, 2.0)),
         second.now_s - 60.0 * season.minutes(),
         "it carries " + std::to_string(std::lround(times * 100)) + " % of what is usual at this time"});
  }
  return signs;
}

}  // namespace steadfast::detect
