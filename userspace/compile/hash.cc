// SPDX-License-Identifier: Apache-2.0
#include "compile/hash.h"

#include <cstring>
#include <string>

#include "base/sha256.h"
#include "bpf/hash.h"

namespace steadfast {
namespace {

std::uint64_t little_endian(const std::uint8_t* bytes) {
  std::uint64_t word = 0;
  for (int i = 7; i >= 0; --i) word = word << 8 | bytes[i];
  return word;
}

// Source and destination port as the program loads them.
std::uint32_t wire_ports(const Packet& packet) {
  const std::array<std::uint8_t, 4> wire{static_cast<std::uint8_t>(packet.source_port >> 8),
                                         static_cast<std::uint8_t>(packet.source_port),
                                         static_cast<std::uint8_t>(packet.destination_port >> 8),
                                         static_cast<std::uint8_t>(packet.destination_port)};
  return sf_load32(wire.data());
}

}  // namespace

std::array<std::uint64_t, 2> derive_key(std::string_view purpose, std::string_view seed) {
  std::string text(purpose);
  text += '\0';
  text += seed;
  const auto digest = sha256(text);
  return {little_endian(&digest[0]), little_endian(&digest[8])};
}

std::uint64_t service_hash(std::uint64_t index_key, const sf_service_key& key) {
  const __u64 destination[2] = {sf_load64(&key.addr[0]), sf_load64(&key.addr[2])};
  return sf_hash_service(index_key, destination, sf_load32(&key.port));
}

std::uint64_t address_hash(const std::uint64_t (&key)[2], const Address& address, std::uint64_t tail) {
  const std::uint64_t first = sf_mix(key[0], little_endian(&address.bytes[0]));
  return sf_finish(sf_mix(first, little_endian(&address.bytes[8])) + tail, key[1]);
}

std::uint64_t flow_hash(const sf_slot& slot, const Packet& packet) {
  const std::uint8_t* const source = packet.source.bytes.data();
  const std::uint8_t* const destination = packet.destination.bytes.data();
  const __u64 family = packet.source.is_v4() ? SF_IPV4 : SF_IPV6;
  const __u64 tail = wire_ports(packet) | __u64{packet.protocol} << 32 | family << 40;
  if (packet.source.is_v4())
    return sf_hash_flow4(slot.hash_key, __u64{sf_load32(source)} << 32 | sf_load32(destination), tail);
  const __u64 from[2] = {sf_load64(source), sf_load64(source + 8)};
  const __u64 to[2] = {sf_load64(destination), sf_load64(destination + 8)};
  return sf_hash_flow6(slot.hash_key, from, to, tail);
}

std::uint64_t ring_hash(const sf_slot& slot, std::uint32_t mode, const Packet& packet) {
  const std::uint8_t* const source = packet.source.bytes.data();
  const __u64 from[2] = {sf_load64(source), sf_load64(source + 8)};
  return sf_hash_ring(slot.hash_key, mode, flow_hash(slot, packet), from, wire_ports(packet));
}

}  // namespace steadfast
