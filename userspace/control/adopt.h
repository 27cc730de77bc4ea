// SPDX-License-Identifier: Apache-2.0
// adopt(): the identities that the kernel already runs, read from its tables.
// They are the truth: flows and counters name these ids whatever became of the
// state directory.
#pragma once

#include "base/result.h"
#include "compile/identity.h"
#include "kernel/memory.h"

namespace steadfast {

// Nothing runs: `identities` stays empty. Rows that contradict each other are an Error.
Result<void> adopt(const Memory& memory, Identities& identities);

}  // namespace steadfast
