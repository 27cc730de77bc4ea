// SPDX-License-Identifier: Apache-2.0
// What became of a configuration over its generations: plain values for the
// screens and the JSON of `diff` and `blame`.
//
// Must not enter: how they are found out (tools/steadfast/lineage.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/place.h"
#include "plan/difference.h"
#include "report/answer.h"

namespace steadfast {

// What `after` changes compared with `before`.
struct Diff {
  std::uint64_t before = 0;  // generation
  std::uint64_t after = 0;   // generation; 0: a file that is not running
  std::string before_file;
  std::string after_file;
  std::vector<ObjectChange> objects;
};

// Who last touched one object, when and why.
struct Blame {
  std::string object;   // "backend/web/web-01"
  std::string file;     // of the generation that runs
  Place place;          // in it; none when the object is not there any more
  ObjectChange change;  // the last one
  GenerationInfo by;    // the generation that made it
  // Nothing is known of the time before: `by` is the oldest generation that is kept.
  bool older = false;
};

}  // namespace steadfast
