// SPDX-License-Identifier: Apache-2.0
#include "audit/selector.h"

#include <utility>

#include "audit/fields.h"

namespace steadfast::audit {
namespace {

// The kernel goes back by itself at any time until the deadline is taken.
bool went_back(const sf_selector& left, const sf_selector& found) {
  return left.deadline_ns != 0 && found.deadline_ns == 0 && found.fallbacks == left.fallbacks + 1;
}

sf_selector with_timers_own(sf_selector left, const sf_selector& found) {
  left.ticks = found.ticks;
  left.clock_s = found.clock_s;
  left.sample_until_s = found.sample_until_s;
  if (!went_back(left, found)) return left;
  left.live = found.live;
  left.deadline_ns = found.deadline_ns;
  left.fallbacks = found.fallbacks;
  left.fell_back_ns = found.fell_back_ns;
  return left;
}

}  // namespace

std::vector<Difference> compare_selector(const sf_selector& left, sf_selector found) {
  std::vector<Difference> differences;
  for (FieldDifference& field : differing(with_timers_own(left, found), found)) {
    Difference& difference = differences.emplace_back();
    difference.map = name(Table::slot);
    difference.slot = SF_NO_SLOT;
    difference.field = "selector." + field.field;
    difference.desired = std::move(field.desired);
    difference.found = std::move(field.found);
    difference.object = "host";
  }
  return differences;
}

}  // namespace steadfast::audit
