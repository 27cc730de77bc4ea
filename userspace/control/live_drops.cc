// SPDX-License-Identifier: Apache-2.0
#include "control/live_drops.h"

#include <net/if.h>

#include <array>

#include "base/bug.h"
#include "base/clock.h"
#include "control/api.h"
#include "kernel/selector.h"

namespace steadfast {
namespace {

constexpr int kBadRequest = 400, kNotFound = 404, kUnavailable = 503;
constexpr std::chrono::seconds kSignOfLife{10};
// Ids keep their service for longer than this (they are quarantined).
constexpr std::chrono::seconds kNamesStayFresh{10};
constexpr std::chrono::seconds kBetweenLookUps{1};
constexpr double kNanosecond = 1e-9;

Result<sf_verdict> dropping_verdict(const std::string& word) {
  for (std::uint32_t value = 0; value < SF_VERDICT_COUNT; value++) {
    const auto verdict = static_cast<sf_verdict>(value);
    if (report::label(verdict) == word && report::is_drop(verdict)) return verdict;
  }
  return Error{"verdict: \"" + word + "\" is no verdict that drops"};
}

std::string interface_name(std::uint32_t index) {
  std::array<char, IF_NAMESIZE> name{};
  return if_indextoname(index, name.data()) != nullptr ? name.data() : "interface " + std::to_string(index);
}

// The sample's clock began with the machine.
double unix_time_of(std::uint64_t monotonic) {
  const auto age_ns = static_cast<std::int64_t>(monotonic_ns() - monotonic);
  return unix_now_s() - static_cast<double>(age_ns) * kNanosecond;
}

bool has_service(const Snapshot& snapshot, const std::string& name) {
  for (const ServiceSnapshot& service : snapshot.services)
    if (service.name == name) return true;
  return false;
}

}  // namespace

Result<LiveDrops::Wish> LiveDrops::wish_in(const Query& query) {
  Wish wish;
  for (const auto& [key, word] : query) {
    if (key == "service") {
      wish.service = word;
    } else if (key == "verdict") {
      const auto verdict = dropping_verdict(word);
      if (!verdict) return verdict.error();
      wish.verdict = *verdict;
    } else {
      return Error{"\"" + key + "\" is no parameter of this endpoint: it takes service and verdict"};
    }
  }
  return wish;
}

LiveDrops::Opened LiveDrops::open(Balancer& balancer, DropFeed* feed, const Query& query) {
  auto wish = wish_in(query);
  if (!wish) return {nullptr, failure(kBadRequest, wish.error().what)};
  if (feed == nullptr) return {nullptr, failure(kUnavailable, "no program samples dropped packets here")};
  const auto snapshot = balancer.snapshot();
  if (!snapshot) return {nullptr, failure(kUnavailable, snapshot.error().what)};
  if (wish->service && !has_service(*snapshot, *wish->service))
    return {nullptr, failure(kNotFound, "there is no service \"" + *wish->service + "\"")};
  auto listener = feed->listen();
  if (!listener) return {nullptr, failure(kUnavailable, listener.error().what)};
  return {std::unique_ptr<LiveDrops>(new LiveDrops(balancer, std::move(*listener), std::move(*wish))), {}};
}

LiveDrops::LiveDrops(Balancer& balancer, std::unique_ptr<DropFeed::Listener> listener, Wish wish)
    : balancer_(balancer), listener_(std::move(listener)), wish_(std::move(wish)) {}

// Names that cannot be read now stay as they were.
void LiveDrops::learn_names() {
  learnt_ = std::chrono::steady_clock::now();
  const auto snapshot = balancer_.snapshot();
  if (!snapshot) return;
  services_.clear();
  for (const ServiceSnapshot& service : snapshot->services) services_[service.id] = service.name;
}

const std::string& LiveDrops::service_name(std::uint32_t id) {
  static const std::string kNone;
  if (id == 0) return kNone;
  const auto age = std::chrono::steady_clock::now() - learnt_;
  if (age > kNamesStayFresh || (!services_.contains(id) && age > kBetweenLookUps)) learn_names();
  const auto found = services_.find(id);
  return found == services_.end() ? kNone : found->second;
}

report::LiveDrop LiveDrops::describe(const sf_sample& sample) {
  invariant(sample.verdict < SF_VERDICT_COUNT, "a sample has a verdict of the list");
  invariant(sample.captured_bytes <= SF_SAMPLE_BYTES, "a sample holds no more than it has room for");
  report::LiveDrop drop;
  drop.time_s = unix_time_of(sample.time_ns);
  drop.verdict = static_cast<sf_verdict>(sample.verdict);
  drop.service = service_name(sample.service);
  drop.interface = interface_name(sample.ifindex);
  drop.queue = sample.queue;
  drop.cpu = sample.cpu;
  drop.frame_bytes = sample.frame_bytes;
  drop.bytes.assign(sample.bytes, sample.bytes + sample.captured_bytes);
  return drop;
}

bool LiveDrops::is_wished(const report::LiveDrop& drop) const {
  return (!wish_.service || drop.service == *wish_.service) &&
         (!wish_.verdict || drop.verdict == *wish_.verdict);
}

Result<std::string> LiveDrops::next(std::chrono::milliseconds patience) {
  std::string lines;
  const bool is_first = last_line_ == std::chrono::steady_clock::time_point{};
  auto taken = listener_->take(is_first ? std::chrono::milliseconds{0} : patience);
  if (!taken) return taken.error();
  const std::uint64_t missed = listener_->missed();
  for (const sf_sample& sample : *taken) {
    report::LiveDrop drop = describe(sample);
    if (is_wished(drop)) lines += api::encode_line(report::DropLine{std::move(drop), missed});
  }
  const auto now = std::chrono::steady_clock::now();
  const bool is_quiet = is_first || now - last_line_ > kSignOfLife;
  if (lines.empty() && (missed != missed_told_ || is_quiet))
    lines = api::encode_line(report::DropLine{std::nullopt, missed});
  if (!lines.empty()) last_line_ = now, missed_told_ = missed;
  return lines;
}

}  // namespace steadfast
