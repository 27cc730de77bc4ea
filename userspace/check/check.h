// SPDX-License-Identifier: Apache-2.0
// check: every finding about a file, at once, in a stable order, without
// cascades. The whole judgement of a configuration goes through here: the CLI,
// the daemon and the tests call the same function.
//
// Must not enter: I/O, the kernel, rendering.
#pragma once

#include <optional>
#include <string>

#include "base/date.h"
#include "base/exit_code.h"
#include "config/config.h"
#include "config/finding.h"
#include "model/model.h"

namespace steadfast {

struct Checked {
  Findings findings;           // sorted; `file` filled in
  std::optional<Model> model;  // present when no error was found
};

// text → Config → Model → rules → exceptions. `file` is the name findings carry;
// `today`, in UTC, is what exceptions in the file end by.
Checked check(std::string text, std::string file, Date today);
// Without a date no exception holds: each counts as ended.
Checked check(std::string text, std::string file);

// The S rules over a whole model (2xx, 3xx, 4xx, 6xx).
void check_model(const Model& model, Findings& findings);

// Of a verb that finds things: errors before warnings under --strict before gates.
Exit exit_code(const Tally& tally, bool strict);

}  // namespace steadfast
