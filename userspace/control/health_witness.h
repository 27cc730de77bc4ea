// SPDX-License-Identifier: Apache-2.0
// HealthWitness: who knows the health of backends, as the balancer asks it. The
// daemon's is the Keeper (keeper/keeper.h); a balancer without one says nothing.
//
// Called from any thread; must not ask the balancer anything.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "compile/next_hop.h"
#include "counters/health_report.h"
#include "model/model.h"

namespace steadfast {

struct HealthStatus {
  std::vector<std::string> alerts;  // "SF910 pool/web: …"
  std::string frozen;               // why no health change is made; empty: they are
  double frozen_s = 0;
};

// What probes found of one backend as one service uses it.
struct Examined {
  std::string service;
  std::string code;      // "SF802"; empty: the path is whole
  std::string sentence;  // what was seen and what it means
  std::string fix;
  bool deaf = false;  // SF805: its own address is fine, the path is not
};

// The same of what a change would send users to.
struct ExaminedMember {
  std::string pool, backend;
  std::optional<Examined> found;  // none: it could not be probed in time
};

class HealthWitness {
 public:
  virtual ~HealthWitness() = default;
  virtual HealthReport report() const = 0;
  // The same of those backends alone that are not up or take no new flows: all that a
  // look once a second needs.
  virtual HealthReport unwell() const = 0;
  virtual HealthStatus status() const = 0;
  // Takes as long as the probes of one examination.
  virtual Result<std::vector<Examined>> examine(const std::string& pool,
                                                const std::string& backend) const = 0;
  // Of all that is new or altered in `after`; a few seconds at most.
  virtual Result<std::vector<ExaminedMember>> examine_change(const Model& after, const NextHops& hops,
                                                             const Model* before) const = 0;
};

}  // namespace steadfast
