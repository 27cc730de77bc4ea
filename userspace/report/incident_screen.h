// SPDX-License-Identifier: Apache-2.0
// Incidents for people: the table of all, one with its timeline, and the draft of a
// post-mortem in Markdown.
//
// Must not enter: terminals, I/O, the picture (report/incident_picture.h).
#pragma once

#include <string>
#include <vector>

#include "incident/record.h"

namespace steadfast::report {

// `damaged`: sentences about records that cannot be read.
std::string incidents_screen(const std::vector<incident::Record>& incidents,
                             const std::vector<std::string>& damaged, bool colour);
std::string incident_screen(const incident::Record& record, bool colour);
// `picture`: the name of its file; empty: there is none.
std::string post_mortem(const incident::Record& record, const std::string& picture);

}  // namespace steadfast::report
