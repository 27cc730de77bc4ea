// SPDX-License-Identifier: Apache-2.0
#include "audit/peers.h"

#include <algorithm>

#include "check/audit_rules.h"

namespace steadfast::audit {
namespace {

constexpr std::size_t kDigitsShown = 12;

std::string shown(const std::string& digest) { return digest.substr(0, kDigitsShown); }

std::string beside(const std::string& what, const std::string& own, const std::string& other) {
  return what + " " + shown(other) + " there, " + shown(own) + " here";
}

}  // namespace

Findings compare(const Peer& own, const Peer& other, double now_s) {
  if (own.digest == other.digest && own.tables_digest != other.tables_digest)
    return {make(rules::kPeersDisagree, "host", {},
                 other.name + " runs the same file with other tables: " +
                     beside("tables", own.tables_digest, other.tables_digest))};
  const double since_s = now_s - std::max(own.applied_s, other.applied_s);
  if (own.digest == other.digest || since_s <= kRollout_s) return {};
  return {make(rules::kPeersApart, "host", {},
               other.name + " runs another file for " + std::to_string(static_cast<long>(since_s)) +
                   " s: " + beside("file", own.digest, other.digest))};
}

}  // namespace steadfast::audit
