// SPDX-License-Identifier: Apache-2.0
// Clocks for records and for what people read: when something happened (the wall
// clock), and how long it took (one that never goes back).
//
// Must not enter: anything that decides; it gets its time passed.
#pragma once

#include <chrono>

namespace steadfast {

inline double unix_now_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

inline double ms_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace steadfast
