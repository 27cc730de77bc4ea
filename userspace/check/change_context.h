// SPDX-License-Identifier: Apache-2.0
// ChangeContext: what every rule over a change looks at: both models, which
// objects are the same, the plan, and what the balancer knows of its past.
//
// Must not enter: findings.
#pragma once

#include <string>

#include "check/change.h"
#include "plan/pairing.h"

namespace steadfast {

class ChangeContext {
 public:
  // `before` may be null.
  ChangeContext(const Model* before, const Model& after, const Plan& plan, const ChangeFacts& facts);

  // Only for rules that need a base.
  const Model& before() const { return *before_; }
  bool has_base() const { return before_ != nullptr; }
  const Model& after() const { return after_; }
  const Plan& plan() const { return plan_; }
  const ChangeFacts& facts() const { return facts_; }
  const Traffic& traffic() const { return facts_.traffic; }
  const Pairing& services() const { return services_; }
  const Pairing& pools() const { return pools_; }

  // Users may be on it: it carried packets lately, or nobody counted.
  bool is_live(const std::string& endpoint) const;
  bool is_live(const ServiceMovement& service) const { return is_live(service.counted()); }
  // "1,234 packets/s", or that nobody counted.
  std::string carried(const std::string& endpoint) const;
  // The same, of the service that has its packets now.
  std::string carried(const ServiceMovement& service) const;
  // Share of the packets of this host that are of one service; 0 when it is not known.
  double share_of_host(const ServiceMovement& service) const;

 private:
  const Model* before_;
  const Model& after_;
  const Plan& plan_;
  const ChangeFacts& facts_;
  Pairing services_;
  Pairing pools_;
  double packets_per_s_ = 0;  // of every service
};

// " (line 12 of the running file)", or nothing.
std::string running_line(Place place);
// 1234567 → "1,234,567"; below 10 with one decimal.
std::string quantity(double value);

}  // namespace steadfast
