// SPDX-License-Identifier: Apache-2.0
// Check: what is missing on a backend, each with its consequence in traffic and
// the command that mends it. Pure: the same host gives the same findings.
//
// Must not enter: asking the system (host.h), output (verbs.h).
#pragma once

#include "backend.h"
#include "config/finding.h"

namespace steadfast::decap {

Findings check(const Wanted& wanted, const BackendHost& host);

}  // namespace steadfast::decap
