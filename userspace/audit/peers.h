// SPDX-License-Identifier: Apache-2.0
// Peers: balancers of one fleet, which must choose the same backend for a flow.
//
// Must not enter: asking them.
#pragma once

#include <string>

#include "config/finding.h"

namespace steadfast::audit {

// What one of them says of itself.
struct Peer {
  std::string name;           // how it was reached; empty: this one
  std::string digest;         // of its file
  std::string tables_digest;  // of what its tables are made of
  double applied_s = 0;       // Unix time
};

// A rollout takes so long; only who lags further behind is apart (SF907).
inline constexpr double kRollout_s = 300;

// SF906 and SF907.
Findings compare(const Peer& own, const Peer& other, double now_s);

}  // namespace steadfast::audit
