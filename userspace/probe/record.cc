// SPDX-License-Identifier: Apache-2.0
#include "probe/record.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "compile/rows.h"

namespace steadfast::probe {
namespace {

constexpr std::size_t kIpv4Protocol = 9, kIpv4Source = 12;
constexpr std::size_t kIpv6NextHeader = 6, kIpv6Source = 8;

Address address_of(const __be32 (&words)[4], std::uint8_t family) {
  Address address;
  address.family = static_cast<Family>(family);
  std::memcpy(address.bytes.data(), words, sizeof words);
  return address;
}

void put(__be32 (&words)[4], const Address& address) {
  std::memcpy(words, address.bytes.data(), sizeof words);
}

PacketPath path_of(const sf_backend& row, std::uint8_t protocol, std::uint16_t port) {
  PacketPath path;
  sf_probe& record = path.record;
  std::copy_n(row.address, 4, record.address);
  record.vip_port = record.port = htons(port);
  record.protocol = protocol;
  record.address_family = row.address_family;
  record.outer_bytes = row.outer_bytes;
  record.outer_sum = row.outer_sum;
  std::copy_n(row.outer, SF_OUTER_MAX, record.outer);
  path.inner_mtu = static_cast<std::uint16_t>(row.mtu - row.outer_bytes);
  return path;
}

// GUE tells families apart by the packet inside; IP in IP by the outer header.
void carry_own_family(sf_probe& record) {
  const bool v4 = record.address_family == SF_IPV4;
  std::uint8_t& protocol = record.outer[v4 ? kIpv4Protocol : kIpv6NextHeader];
  if (protocol != IPPROTO_UDP) protocol = v4 ? IPPROTO_IPIP : IPPROTO_IPV6;
}

void leave_outer_source(sf_probe& record) {
  const bool v4 = record.address_family == SF_IPV4;
  if (v4)
    std::fill_n(record.outer + kIpv4Source, 4, std::uint8_t{0});
  else
    std::fill_n(record.outer + kIpv6Source, 16, std::uint8_t{0});
  record.outer_sum = v4 ? outer_sum_of(record.outer) : std::uint16_t{0};
  record.own_outer_source = 1;
}

}  // namespace

std::string Endpoint::text() const {
  return (address.is_v4() ? address.text() : "[" + address.text() + "]") + ":" + std::to_string(port);
}

Endpoint backend_of(const sf_backend& row, std::uint16_t port) {
  return {address_of(row.address, row.address_family), port};
}

std::optional<PacketPath> path_to_vip(const sf_backend& row, std::uint8_t protocol, std::uint16_t port,
                                      const std::optional<Address>& inner_source) {
  const bool crosses = row.family != row.address_family;
  const bool sourced = inner_source && static_cast<std::uint8_t>(inner_source->family) == row.family;
  if (crosses && !sourced) return std::nullopt;
  PacketPath path = path_of(row, protocol, port);
  path.record.vip[0] = row.vip;
  std::copy_n(row.vip_rest, 3, path.record.vip + 1);
  path.record.vip_family = row.family;
  if (crosses) put(path.record.inner_source, *inner_source);
  return path;
}

std::optional<PacketPath> path_to_itself(const sf_backend& row, std::uint8_t protocol, std::uint16_t port) {
  if (row.outer_bytes == 0) return std::nullopt;
  PacketPath path = path_of(row, protocol, port);
  std::copy_n(row.address, 4, path.record.vip);
  path.record.vip_family = row.address_family;
  carry_own_family(path.record);
  leave_outer_source(path.record);
  return path;
}

Wire wire_of(const sf_probe_seen& seen, std::uint8_t vip_family) {
  Wire wire{seen.sent, seen.unsent, seen.answers, {}, {}};
  if (seen.wrong_sources != 0)
    wire.wrong_source = {address_of(seen.wrong_source, vip_family), ntohs(seen.wrong_port)};
  if (seen.icmp_errors != 0)
    wire.icmp = {address_of(seen.icmp_source, seen.icmp_family), seen.icmp_type, seen.icmp_code,
                 seen.icmp_of_outer != 0, seen.icmp_mtu};
  return wire;
}

}  // namespace steadfast::probe
