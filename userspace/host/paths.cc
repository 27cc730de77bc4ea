// SPDX-License-Identifier: Apache-2.0
// The way to each backend, as the kernel would send: route, then neighbour.
#include <net/if.h>
#include <poll.h>

#include <array>
#include <cerrno>

#include "host/readers.h"
#include "kernel/netlink.h"
#include "kernel/route_messages.h"

namespace steadfast::host {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kLookAgain{20};

// What the kernel answers instead of a route.
std::optional<RouteKind> kind_of(int os_error) {
  switch (os_error) {
    case ENETUNREACH:
      return RouteKind::none;
    case EINVAL:
      return RouteKind::blackhole;
    case EHOSTUNREACH:
      return RouteKind::unreachable;
    case EACCES:
      return RouteKind::prohibit;
    case EAGAIN:  // a "throw" route with nothing behind it
      return RouteKind::none;
    default:
      return std::nullopt;
  }
}

RouteKind kind_of(unsigned char type) {
  switch (type) {
    case RTN_UNICAST:
      return RouteKind::unicast;
    case RTN_LOCAL:
      return RouteKind::local;
    case RTN_BLACKHOLE:
      return RouteKind::blackhole;
    case RTN_UNREACHABLE:
      return RouteKind::unreachable;
    case RTN_PROHIBIT:
      return RouteKind::prohibit;
    default:
      return RouteKind::elsewhere;
  }
}

std::string name_of(std::uint32_t ifindex) {
  std::array<char, IF_NAMESIZE> name{};
  return if_indextoname(ifindex, name.data()) == nullptr ? std::string() : name.data();
}

NeighbourState state_of(const Neighbours& neighbours, const NeighbourKey& key) {
  const auto found = neighbours.find(key);
  if (found == neighbours.end()) return NeighbourState::absent;
  if (!found->second.mac.is_zero()) return NeighbourState::usable;
  return found->second.failed() ? NeighbourState::failed : NeighbourState::incomplete;
}

class PathReader {
 public:
  explicit PathReader(Netlink netlink) : netlink_(std::move(netlink)) {}

  Result<std::map<Address, Path>> read(const std::set<Address>& destinations,
                                       std::chrono::milliseconds patience) {
    std::map<Address, Path> paths;
    for (const Address& destination : destinations) {
      auto path = path_to(destination);
      if (!path) return path.error().while_doing("route to " + destination.text());
      paths.emplace(destination, std::move(*path));
    }
    if (auto met = meet_neighbours(paths, patience); !met) return met.error();
    return paths;
  }

 private:
  Result<Path> path_to(const Address& destination) {
    const auto route = route_to(netlink_, destination);
    Path path;
    if (!route) {
      const auto kind = kind_of(route.error().os_error);
      if (!kind) return route.error();
      path.route = *kind;
      return path;
    }
    path.route = kind_of(route->type);
    path.ifindex = route->ifindex;
    path.interface = name_of(route->ifindex);
    path.mtu = route->mtu;
    path.source = route->source;
    if (route->has_gateway) path.gateway = route->gateway;
    return path;
  }

  static NeighbourKey neighbour_of(const Address& destination, const Path& path) {
    return {path.ifindex, path.gateway.value_or(destination)};
  }

  Result<bool> look(std::map<Address, Path>& paths) {
    Neighbours neighbours;
    if (auto read = read_neighbours(netlink_, neighbours); !read) return read.error();
    bool all = true;
    for (auto& [destination, path] : paths) {
      if (path.route != RouteKind::unicast) continue;
      path.neighbour = state_of(neighbours, neighbour_of(destination, path));
      all = all && path.neighbour == NeighbourState::usable;
    }
    return all;
  }

  Result<void> meet_neighbours(std::map<Address, Path>& paths, std::chrono::milliseconds patience) {
    const auto end = Clock::now() + patience;
    auto all = look(paths);
    if (!all) return all.error();
    if (*all || patience.count() == 0) return {};
    for (const auto& [destination, path] : paths)
      if (path.route == RouteKind::unicast && path.neighbour != NeighbourState::usable)
        ask_for_neighbour(netlink_, neighbour_of(destination, path));
    while (!*all && Clock::now() < end) {
      poll(nullptr, 0, static_cast<int>(kLookAgain.count()));
      all = look(paths);
      if (!all) return all.error();
    }
    return {};
  }

  Netlink netlink_;
};

}  // namespace

Result<std::map<Address, Path>> read_paths(const std::set<Address>& destinations,
                                           std::chrono::milliseconds patience) {
  auto netlink = Netlink::open();
  if (!netlink) return netlink.error();
  return PathReader(std::move(*netlink)).read(destinations, patience);
}

}  // namespace steadfast::host
