// SPDX-License-Identifier: Apache-2.0
// Stage: where a configuration is rehearsed: some kernel engine that answers
// frames for one model at a time, without counting or remembering anything.
//
// Must not enter: which tests are played.
#pragma once

#include <span>

#include "base/result.h"
#include "compile/tables.h"
#include "kernel/kernel.h"
#include "model/model.h"

namespace steadfast::rehearsal {

// The tables of one model and the next hops they were made with.
struct Scene {
  const Model* model = nullptr;
  const Tables* tables = nullptr;
  const NextHops* next_hops = nullptr;
};

class Stage {
 public:
  virtual ~Stage() = default;
  // From now on run() answers for `model`. The scene lives until the next call;
  // `model` must live as long.
  virtual Result<Scene> set(const Model& model) = 0;
  virtual Result<Answer> run(std::span<const std::uint8_t> frame) = 0;
};

}  // namespace steadfast::rehearsal
