// SPDX-License-Identifier: Apache-2.0
// The hashes of bpf/hash.h, for the control plane, and the keys they use.
//
// Must not enter: a second definition of either hash.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/address.h"
#include "base/frame.h"
#include "bpf/abi.h"

namespace steadfast {

// Two 64-bit words out of SHA-256 of `purpose` and `seed`; the same on every machine.
std::array<std::uint64_t, 2> derive_key(std::string_view purpose, std::string_view seed);

// Lower 32 bits: bucket; upper 32 bits: fingerprint.
std::uint64_t service_hash(std::uint64_t index_key, const sf_service_key& key);

// Keyed hash of an address and a few more bits; the mixing of bpf/hash.h.
std::uint64_t address_hash(const std::uint64_t (&key)[2], const Address& address, std::uint64_t tail);

// What the program computes of a packet's addresses, ports and protocol: where its
// flow is remembered, and by its low bits the ring entry of a new one.
std::uint64_t flow_hash(const sf_slot& slot, const Packet& packet);
// The same for a service with this sf_hash_mode.
std::uint64_t ring_hash(const sf_slot& slot, std::uint32_t mode, const Packet& packet);

}  // namespace steadfast
