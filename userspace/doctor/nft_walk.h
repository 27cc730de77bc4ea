// SPDX-License-Identifier: Apache-2.0
// Walking one packet through one netfilter chain, as the kernel would. What is not
// known of the packet, or not understood of a rule, makes the answer "perhaps":
// nobody is told that a rule drops what it may let pass.
//
// Must not enter: which packets matter (netfilter.cc).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "host/nft.h"

namespace steadfast::doctor {

// What is known of a packet; empty or 0 is unknown.
struct Passing {
  Family family = Family::v4;
  std::uint8_t protocol = 0;
  std::optional<Address> source;
  std::optional<Address> destination;
  std::uint16_t source_port = 0;
  std::uint16_t destination_port = 0;
  std::string input;  // interface; "-": there is none
  std::string output;
  std::string state;  // of connection tracking
};

struct Dropped {
  const host::NftChain* chain = nullptr;
  const host::NftRule* rule = nullptr;  // null: the chain's policy
};

// Nothing when the chain lets the packet pass, or may.
std::optional<Dropped> walk(const host::NftRuleset& ruleset, const host::NftChain& base,
                            const Passing& packet);

}  // namespace steadfast::doctor
