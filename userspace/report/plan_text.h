// SPDX-License-Identifier: Apache-2.0
// Plans for people: how much of the traffic a change moves and drops, which
// objects it touches, which services feel it, and what capacity is lost.
//
// Must not enter: findings (report/finding_text.h), terminals.
#pragma once

#include <string>

#include "plan/plan.h"
#include "report/change_lines.h"

namespace steadfast::report {

// "30.1% of this host's traffic moves, 0 dropped".
std::string plan_headline(const Plan& plan);

std::string plan_text(const Plan& plan, const Sides& sides, bool colour);

}  // namespace steadfast::report
