// SPDX-License-Identifier: Apache-2.0
// Baselines: what is commonly alerted on, over the same seconds: the burn rate of an
// error budget (14.4 times too fast over an hour and over five minutes, objective
// 99.9 %), a share above 1 % for five minutes, three standard deviations of the last
// hour. They are given drops by configuration alone, as the detectors are.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

namespace steadfast::simulation {

// Of the last so many seconds.
class Window {
 public:
  explicit Window(std::size_t seconds) : seconds_(seconds) {}
  void take(double packets, double dropped);
  double share() const { return packets_ > 0 ? dropped_ / packets_ : 0; }

 private:
  std::vector<std::pair<double, double>> seconds_;
  std::size_t next_ = 0;
  double packets_ = 0, dropped_ = 0;
};

class Baselines {
 public:
  enum Kind { burn_rate, above_one_percent, three_sigma, kKinds };
  static constexpr const char* kNames[] = {"burn rate 14.4×", "> 1 % for 5 min", "z > 3"};

  void take(std::uint64_t packets, std::uint64_t dropped);
  bool alarm(Kind kind) const { return alarms_[kind]; }

 private:
  bool is_unusual(double share);

  Window hour_{3600}, minutes_{300};
  unsigned above_s_ = 0;
  std::vector<double> shares_ = std::vector<double>(3600);
  std::size_t next_ = 0, known_ = 0;
  double sum_ = 0, squares_ = 0;
  std::array<bool, kKinds> alarms_{};
};

}  // namespace steadfast::simulation
