// SPDX-License-Identifier: Apache-2.0
// Fault points: named steps at which a test can kill the daemon, to show that
// every one of them leaves the old generation or the new one and nothing else.
// Built in only with STEADFAST_FAULT_POINTS (the dev preset); a release has none.
//
//   STEADFAST_FAULT=apply:17   the 17th step of the next apply ends the process
//
// Must not enter: faults that anything but a test asks for.
#pragma once

namespace steadfast {

#ifdef STEADFAST_FAULT_POINTS
// Steps are counted from here on, if `scope` is the one STEADFAST_FAULT names.
void begin_fault_scope(const char* scope);
void fault_point(const char* step);
#else
inline void begin_fault_scope(const char*) {}
inline void fault_point(const char*) {}
#endif

}  // namespace steadfast
