// SPDX-License-Identifier: Apache-2.0
// Members: what health needs to know of every backend once a second, read at one
// moment: its TCP handshakes over all services of its pool, and the flows left on it.
//
// Must not enter: judgement; services whose flows have no handshake.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "counters/collect.h"
#include "health/member.h"

namespace steadfast {

struct MemberCounts {
  std::string pool, backend;
  health::HandshakeTotals handshakes;
  std::optional<health::FlowsLeft> flows;  // when they were asked for
};

// Counting flows walks the whole flow table.
std::vector<MemberCounts> count_members(const Memory& memory, const Running& running, bool with_flows);

}  // namespace steadfast
