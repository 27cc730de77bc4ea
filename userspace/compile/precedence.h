// SPDX-License-Identifier: Apache-2.0
// Precedence: which service a packet belongs to when several have its address
// and port. The longest VIP prefix that has a service for the packet's protocol
// and port wins, and within one prefix the narrowest range of ports; a port that
// the longest prefix has no service for is asked of the next shorter one.
//
// Must not enter: rows (compile/ranges.h), findings (check/).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compile/intervals.h"
#include "model/model.h"

namespace steadfast {

// Services of one family and protocol, as VIP prefixes within one another.
class Precedence {
 public:
  // `services` by index; what a step says of one is its number in `values`.
  Precedence(const Model& model, Family family, const std::vector<std::size_t>& services,
             const std::vector<std::uint32_t>& values);

  // Which prefix answers for which addresses: 1…prefixes(), 0 = none.
  std::vector<Step> addresses() const;
  std::size_t prefixes() const { return nodes_.size() - 1; }
  // Whose port is whose, at the addresses that a prefix answers for; 0 = nobody's.
  std::vector<Step> ports(std::uint32_t prefix) const;

 private:
  struct Node {
    Prefix prefix;
    std::uint32_t parent = 0;  // the next shorter prefix that holds this one
    std::vector<std::size_t> services;
  };

  const Model& model_;
  Family family_;
  const std::vector<std::uint32_t>& values_;
  std::vector<Node> nodes_{{}};  // nodes_[0] is no prefix
};

// Narrower ports within a prefix rank higher, and a longer prefix above both.
std::uint32_t rank_of(const Service& service);

struct Point {
  Address address;
  std::uint16_t port = 0;
};

// An address and port whose packets belong to the service, of each service by
// index. None when more specific services take all of it, or it is parked.
std::vector<std::optional<Point>> reached_at(const Model& model);

// The service that takes a packet; null when there is none. Parked services take none.
const Service* owner_of(const Model& model, Protocol protocol, const Point& point);

// Some packet is one for both.
bool meet(const Service& a, const Service& b);

// Every packet for `inner` is one for `outer` as well.
bool covers(const Service& outer, const Service& inner);

}  // namespace steadfast
