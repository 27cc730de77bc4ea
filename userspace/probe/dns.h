// SPDX-License-Identifier: Apache-2.0
// DNS: one question as a datagram, and what a datagram answers to it. Pure.
//
// Must not enter: sockets.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "probe/verdict.h"

namespace steadfast::probe {

// Asks for the A record of `name`. Empty when it is no domain name.
std::vector<std::uint8_t> dns_query(std::uint16_t id, const std::string& name);

// Nothing when the datagram answers some other question: the answer may still come.
std::optional<Verdict> dns_answer(std::span<const std::uint8_t> query, std::span<const std::uint8_t> answer);

}  // namespace steadfast::probe
