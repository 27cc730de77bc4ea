// SPDX-License-Identifier: Apache-2.0
// The third channel of errors: our own faults. A broken invariant ends the
// process with its place and a sentence; it is never a return value, so no
// caller can carry on with it.
//
// Must not enter: anything a file, a peer or the kernel can cause.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace steadfast {

// The CLI's exit code for this is 5.
inline constexpr int kExitBug = 5;

// The caller's place comes from built-ins: clang 14 has no <source_location>.
[[noreturn]] inline void bug(const char* sentence, const char* file = __builtin_FILE(),
                             int line = __builtin_LINE()) {
  std::fprintf(stderr, "steadfast: bug: %s (%s:%d)\n", sentence, file, line);
  std::fflush(stderr);
  std::_Exit(kExitBug);
}

inline void invariant(bool holds, const char* sentence, const char* file = __builtin_FILE(),
                      int line = __builtin_LINE()) {
  if (!holds) bug(sentence, file, line);
}

}  // namespace steadfast
