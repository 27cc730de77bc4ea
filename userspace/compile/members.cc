// SPDX-License-Identifier: Apache-2.0
#include "compile/members.h"

#include <map>
#include <string>

#include "compile/rows.h"

namespace steadfast {
namespace {

std::map<std::uint32_t, std::set<std::uint32_t>> redirected_bonds(const Model& model,
                                                                  const NextHops& next_hops) {
  std::map<std::uint32_t, std::set<std::uint32_t>> bonds;
  for (const auto& [address, hop] : next_hops)
    if (!hop.members.empty() && hop.resolved() && egress_of(model, hop) != 0)
      bonds[hop.ifindex].insert(hop.members.begin(), hop.members.end());
  return bonds;
}

}  // namespace

Members members_of(const Model& model, const NextHops& next_hops) {
  Members members;
  for (const auto& [bond, parts] : redirected_bonds(model, next_hops)) {
    if (members.listed.size() + parts.size() > SF_MEMBERS) {
      members.unlisted.insert(bond);
      continue;
    }
    for (const std::uint32_t part : parts) members.listed.push_back({part, bond});
  }
  return members;
}

void refuse_unlisted(const Model& model, NextHops& next_hops) {
  const auto unlisted = members_of(model, next_hops).unlisted;
  if (unlisted.empty()) return;
  for (auto& [address, hop] : next_hops) {
    if (!hop.resolved() || !unlisted.contains(hop.ifindex)) continue;
    hop.problem = hop.interface + " leads to a bond of " + std::to_string(hop.members.size()) +
                  " members; a generation has room for " + std::to_string(SF_MEMBERS) +
                  " of all bonds together";
  }
}

}  // namespace steadfast
