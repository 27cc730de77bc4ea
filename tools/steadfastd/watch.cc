// SPDX-License-Identifier: Apache-2.0
#include "watch.h"

#include <poll.h>
#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/signalfd.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "control/ask_again.h"
#include "kernel/bpf_maps.h"
#include "kernel/netlink.h"
#include "kernel/route.h"
#include "kernel/selector.h"

namespace steadfast {
namespace {

// Notifications come in bursts (one per address and neighbour of a link); the
// pause gathers one burst into one publication.
constexpr int kGatherMs = 20;
constexpr std::uint64_t kNanosecondsPerMs = 1'000'000;
constexpr std::uint64_t kLookEvery_ns = 1'000'000'000;

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

void refresh(LiveBalancer& balancer) {
  const auto changed = balancer.refresh_next_hops();
  if (!changed)
    spdlog::error("next hops stay as they were: {}", changed.error().what);
  else if (*changed)
    spdlog::info("next hops changed; {} unresolved", balancer.status().unresolved_next_hops);
}

// Everything is read anew whatever the notifications said, so lost ones
// (ENOBUFS) need no other treatment than arrived ones. The time is counted from
// the first: with thousands of neighbours the next one is never far.
Result<void> take_notifications(Netlink& netlink) {
  const std::uint64_t end_ns = monotonic_ns() + kGatherMs * kNanosecondsPerMs;
  for (pollfd more{netlink.fd(), POLLIN, 0}; monotonic_ns() < end_ns && poll(&more, 1, kGatherMs) > 0;) {
    const auto drained = netlink.drain();
    if (!drained && drained.error().os_error != ENOBUFS) return drained.error();
  }
  return {};
}

// What is due may be due now; at least a millisecond passes before it is asked again.
int milliseconds_until(std::uint64_t next_ns) {
  const std::uint64_t now = monotonic_ns();
  return next_ns <= now ? 1 : static_cast<int>((next_ns - now) / kNanosecondsPerMs) + 1;
}

// Says once what an operator must know; the rest is in `steadfast status`.
void tell(std::vector<std::string> alerts, std::vector<std::string>& told) {
  for (const std::string& alert : alerts)
    if (std::find(told.begin(), told.end(), alert) == told.end()) spdlog::error("{}", alert);
  told = std::move(alerts);
}

}  // namespace

void block_signals() {
  const sigset_t set = ending_signals();
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

Result<void> watch(LiveBalancer& balancer) {
  const sigset_t set = ending_signals();
  const Fd signals(signalfd(-1, &set, SFD_CLOEXEC));
  if (signals.get() < 0) return Error::from_errno("signalfd");
  auto netlink = Netlink::open(next_hop_groups());
  if (!netlink) return netlink.error();
  refresh(balancer);
  std::vector<std::string> told;
  AskAgain ask_again;
  for (std::uint64_t look_ns = 0;;) {
    std::array<pollfd, 2> waits{{{signals.get(), POLLIN, 0}, {netlink->fd(), POLLIN, 0}}};
    const int ready = poll(waits.data(), waits.size(), milliseconds_until(balancer.tend()));
    if (ready < 0 && errno != EINTR) return Error::from_errno("poll");
    if (waits[0].revents != 0) return {};
    bool again = false;
    if (monotonic_ns() >= look_ns) {
      look_ns = monotonic_ns() + kLookEvery_ns;
      Status status = balancer.status();
      tell(std::move(status.alerts), told);
      again = ask_again.is_due(status.unresolved_next_hops, monotonic_ns());
    }
    if (waits[1].revents == 0 && !again) continue;
    if (waits[1].revents != 0)
      if (auto taken = take_notifications(*netlink); !taken) return taken;
    refresh(balancer);
    if (again) ask_again.asked(monotonic_ns());
  }
}

}  // namespace steadfast
