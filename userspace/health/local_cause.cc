// SPDX-License-Identifier: Apache-2.0
#include "health/local_cause.h"

#include <algorithm>
#include <set>

namespace steadfast::health {
namespace {

bool no_probe_leaves(std::span<const Voter> voters) {
  return !voters.empty() &&
         std::all_of(voters.begin(), voters.end(), [](const Voter& v) { return v.local_error; });
}

std::optional<Time> newest_failure(std::span<const Voter> voters) {
  std::optional<Time> newest;
  for (const Voter& voter : voters)
    if (voter.failing && (!newest || *voter.failing_since > *newest)) newest = voter.failing_since;
  return newest;
}

// The first of the failures that began within the same moment as the newest; those
// that began earlier are of another episode.
std::optional<Time> beginning(std::span<const Voter> voters) {
  std::optional<Time> first = newest_failure(voters);
  if (!first) return first;
  const Time earliest = *first - kSameMoment;
  for (const Voter& voter : voters)
    if (voter.failing && *voter.failing_since >= earliest) first = std::min(*first, *voter.failing_since);
  return first;
}

// Whoever was heard since `began` failed, and they are many enough to say so.
bool all_fail_since(std::span<const Voter> voters, Time began) {
  std::set<std::size_t> pools;
  std::size_t failed = 0;
  for (const Voter& voter : voters) {
    if (!voter.last_proof || *voter.last_proof < began) continue;
    if (!voter.failing) return false;
    if (*voter.failing_since < began) continue;
    pools.insert(voter.pool);
    ++failed;
  }
  return pools.size() >= kLeastPools && failed >= kLeastBackends;
}

}  // namespace

bool LocalCause::is_over(std::span<const Voter> voters) const {
  if (cause_ == Cause::no_probe_leaves) return !no_probe_leaves(voters);
  return std::any_of(voters.begin(), voters.end(),
                     [&](const Voter& v) { return v.last_pass && *v.last_pass >= since_; });
}

void LocalCause::tick(std::span<const Voter> voters, bool fallen, Time now) {
  if (is_frozen()) {
    if (is_over(voters)) cause_ = Cause::none;
    return;
  }
  if (no_probe_leaves(voters)) {
    cause_ = Cause::no_probe_leaves;
    since_ = began_ = now;
    return;
  }
  const std::optional<Time> began = fallen ? beginning(voters) : std::nullopt;
  if (!began || !all_fail_since(voters, *began)) return;
  cause_ = Cause::all_fail;
  since_ = now;
  began_ = *began;
}

std::string_view name(LocalCause::Cause cause) {
  switch (cause) {
    case LocalCause::Cause::none:
      return "none";
    case LocalCause::Cause::all_fail:
      return "all-fail";
    case LocalCause::Cause::no_probe_leaves:
      return "no-probe-leaves";
  }
  return "none";
}

}  // namespace steadfast::health
