// SPDX-License-Identifier: Apache-2.0
#include "probe/prober.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <functional>

namespace steadfast::probe {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kEventsAtOnce = 512;

std::uint64_t word_of(std::uint32_t slot, std::uint32_t use) { return std::uint64_t{use} << 32 | slot; }

// Rounded up: a deadline that a wait ends just before would be waited for again.
int to_wait(milliseconds most, std::optional<Clock::time_point> deadline) {
  if (!deadline) return static_cast<int>(most.count());
  const auto left = std::chrono::ceil<milliseconds>(*deadline - Clock::now());
  return static_cast<int>(std::clamp(left, milliseconds(0), most).count());
}

}  // namespace

Result<Prober> Prober::open(ProberSettings settings) {
  Fd epoll(epoll_create1(EPOLL_CLOEXEC));
  if (epoll.get() < 0) return Error::from_errno("opening the prober's epoll");
  auto tls = TlsSettings::open();
  if (!tls) return tls.error();
  return Prober(settings, std::move(epoll), std::move(*tls));
}

// Ids begin where no earlier daemon's can have been: its entries may still stand in a leftover program.
Prober::Prober(ProberSettings settings, Fd epoll, TlsSettings tls)
    : settings_(settings),
      epoll_(std::move(epoll)),
      tls_(std::move(tls)),
      serial_(static_cast<std::uint64_t>(Clock::now().time_since_epoch().count())) {}

void Prober::start(ProbeRequest request) { queue_.push_back(std::move(request)); }

std::optional<Clock::time_point> Prober::next_deadline() const {
  if (deadlines_.empty()) return std::nullopt;
  return deadlines_.top().at;
}

Result<std::vector<ProbeResult>> Prober::run(milliseconds most) {
  std::vector<ProbeResult> ended;
  admit(ended);
  if (auto waited = wait(ended.empty() ? most : milliseconds(0), ended); !waited) return waited.error();
  expire(ended);
  return ended;
}

void Prober::admit(std::vector<ProbeResult>& ended) {
  while (!queue_.empty() && running_ < settings_.concurrency) {
    ProbeRequest request = std::move(queue_.front());
    queue_.pop_front();
    begin(std::move(request), ended);
  }
}

void Prober::begin(ProbeRequest request, std::vector<ProbeResult>& ended) {
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(slots_.size()));
    slots_.emplace_back();
  }
  const std::uint32_t at = free_.back();
  free_.pop_back();
  Slot& slot = slots_[at];
  slot.started = Clock::now();
  deadlines_.push({slot.started + request.timeout, at, slot.use});
  slot.session = std::make_unique<Session>(std::move(request), ++serial_, settings_.path, tls_);
  ++running_;
  if (auto verdict = slot.session->start()) return end(at, std::move(*verdict), ended);
  if (!watch(at)) end(at, verdict_of_error(errno), ended);
}

bool Prober::watch(std::uint32_t slot) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = word_of(slot, slots_[slot].use);
  return epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, slots_[slot].session->socket(), &event) == 0;
}

bool Prober::is_current(std::uint32_t slot, std::uint32_t use) const {
  return slots_[slot].session != nullptr && slots_[slot].use == use;
}

Result<void> Prober::wait(milliseconds most, std::vector<ProbeResult>& ended) {
  std::array<epoll_event, kEventsAtOnce> events;
  const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                               to_wait(most, next_deadline()));
  if (count < 0 && errno != EINTR) return Error::from_errno("waiting for probes");
  for (int i = 0; i < count; ++i) {
    const std::uint64_t word = events[static_cast<std::size_t>(i)].data.u64;
    const auto slot = static_cast<std::uint32_t>(word);
    if (!is_current(slot, static_cast<std::uint32_t>(word >> 32))) continue;
    if (auto verdict = slots_[slot].session->ready()) end(slot, std::move(*verdict), ended);
  }
  return {};
}

void Prober::expire(std::vector<ProbeResult>& ended) {
  const Time now = Clock::now();
  while (!deadlines_.empty()) {
    const Deadline next = deadlines_.top();
    const bool current = is_current(next.slot, next.use);
    if (current && next.at > now) return;
    deadlines_.pop();
    if (current) end(next.slot, slots_[next.slot].session->out_of_time(), ended);
  }
}

void Prober::end(std::uint32_t at, Verdict verdict, std::vector<ProbeResult>& ended) {
  Slot& slot = slots_[at];
  ended.push_back(slot.session->finish(std::move(verdict)));
  ended.back().duration = Clock::now() - slot.started;
  slot.session.reset();
  ++slot.use;
  free_.push_back(at);
  --running_;
}

}  // namespace steadfast::probe
