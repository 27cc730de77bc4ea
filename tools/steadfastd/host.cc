// SPDX-License-Identifier: Apache-2.0
#include "host.h"

#include <algorithm>

#include "kernel/route.h"

namespace steadfast {
namespace {

std::vector<std::string> interfaces_of(const Model& model) {
  std::vector<std::string> names;
  for (const auto& interface : model.host.interfaces) names.push_back(interface.value);
  return names;
}

// Packets leave by the interface they came in on, so a next hop behind any other
// one cannot be reached.
Result<NextHops> resolve(const Model& model) {
  auto hops = resolve_next_hops(destinations_of(model));
  if (!hops) return hops;
  const auto ours = interfaces_of(model);
  for (auto& [address, hop] : *hops)
    if (hop.resolved() && std::find(ours.begin(), ours.end(), hop.interface) == ours.end())
      hop.problem = "leaves by " + hop.interface + ", which is not in host.interfaces";
  return hops;
}

}  // namespace

Surroundings surroundings_of(BpfKernel& kernel) {
  Surroundings around;
  around.resolve = resolve;
  around.attach = [&kernel](const Model& model) {
    return kernel.attach(interfaces_of(model), model.host.xdp_mode);
  };
  around.restart_timer = [&kernel]() -> Result<bool> {
    if (auto restarted = kernel.restart_timer(); !restarted) return restarted.error();
    return true;
  };
  around.release = [&kernel](const Model& model) { return kernel.release_others(interfaces_of(model)); };
  return around;
}

}  // namespace steadfast
