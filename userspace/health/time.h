// SPDX-License-Identifier: Apache-2.0
// Time as health counts it: an offset of a clock that never goes back. Callers
// pass it in; nothing here asks a clock, so that a test can play a day in a second.
#pragma once

#include <chrono>

namespace steadfast::health {

using Time = std::chrono::nanoseconds;

inline double seconds(Time time) { return std::chrono::duration<double>(time).count(); }

}  // namespace steadfast::health
