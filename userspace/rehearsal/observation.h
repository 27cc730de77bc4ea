// SPDX-License-Identifier: Apache-2.0
// Observation: what becomes of a packet on a stage, for every source port it may
// have. Shares are exact: ring entries are counted, not sampled; what happens to
// each backend's share is the program's answer to a packet of that share.
//
// Must not enter: what was expected (rehearsal/judge.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/frame.h"
#include "config/packet_spec.h"
#include "rehearsal/result.h"
#include "rehearsal/stage.h"

namespace steadfast::rehearsal {

// A part of the packet's flows with one fate.
struct Way {
  std::uint32_t verdict = 0;
  double share = 1;            // 0…1, of all flows
  const Pool* pool = nullptr;  // null when the flows have no backend
  const Backend* backend = nullptr;
  std::optional<Address> outer_source;
};

struct Observation {
  const Service* service = nullptr;      // null when the packet is for none
  std::vector<Way> ways;                 // at least one; one per backend that gets new flows
  std::vector<Mismatch> contradictions;  // the program does not do what its tables say
};

Result<Observation> observe(const PacketSpec& spec, const Scene& scene, Stage& stage);

// "forwarded"; a number when the engine knows a verdict that this list does not.
std::string verdict_label(std::uint32_t verdict);

struct OuterAddresses {
  Address source, destination;
};
// Of the IP header that follows Ethernet; nothing when there is none.
std::optional<OuterAddresses> outer_addresses(const Frame& frame);

// The ring of a service id; null when it has none.
const TableRing* ring_of(const Tables& tables, std::uint32_t service);

// A next hop stands in the row: packets for it can leave.
bool has_next_hop(const sf_backend& row);

struct FoundPort {
  std::uint32_t backend;  // id
  std::uint16_t port;
};
// Source ports with which `packet` gets a backend of the ring, each another one,
// at most `most`. A backend whose share no port of this address meets is absent.
// Where the service's hash ignores the source port, one is found.
std::vector<FoundPort> source_ports(const Tables& tables, const TableRing& ring, Packet packet,
                                    std::size_t most);

// All flows of one client to one port have one backend under this sf_hash_mode.
bool ignores_source_port(std::uint32_t mode);

// The verdict is about who sent the packet, not about where it may go.
bool refuses_source(std::uint32_t verdict);

}  // namespace steadfast::rehearsal
