// SPDX-License-Identifier: Apache-2.0
// Rise: a share of packets that rises above what it was, found by a cumulative sum of
// log-likelihood ratios: fast when the rise is large, sure when it is small. Each
// second adds (d·ln(p1/p0) − n·(p1−p0))/φ for d drops among n packets, and the sum
// never falls below 0. p0 is the share learnt in quiet seconds, p1 the one to be
// found, φ ≥ 1 how much more than Poisson's the counts vary (bursts of one client).
//
// Page, Continuous inspection schemes, Biometrika 1954; for counts: Lucas,
// Technometrics 1985.
//
// Must not enter: whose packets these are; what an alarm leads to.
#pragma once

#include <cstdint>
#include <optional>

namespace steadfast::detect {

struct RiseSettings {
  double least_p0;
  double least_p1;
  double factor;                     // p1 is at least so many times p0
  double threshold;                  // of the sum, for an alarm
  std::optional<unsigned> accept_s;  // an alarm that lasts so long becomes the baseline; none: never
};

// Nothing should ever be dropped by configuration, and nobody gets used to it.
inline constexpr RiseSettings kConfigurationRise{1e-5, 0.002, 10, 20, std::nullopt};
// The internet always has some noise.
inline constexpr RiseSettings kNoiseRise{0.02, 0.05, 2.5, 20, 3600};
// While a generation is unconfirmed less evidence is enough.
inline constexpr double kUnconfirmedThreshold = 12;

// What is kept of half a minute's memory after one second.
inline constexpr double kRecent = 1 - 1.0 / 30;

class Rise {
 public:
  explicit Rise(const RiseSettings& settings) : settings_(settings) {}

  // One second's packets, `dropped` among them.
  void take(std::uint64_t packets, std::uint64_t dropped);

  bool alarm() const { return alarm_; }
  // The sum has come so far; below the alarm's own threshold it may fall again.
  bool is_above(double threshold) const { return alarm_ || sum_.value >= threshold; }
  // Seconds since the sum last was 0: when the rise began, as well as it can be told.
  unsigned rising_s() const { return sum_.rising_s; }
  // Since then.
  double rising_share() const { return sum_.share(); }
  // From now on a rise is also told apart from what was there before: a change was made.
  void mark();
  // The change is final, or gone: what rose because of it says nothing any more.
  void unmark();
  // Since the mark the sum, begun at 0, has come so far, and twice the share of before it.
  bool has_risen(double threshold) const;
  // Since that sum last was 0, and of the packets since then.
  unsigned risen_s() const { return marked_ ? marked_->sum.rising_s : 0; }
  double risen_share() const { return marked_ ? marked_->sum.share() : 0; }
  double p0() const;
  double p1() const;
  // Of the last half minute.
  double recent_packets() const { return recent_packets_; }
  double recent_share() const { return recent_packets_ > 0 ? recent_dropped_ / recent_packets_ : 0; }

 private:
  struct Sum {
    double value = 0;
    unsigned rising_s = 0;  // since it last was 0
    double packets = 0, dropped = 0;
    void add(double more, double most, double second_packets, double second_dropped);
    double share() const { return packets > 0 ? dropped / packets : 0; }
  };
  struct Mark {
    Sum sum;
    double share_before = 0;
  };

  void add(double packets, double dropped);
  void remember(double packets, double dropped);
  void learn(double packets, double dropped);
  bool is_over(double packets, double dropped);
  void end_when_over(double packets, double dropped);

  RiseSettings settings_;
  Sum sum_;
  std::optional<Mark> marked_;
  bool alarm_ = false;
  unsigned alarm_s_ = 0;
  unsigned clean_s_ = 0;  // of an alarm: since its share last was there
  double clean_packets_ = 0;
  double worst_share_ = 0;
  double recent_packets_ = 0, recent_dropped_ = 0;
  double quiet_packets_ = 0, quiet_dropped_ = 0;  // the baseline's memory
  double dispersion_ = 1;
};

}  // namespace steadfast::detect
