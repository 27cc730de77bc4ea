// SPDX-License-Identifier: Apache-2.0
// Difference: which objects of a configuration another one adds, removes or
// changes, key by key, each with its line. What was moved or reformatted in the
// text is no difference.
//
// Must not enter: what the difference does to traffic (plan/movement.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/place.h"
#include "model/model.h"

namespace steadfast {

enum class ChangeKind { added, removed, changed };
std::string_view name(ChangeKind kind);

struct FieldChange {
  std::string key;     // as the file spells it: "weight", "health.interval"
  std::string before;  // as the file would write it; empty: was not there
  std::string after;
};

struct ObjectChange {
  ChangeKind kind = ChangeKind::changed;
  std::string object;               // "service/web", "pool/web", "backend/web/web-01", "host", "limits"
  Place before;                     // in the running file; none when added
  Place after;                      // in the new file; none when removed
  std::vector<FieldChange> fields;  // of a changed one
};

// In the order of the new file, what was removed last.
std::vector<ObjectChange> difference(const Model& before, const Model& after);

}  // namespace steadfast
