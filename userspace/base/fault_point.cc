// SPDX-License-Identifier: Apache-2.0
#include "base/fault_point.h"

#ifdef STEADFAST_FAULT_POINTS

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

#include <unistd.h>

namespace steadfast {
namespace {

// Steps left until the end; 0 = no scope has begun, or none is asked for.
thread_local unsigned long steps_left = 0;

}  // namespace

void begin_fault_scope(const char* scope) {
  const char* const wanted = std::getenv("STEADFAST_FAULT");
  steps_left = 0;
  if (wanted == nullptr) return;
  const std::string text(wanted);
  const auto colon = text.find(':');
  if (colon == text.npos || text.substr(0, colon) != scope) return;
  steps_left = std::strtoul(text.c_str() + colon + 1, nullptr, 10);
}

// SIGKILL, because nothing of the process may get the chance to tidy up.
void fault_point(const char* step) {
  if (steps_left == 0 || --steps_left != 0) return;
  std::fprintf(stderr, "fault point: %s\n", step);
  std::fflush(stderr);
  kill(getpid(), SIGKILL);
}

}  // namespace steadfast

#endif
