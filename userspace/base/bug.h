// SPDX-License-Identifier: Apache-2.0
// The third channel of errors: our own faults. A broken invariant ends the
// process with its place and a sentence; it is never a return value, so no
// caller can carry on with it.
//
// Must not enter: anything a file, a peer or the kernel can cause.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <source_location>

namespace steadfast {

// The CLI's exit code for this is 5.
inline constexpr int kExitBug = 5;

[[noreturn]] inline void bug(const char* sentence,
                             std::source_location at = std::source_location::current()) {
  std::fprintf(stderr, "steadfast: bug: %s (%s:%u)\n", sentence, at.file_name(), at.line());
  std::fflush(stderr);
  std::_Exit(kExitBug);
}

inline void invariant(bool holds, const char* sentence,
                      std::source_location at = std::source_location::current()) {
  if (!holds) bug(sentence, at);
}

}  // namespace steadfast
