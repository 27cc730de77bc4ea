// SPDX-License-Identifier: Apache-2.0
#include "control/host_balancer.h"

#include "base/bug.h"
#include "check/check.h"
#include "kernel/host_kernel.h"
#include "rehearsal/pretended.h"

namespace steadfast {
namespace {

// A question is not a change: gates do not stand in its way.
Change as_question(std::string text, std::string file, const Findings& findings) {
  Change change{std::move(text), std::move(file), {}, "host engine", "question", {}};
  for (const Finding& finding : findings)
    if (finding.severity == Severity::gate) change.accepted.push_back({finding.code, finding.object});
  return change;
}

}  // namespace

Surroundings pretended_surroundings() {
  Surroundings around;
  around.resolve = [](const Model& model) -> Result<NextHops> {
    return rehearsal::pretended_next_hops(model);
  };
  return around;
}

HostBalancer make_host_balancer(std::string text, std::string file) {
  HostBalancer host;
  Checked checked = check(text, file, Date::today());
  if (!checked.model) {
    host.outcome.ending = Ending::refused;
    host.outcome.findings = std::move(checked.findings);
    return host;
  }
  // Traces remember nothing, so one bucket of flows is enough whatever the limits say.
  sf_capacity capacity = capacity_for(checked.model->limits, 1);
  capacity.flow_buckets = 1;
  host.kernel = std::make_unique<HostKernel>(capacity);
  auto made = LiveBalancer::open(*host.kernel, checked.model->limits, pretended_surroundings(), std::nullopt);
  invariant(made.has_value(), "empty tables hold nothing that could be adopted wrongly");
  host.outcome = (*made)->apply(as_question(std::move(text), std::move(file), checked.findings));
  if (host.outcome.ending == Ending::applied) host.balancer = std::move(*made);
  return host;
}

}  // namespace steadfast
