// SPDX-License-Identifier: Apache-2.0
#include "host/facts.h"

#include <array>

namespace steadfast::host {
namespace {

constexpr std::array<std::string_view, 3> kModes{"native", "generic", "offload"};
constexpr std::array<std::string_view, 4> kNeighbours{"absent", "incomplete", "failed", "usable"};
constexpr std::array kRoutes{
#define X(symbol, words) std::string_view(words),
    SF_ROUTE_KINDS(X)
#undef X
};

}  // namespace

std::string_view name(AttachMode mode) { return kModes[static_cast<std::size_t>(mode)]; }
std::string_view name(NeighbourState state) { return kNeighbours[static_cast<std::size_t>(state)]; }
std::string_view words(RouteKind kind) { return kRoutes[static_cast<std::size_t>(kind)]; }

}  // namespace steadfast::host
