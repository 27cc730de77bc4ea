// SPDX-License-Identifier: Apache-2.0
// Past: how fast this balancer has been changed lately: which objects, how often,
// and how much weight each pool had. The rules about pace (SF501, SF513) judge by
// it. It begins with the daemon.
//
// Must not enter: rules, clocks.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "model/model.h"
#include "plan/difference.h"

namespace steadfast {

class Past {
 public:
  static constexpr double kHour_s = 3600;
  static constexpr double kRecent_s = 600;

  // A change that was made: what it changed, and the model it led from.
  void note(const std::vector<ObjectChange>& objects, const Model* before, double now_s);

  std::map<std::string, unsigned> changes_last_hour(double now_s) const;
  // Of each pool the greatest weight that took new flows within kRecent_s.
  std::map<std::string, std::uint64_t> recent_weight(double now_s) const;

 private:
  struct Moment {
    double time_s = 0;
    std::vector<std::string> objects;
    std::map<std::string, std::uint64_t> weights;
  };
  std::deque<Moment> moments_;  // of the last hour
};

}  // namespace steadfast
