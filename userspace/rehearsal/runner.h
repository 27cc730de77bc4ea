// SPDX-License-Identifier: Apache-2.0
// The runner: plays tests and probes on a stage, before any packet of a user
// meets the tables.
//
// Must not enter: files, the language of tests (rehearsal/test_file.h).
#pragma once

#include <optional>
#include <vector>

#include "rehearsal/result.h"
#include "rehearsal/stage.h"
#include "rehearsal/test_file.h"

namespace steadfast::rehearsal {

// What `against = "running"` compares with; nothing runs when `model` is null.
struct Running {
  const Model* model = nullptr;
  const NextHops* next_hops = nullptr;
};

// Plays every test against `model`; tests with `given` first, each on a model
// changed accordingly, so that the stage ends up showing `model` itself.
Result<TestReport> play(const std::vector<TestFile>& files, const Model& model, const Running& running,
                        Stage& stage);

// One packet per service through the real program: verdict, backend, outer
// header and next hop must be what the tables of `scene` say. The stage must
// show that scene.
Result<TestReport> probe(const Scene& scene, Stage& stage);

}  // namespace steadfast::rehearsal
