// SPDX-License-Identifier: Apache-2.0
// Allow comments: an exception that stands in the file itself, with a reason and
// an end. What is allowed stays in the list as a note.
//
//   # steadfast:allow SF408 reason="single rack until the move" until=2026-12-31
//
// It stands on the line of a statement, or on the lines directly above one, and
// speaks of the object that statement belongs to.
//
// Must not enter: findings about a change (check/change.h); nobody can allow
// those in advance.
#pragma once

#include <string_view>

#include "base/date.h"
#include "config/finding.h"

namespace steadfast {

extern const Rule kExpiredAllow;  // SF911

// Turns the findings that comments of `text` allow into notes, and reports the
// comments that cannot be understood (SF103) or have ended (SF911).
void apply_allows(std::string_view text, Date today, Findings& findings);

}  // namespace steadfast
