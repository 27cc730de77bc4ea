// SPDX-License-Identifier: Apache-2.0
// Life: whether the daemon ended by its own will, and with which generation it
// did not. A generation that kills the daemon twice in a minute is left for the
// one before, so that a file nobody foresaw cannot keep it down.
//
// Must not enter: the journal of generations (journal/journal.h), clocks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.h"

namespace steadfast {

inline constexpr double kCrashLoop_s = 60;
inline constexpr unsigned kCrashLoopTimes = 2;

class Life {
 public:
  // A life that did not end is a crash, noticed at `now_s` (Unix time). Writes
  // nothing. A damaged file is an Error that names it.
  static Result<Life> open(const std::filesystem::path& file, double now_s);

  // True when the generation brought the daemon down kCrashLoopTimes within kCrashLoop_s.
  bool is_crash_loop(std::uint64_t generation, double now_s) const;
  // From now on a death is this generation's.
  Result<void> live_with(std::uint64_t generation);
  Result<void> end();

 private:
  struct Crash {
    std::uint64_t generation = 0;
    double time_s = 0;
  };

  explicit Life(std::filesystem::path file) : file_(std::move(file)) {}
  Result<void> read(double now_s);
  Result<void> write(std::uint64_t generation) const;

  std::filesystem::path file_;
  std::uint64_t generation_ = 0;  // 0: nobody lives
  std::vector<Crash> crashes_;
};

}  // namespace steadfast
