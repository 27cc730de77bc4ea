// SPDX-License-Identifier: Apache-2.0
#include "plan/refused.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "compile/ranges.h"

namespace steadfast {
namespace {

double number(RangeKey key) {
  return std::ldexp(static_cast<double>(key.high), 64) + static_cast<double>(key.low);
}

// Addresses that are welcome, and how many of them another list refuses.
struct Welcome {
  double now = 0;
  double lost = 0;
  double share() const { return now > 0 ? lost / now : 0; }
};

Welcome compare(const std::vector<Step>& before, const std::vector<Step>& after, Family family) {
  std::vector<RangeKey> keys;
  for (const auto* steps : {&before, &after})
    for (const Step& step : *steps) keys.push_back(step.first);
  std::sort(keys.begin(), keys.end());
  const double end = std::ldexp(1.0, family == Family::v4 ? 32 : 128);
  Welcome welcome;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (value_at(before, keys[i]) != 0) continue;
    const double size = (i + 1 < keys.size() ? number(keys[i + 1]) : end) - number(keys[i]);
    welcome.now += size;
    if (value_at(after, keys[i]) != 0) welcome.lost += size;
  }
  return welcome;
}

bool has_lists(const Service& service) { return !service.allow.empty() || !service.deny.empty(); }

}  // namespace

double newly_refused(const Service& before, const Service& after) {
  if (!has_lists(after)) return 0;
  return compare(source_steps(before), source_steps(after), after.vip->family).share();
}

}  // namespace steadfast
