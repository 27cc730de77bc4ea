// SPDX-License-Identifier: Apache-2.0
// The wall clock, for records and for what people read. What measures a delay takes
// a clock that never goes back instead.
//
// Must not enter: anything that decides; it gets its time passed.
#pragma once

#include <chrono>

namespace steadfast {

inline double unix_now_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

}  // namespace steadfast
