// SPDX-License-Identifier: Apache-2.0
// AskAgain: when neighbours that do not answer are asked for once more. The kernel goes
// on to ask by itself, and says so when one answers: what is silent for long is asked
// seldom, because each time everything is looked at.
//
// Must not enter: clocks, who asks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace steadfast {

class AskAgain {
 public:
  static constexpr std::uint64_t kFirst_ns = 1'000'000'000, kLongest_ns = 16 * kFirst_ns;

  // So many are silent now; others than before are asked for soon.
  bool is_due(std::size_t silent, std::uint64_t now_ns) {
    if (silent != silent_) {
      silent_ = silent;
      pause_ns_ = kFirst_ns;
      due_ns_ = now_ns + pause_ns_;
    }
    return silent_ != 0 && now_ns >= due_ns_;
  }
  void asked(std::uint64_t now_ns) {
    pause_ns_ = std::min(2 * pause_ns_, kLongest_ns);
    due_ns_ = now_ns + pause_ns_;
  }

 private:
  std::size_t silent_ = 0;
  std::uint64_t pause_ns_ = kFirst_ns, due_ns_ = 0;
};

}  // namespace steadfast
