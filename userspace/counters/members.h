// SPDX-License-Identifier: Apache-2.0
// Members: what health needs to know of every backend once a second, of one moment:
// its TCP handshakes over all services of its pool, and the flows left on it.
//
// Must not enter: judgement; services whose flows have no handshake.
#pragma once

#include <optional>
#include <vector>

#include "counters/collect.h"
#include "counters/reading.h"
#include "health/member.h"

namespace steadfast {

struct MemberCounts {
  health::HandshakeTotals handshakes;
  std::optional<health::FlowsLeft> flows;  // when they were asked for
};

// The backends of all pools, as the model orders them. `flows`: flows_left(), or null.
std::vector<MemberCounts> count_members(const Reading& reading, const Running& running,
                                        const std::vector<health::FlowsLeft>* flows);

}  // namespace steadfast
