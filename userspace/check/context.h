// SPDX-License-Identifier: Apache-2.0
// Context: what every rule looks at, computed once: the model, its gaps, who
// uses each pool, and the exact shares of each ring.
//
// Must not enter: findings.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/draft.h"
#include "model/model.h"

namespace steadfast {

class Context {
 public:
  Context(const Model& model, const Gaps& gaps);

  const Model& model() const { return model_; }
  const Gaps& gaps() const { return gaps_; }

  // The services that use the pool, as indices, in the order of the file.
  const std::vector<std::size_t>& users(std::size_t pool) const { return users_[pool]; }
  // Every member is known, and a service that is not parked depends on them.
  bool is_serving(std::size_t pool) const { return serving_[pool] && !gaps_.pools[pool]; }
  // Backends that take new flows.
  std::size_t active(std::size_t pool) const { return active_[pool]; }
  // Ring entries of each backend of the pool; empty when the ring is.
  const std::vector<std::uint32_t>& entries(std::size_t pool) const;
  const Service& first_user(std::size_t pool) const { return model_.services[users_[pool].front()]; }

 private:
  const Model& model_;
  const Gaps& gaps_;
  std::vector<std::vector<std::size_t>> users_;
  std::vector<bool> serving_;
  std::vector<std::size_t> active_;
  mutable std::vector<std::optional<std::vector<std::uint32_t>>> entries_;
};

// 0.1234 → "12.34%"; 0.5 → "50%".
std::string percent(double share);
// 1 "backend", 2 "backends".
std::string counted(std::size_t number, const std::string& noun);

}  // namespace steadfast
