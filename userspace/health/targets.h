// SPDX-License-Identifier: Apache-2.0
// Targets: what a model's health checks ask, and how often. The decisive probes run
// at the pool's interval: to the VIP of each service of the pool, or, when the
// check is independent, to the backend's own address. The other kind runs five
// times less often, as the second opinion that tells deaf from down. Of a pool with
// services of both protocols those of the check's own are asked.
//
// Must not enter: sockets, time.
#pragma once

#include <vector>

#include "health/probe.h"
#include "model/model.h"

namespace steadfast::health {

inline constexpr int kSecondOpinion = 5;

struct Task {
  Target target;
  Time interval{};
  bool decisive = true;
};

// Of backends that are not disabled; a draining one is asked too, so that its state is
// known when it comes back.
std::vector<Task> tasks_of(const Model& model);

// The active services of every pool that its check asks; without a check all of them.
std::vector<std::vector<const Service*>> asked_services(const Model& model);

}  // namespace steadfast::health
