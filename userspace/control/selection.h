// SPDX-License-Identifier: Apache-2.0
// Selection: the rows that somebody asks for, who could not show ten thousand:
// ?find=WORD&most=N. Those that need action come first, then by name.
//
// Must not enter: sockets, the HTTP library.
#pragma once

#include <optional>
#include <string>

#include "control/routes.h"
#include "report/view.h"

namespace steadfast {

struct Selection {
  std::string find;                 // in the name, address, service or pool; in small or large letters
  std::optional<std::size_t> most;  // none: all of them

  static Result<Selection> in(const Query& query);
  bool is_everything() const { return find.empty() && !most; }
};

// An answer about everything is as it came: what a selection needs to know of the rest is
// not in it.
void select(const Selection& selection, report::BackendsView& view);
void select(const Selection& selection, report::FlowsView& view);

Reply answer_backends(Balancer& balancer, const Query& query);
Reply answer_flows(Balancer& balancer, const Query& query);

}  // namespace steadfast
