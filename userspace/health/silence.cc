// SPDX-License-Identifier: Apache-2.0
#include "health/silence.h"

#include <cmath>

namespace steadfast::health {
namespace {

constexpr unsigned kWindows[] = {2, 3, 4, 5, 6, 7, 9, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120};
constexpr unsigned kBaselineTicks = 30;
constexpr double kSameSeconds = 13, kBaseline = 18;  // thresholds where the others complete everything
constexpr double kLossAllowance = 8;                 // more of both where they complete nothing
constexpr std::uint32_t kLeastFailed = 4;
constexpr double kDead = 0.1;  // of the others' share: nothing comes back
constexpr double kHalf = 0.5;
constexpr double kSick = 0.85;      // in the window and in each third of it: worth an ejection
constexpr unsigned kSickTicks = 9;  // of which a pause, in two of them, leaves a third alone

// Log-likelihood of `k` of `n` at share `p`.
double log_likelihood(double k, double n, double p) {
  return (k > 0 ? k * std::log(p) : 0) + (n > k ? (n - k) * std::log(1 - p) : 0);
}

double evidence(const Handshakes& own, const Handshakes& others) {
  const double k = own.completed(), n = own.tries, ko = others.completed(), no = others.tries;
  const double both = (k + ko) / (n + no);
  return log_likelihood(k, n, k / n) + log_likelihood(ko, no, ko / no) - log_likelihood(k + ko, n + no, both);
}

// One backend and the rest of its pool in the same seconds.
struct Window {
  Handshakes own, others;

  Window(const HandshakeHistory& own_history, const HandshakeHistory& pool, unsigned ticks)
      : own(own_history.last(ticks)), others(pool.last(ticks) - own) {}
  Window(const Handshakes& o, const Handshakes& rest) : own(o), others(rest) {}
  Window operator-(const Window& newer) const { return {own - newer.own, others - newer.others}; }
  bool below(double part) const { return own.share() < part * others.share(); }
};

// A pause of a second, as a restart makes it, is over before this holds: nothing came
// back in any of the seconds, or little in the older of two and nothing in the newer,
// or too little in each third of a longer time.
bool lasts(const HandshakeHistory& own, const HandshakeHistory& pool, unsigned ticks, const Window& window) {
  if (window.below(kDead)) return true;
  if (ticks == 2) {
    const Window newer(own, pool, 1);
    return newer.own.completed() == 0 && (window - newer).below(kHalf);
  }
  if (ticks < kSickTicks || !window.below(kSick)) return false;
  const Window newest(own, pool, ticks / 3), newer(own, pool, 2 * ticks / 3);
  return newest.below(kSick) && (newer - newest).below(kSick) && (window - newer).below(kSick);
}

// The others over half a minute at least: what they complete in few seconds is chance.
Handshakes baseline(const HandshakeHistory& own, const HandshakeHistory& pool, unsigned ticks) {
  const unsigned longer = std::min({std::max(ticks, kBaselineTicks), own.ticks(), pool.ticks()});
  return Window(own, pool, longer).others;
}

bool is_evident(const Window& window, const Handshakes& longer) {
  const double allowance = kLossAllowance * (1 - std::min(window.others.share(), longer.share()));
  return evidence(window.own, window.others) >= kSameSeconds + allowance &&
         evidence(window.own, longer) >= kBaseline + allowance;
}

}  // namespace

std::optional<Silence> find_silence(const HandshakeHistory& own, const HandshakeHistory& pool) {
  for (const unsigned ticks : kWindows) {
    if (ticks > own.ticks() || ticks > pool.ticks()) return std::nullopt;
    const Window window(own, pool, ticks);
    if (window.own.failed() < kLeastFailed || window.others.tries == 0) continue;
    if (lasts(own, pool, ticks, window) && is_evident(window, baseline(own, pool, ticks)))
      return Silence{evidence(window.own, window.others), window.own.share(), window.others.share(), ticks,
                     window.own};
  }
  return std::nullopt;
}

std::string text_of(const Silence& silence) {
  return std::to_string(silence.counted.completed()) + " of " + std::to_string(silence.counted.tries) +
         " handshakes completed in " + std::to_string(silence.ticks) + " s, " +
         std::to_string(std::lround(100 * silence.others)) + " % of the others'";
}

}  // namespace steadfast::health
