// SPDX-License-Identifier: Apache-2.0
#include "control/past.h"

#include <algorithm>

#include "plan/capacity.h"

namespace steadfast {
void Past::note(const std::vector<ObjectChange>& objects, const Model* before, double now_s) {
  Moment moment;
  moment.time_s = now_s;
  for (const ObjectChange& change : objects) moment.objects.push_back(change.object);
  if (before != nullptr)
    for (const Pool& pool : before->pools) moment.weights[pool.name] = weight_of(pool);
  moments_.push_back(std::move(moment));
  while (moments_.front().time_s < now_s - kHour_s) moments_.pop_front();
}

std::map<std::string, unsigned> Past::changes_last_hour(double now_s) const {
  std::map<std::string, unsigned> times;
  for (const Moment& moment : moments_)
    if (moment.time_s >= now_s - kHour_s)
      for (const std::string& object : moment.objects) ++times[object];
  return times;
}

std::map<std::string, std::uint64_t> Past::recent_weight(double now_s) const {
  std::map<std::string, std::uint64_t> greatest;
  for (const Moment& moment : moments_)
    if (moment.time_s >= now_s - kRecent_s)
      for (const auto& [pool, weight] : moment.weights) greatest[pool] = std::max(greatest[pool], weight);
  return greatest;
}

}  // namespace steadfast
