// SPDX-License-Identifier: Apache-2.0
// Explanation: how much of what is wrong one object accounts for if something happened
// to it: what `deny` refuses is no backend's doing, and a backend that falls silent is
// not explained by another one.
//
// Must not enter: when it happened (detect/rank.h).
#pragma once

#include <optional>
#include <set>
#include <string>

#include "detect/scene.h"
#include "detect/sign.h"

namespace steadfast::detect {

class Explanation {
 public:
  Explanation(const Sign& sign, const Scene& scene);

  // Backends that may be gone: every one that a change touched.
  void consider(const std::string& object);
  // 0…1; nothing: what is wrong may come from any object alike.
  std::optional<double> by(const std::string& object) const;
  // Backends of the service that nobody reaches and that new flows are sent to.
  const std::vector<const SceneBackend*>& unreachable() const { return unreachable_; }
  const SceneBackend* backend(const std::string& object) const;
  // The same of what was found there: who sees one backend of many sees what took them all.
  double by_drift(const std::string& object) const;

 private:
  bool is_elsewhere(const std::string& object) const;
  double by_unreachable(const std::string& object) const;
  double by_silent(const std::string& object) const;
  double by_gone(const std::string& object) const;

  const Sign& sign_;
  const Scene& scene_;
  const SceneService* service_ = nullptr;
  std::vector<const SceneBackend*> unreachable_;
  double unreachable_share_ = 0;
  std::set<std::string> gone_;
};

}  // namespace steadfast::detect
