// SPDX-License-Identifier: Apache-2.0
// What our programs tell the shell: one list for the CLI and the daemon.
// A bug of ours is base/bug.h's kExitBug.
//
// Must not enter: what leads to which code (check/, control/).
#pragma once

namespace steadfast {

enum Exit : int {
  kOk = 0,
  kRefused = 1,      // error findings, a failed test, or a refused change
  kEnvironment = 2,  // usage, a file, the daemon, the kernel
  kWarnings = 3,     // warnings under --strict
  kGated = 4,        // only gates stand in the way
};

}  // namespace steadfast
