// SPDX-License-Identifier: Apache-2.0
// The selector against what the balancer left there. The timer in the kernel
// writes the same row, so what is its own, and what it may do while a change is
// pending, is no difference.
//
// Must not enter: what the slots hold (tables.h).
#pragma once

#include <vector>

#include "audit/tables.h"
#include "bpf/abi.h"

namespace steadfast::audit {

// `found` by value: the row itself may tick between two looks at one word.
std::vector<Difference> compare_selector(const sf_selector& left, sf_selector found);

}  // namespace steadfast::audit
