// SPDX-License-Identifier: Apache-2.0
// The name of a thread, as `top -H` and /proc show it: what a daemon costs is asked by thread.
#pragma once

#include <pthread.h>

namespace steadfast {

// Of the calling thread, and of those that it starts; at most 15 characters.
template <unsigned size>
void name_thread(const char (&name)[size]) {
  static_assert(size <= 16, "the kernel keeps 15 characters");
  pthread_setname_np(pthread_self(), name);
}

}  // namespace steadfast
