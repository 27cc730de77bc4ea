// SPDX-License-Identifier: Apache-2.0
// Findings of what the audit compares: sentences that name the object of the
// file, the entry and the values.
//
// Must not enter: comparing, repairing, the clock.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "audit/tables.h"
#include "base/date.h"
#include "compile/next_hop.h"
#include "config/finding.h"
#include "counters/snapshot.h"
#include "model/model.h"

namespace steadfast::audit {

// SF901: one per entry, with the values that differ in it.
Findings of_differences(const std::vector<Difference>& differences);
// SF905: one for all that was changed at once.
Finding of_foreign_write(const std::vector<Difference>& differences, double right_before_s);
// SF709 and SF710: backends that packets cannot leave for, those of one cause together.
Findings of_next_hops(const Model& model, const NextHops& hops);
// SF904; none while the last whole pass is young enough.
Findings of_age(double age_s);
// SF908: `text` is what stands on the disk as `file`, `running` what runs.
Findings of_file(const std::string& text, const std::string& file, const std::string& running_text,
                 const Model& running);
// SF909: services that have received nothing since they are counted, at least `silent_s`.
Findings of_silence(const Model& model, const Snapshot& snapshot, double silent_s);
// SF911 alone of what a check of the running text says today.
Findings of_exceptions(const std::string& text, const std::string& file, Date today);

}  // namespace steadfast::audit
