// SPDX-License-Identifier: Apache-2.0
#include "health/overlaid.h"

#include <algorithm>
#include <cmath>

namespace steadfast::health {
namespace {

BackendState state_when_out(const Backend& backend, Reason reason) {
  if (backend.state == BackendState::disabled) return BackendState::disabled;
  return reason == Reason::silent ? BackendState::drain : BackendState::down;
}

// A share above 0 stays one, or a backend of weight 1 would never come back.
std::uint32_t scaled(std::uint32_t weight, double factor) {
  if (weight == 0) return 0;
  return std::max(1U, static_cast<std::uint32_t>(std::lround(weight * factor)));
}

void lay_over(Backend& backend, const Share& share) {
  if (!share.in) backend.state = state_when_out(backend, share.reason);
  backend.weight.value = scaled(backend.weight.value, share.factor);
}

}  // namespace

Model overlaid(const Model& model, const Overlay& overlay) {
  Model laid = model;
  for (Pool& pool : laid.pools)
    for (Backend& backend : pool.backends) lay_over(backend, overlay.of(pool.name, backend.name));
  return laid;
}

}  // namespace steadfast::health
