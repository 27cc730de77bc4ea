// SPDX-License-Identifier: Apache-2.0
// Screens: the human writing of a view. Each is a pure function of its view, so
// a test holds it to a file.
//
// Must not enter: terminals, I/O, JSON (control/api.h).
#pragma once

#include <string>
#include <vector>

#include "report/answer.h"
#include "report/changes.h"
#include "report/view.h"

namespace steadfast::report {

std::string status_screen(const Status& status, bool colour);
std::string services_screen(const ServicesView& view, bool colour);
std::string pools_screen(const PoolsView& view, bool colour);
std::string backends_screen(const BackendsView& view, bool colour);
std::string flows_screen(const FlowsView& view, bool colour);
std::string drops_screen(const DropsView& view, bool colour);
std::string generations_screen(const std::vector<GenerationInfo>& generations, bool colour);

// What has been changed, by whom and why, each generation as a paragraph.
std::string history_screen(const std::vector<GenerationInfo>& generations, bool colour);
std::string diff_screen(const Diff& diff, bool colour);
std::string blame_screen(const Blame& blame, bool colour);

// What became of one packet, and which line of the file decided it.
std::string trace_screen(const TraceAnswer& answer, bool colour);
// The same in one line, for a packet of a capture.
std::string trace_line(const TraceAnswer& answer);

}  // namespace steadfast::report
