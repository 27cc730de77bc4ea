// SPDX-License-Identifier: Apache-2.0
// Entries of `allow` and `deny` that decide nothing, and lists that let nobody
// in. They are found under SF209 (overlaps.cc), with shadowed services.
//
// Must not enter: what a change does to clients (change_sources.cc).
#pragma once

#include "check/context.h"
#include "config/finding.h"

namespace steadfast::rules {

void find_idle_sources(const Context& context, Findings& findings);

}  // namespace steadfast::rules
