// SPDX-License-Identifier: Apache-2.0
// The D rules: what is wrong with a change although the file it leads to may be
// right. They judge a Plan and what the balancer knows of its own past.
//
// Must not enter: I/O, the kernel, the journal; the caller brings the facts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "config/finding.h"
#include "model/model.h"
#include "plan/plan.h"

namespace steadfast {

struct ChangeBase {
  std::uint64_t generation = 0;
  std::string digest;  // hex SHA-256 of the file's bytes
};

// What the balancer knows beside the two models.
struct ChangeFacts {
  ChangeBase running;
  std::optional<ChangeBase> expected;    // what the change was made against, if it says so (SF505)
  std::uint64_t pending_generation = 0;  // an unconfirmed change stands (SF512); 0 = none
  Traffic traffic;
  std::map<std::string, unsigned> changes_last_hour;  // object → times (SF513)
  std::map<std::string, std::uint64_t>
      recent_weight;                        // pool → its greatest weight of the last minutes (SF501)
  bool digest_was_rolled_back = false;      // these very bytes (SF514)
  std::uint64_t digest_rolled_back_as = 0;  // …as this generation
  double apply_ms_per_object = 0;           // as the last changes took; 0 = unknown (SF605)
};

// `before` may be null: nothing runs yet, and only what needs no base is judged.
// `plan` was made of the same two models.
void check_change(const Model* before, const Model& after, const Plan& plan, const ChangeFacts& facts,
                  Findings& findings);

}  // namespace steadfast
