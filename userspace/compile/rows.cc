// SPDX-License-Identifier: Apache-2.0
#include "compile/rows.h"

#include <netinet/in.h>
#include <netinet/ip.h>

#include <algorithm>
#include <cstring>

#include "base/bug.h"
#include "base/frame.h"

namespace steadfast {

std::uint16_t outer_sum_of(const std::uint8_t* ipv4_header) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < sizeof(iphdr); i += 2) {
    std::uint16_t word = 0;
    std::memcpy(&word, ipv4_header + i, sizeof word);
    sum += word;
  }
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

namespace {

constexpr std::uint8_t kOuterTtl = 64;
constexpr unsigned kEntropyBitsMost = 24;
constexpr std::uint16_t kEthertypeIpv4 = 0x0800;
constexpr std::uint16_t kEthertypeIpv6 = 0x86dd;

void put16(std::uint8_t* at, unsigned value) {
  at[0] = static_cast<std::uint8_t>(value >> 8);
  at[1] = static_cast<std::uint8_t>(value);
}

std::uint8_t inner_protocol(const Service& service) {
  if (service.forward.value == Forward::gue) return IPPROTO_UDP;
  return service.vip->is_v4() ? IPPROTO_IPIP : IPPROTO_IPV6;
}

// RFC 791; don't fragment is set, so an identification of zero is right (RFC 6864 §4.1).
void put_outer_ipv4(sf_backend& row, const Prefix& source, const Address& destination,
                    std::uint8_t protocol) {
  std::uint8_t* at = row.outer;
  at[0] = 0x45;
  put16(at + 6, 0x4000);
  at[8] = kOuterTtl;
  at[9] = protocol;
  std::copy_n(source.network().address.bytes.begin(), 4, at + 12);
  std::copy_n(destination.bytes.begin(), 4, at + 16);
  row.outer_bytes = 20;
  row.outer_sum = outer_sum_of(at);
  row.entropy_bits = static_cast<std::uint8_t>(std::min(source.host_bits(), kEntropyBitsMost));
}

// RFC 8200; the program writes version, traffic class and flow label itself.
void put_outer_ipv6(sf_backend& row, const Prefix& source, const Address& destination,
                    std::uint8_t protocol) {
  std::uint8_t* at = row.outer;
  at[0] = 0x60;
  at[6] = protocol;
  at[7] = kOuterTtl;
  std::copy(source.address.bytes.begin(), source.address.bytes.end(), at + 8);
  std::copy(destination.bytes.begin(), destination.bytes.end(), at + 24);
  row.outer_bytes = 40;
}

void put_outer(sf_backend& row, const Model& model, const Service& service, const Address& destination) {
  const auto& source = destination.is_v4() ? model.host.source_v4 : model.host.source_v6;
  invariant(source.has_value(), "check refuses a tunnel without a source of the backend's family (SF304)");
  if (destination.is_v4())
    put_outer_ipv4(row, source->value, destination, inner_protocol(service));
  else
    put_outer_ipv6(row, source->value, destination, inner_protocol(service));
  if (service.forward.value != Forward::gue) return;
  put16(row.outer + row.outer_bytes + 2, model.host.gue_port);
  row.outer_bytes = static_cast<std::uint8_t>(row.outer_bytes + 8);
}

void put_tags(sf_backend& row, const std::vector<VlanTag>& tags) {
  invariant(tags.size() <= SF_TAGS, "a next hop with more tags is unresolved");
  for (std::size_t i = 0; i < tags.size(); ++i) row.tags[i] = {htons(tags[i].type), htons(tags[i].id)};
  row.tag_bytes = static_cast<std::uint8_t>(tags.size() * sizeof(sf_tag));
}

// Ethernet type of what leaves: the outer header's family, or the packet's own.
void put_link(sf_backend& row, const Model& model, const NextHop& hop, bool ipv4) {
  std::copy(hop.destination.bytes.begin(), hop.destination.bytes.end(), row.ethernet);
  std::copy(hop.source.bytes.begin(), hop.source.bytes.end(), row.ethernet + 6);
  put16(row.ethernet + 12, ipv4 ? kEthertypeIpv4 : kEthertypeIpv6);
  put_tags(row, hop.tags);
  row.egress = egress_of(model, hop);
}

std::uint16_t mtu_of(const Model& model, const Service& service, const NextHop* hop) {
  if (service.mtu) return *service.mtu;
  if (model.host.mtu) return *model.host.mtu;
  return hop != nullptr ? hop->mtu : std::uint16_t{1500};
}

std::uint8_t checks_of(const Service& service) {
  unsigned checks = 0;
  if (!service.is_exact()) checks |= SF_CHECK_WIDE;
  if (!service.allow.empty() || !service.deny.empty()) checks |= SF_CHECK_SOURCES;
  if (service.quic) checks |= SF_CHECK_QUIC;
  return static_cast<std::uint8_t>(checks);
}

// A rewritten MAC takes the packet to the backend itself; a gateway would not
// know what to do with a packet for the VIP.
bool reaches(const Service& service, const NextHop* hop) {
  return hop != nullptr && hop->resolved() && (service.forward.value != Forward::l2 || hop->on_link);
}

}  // namespace

std::uint32_t egress_of(const Model& model, const NextHop& hop) {
  const auto& interfaces = model.host.interfaces;
  return interfaces.size() == 1 && *interfaces[0] == hop.interface ? 0 : hop.ifindex;
}

sf_service_key key_of(const Service& service) {
  sf_service_key key{};
  std::memcpy(key.addr, service.vip->bytes.data(), sizeof key.addr);
  key.port = service.is_exact() ? htons(service.port.value) : 0;
  key.protocol = static_cast<std::uint8_t>(service.protocol);
  key.family = static_cast<std::uint8_t>(service.vip->family);
  return key;
}

sf_service service_row(const Service& service) {
  sf_service row{};
  row.key = key_of(service);
  row.vip_bits = static_cast<std::uint8_t>(service.vip_bits);
  row.first_port = service.port.value;
  row.last_port = service.last_port;
  row.hash_mode = static_cast<std::uint8_t>(service.hash);
  row.hash_only = service.remembers_flows ? 0 : 1;
  row.checks = checks_of(service);
  if (service.new_flows_per_source) row.new_flows_per_source = **service.new_flows_per_source;
  if (!service.quic) return row;
  row.quic_bytes = static_cast<std::uint8_t>(service.quic->server_id_bytes);
  row.quic_config = static_cast<std::uint8_t>(service.quic->config_id);
  return row;
}

namespace {

// Flows of a backend that is down must choose again, and an absent row makes them.
std::uint8_t state_of(BackendState state) {
  if (state == BackendState::down || state == BackendState::disabled) return SF_BACKEND_ABSENT;
  return state == BackendState::drain ? SF_BACKEND_DRAIN : SF_BACKEND_ACTIVE;
}

}  // namespace

sf_backend backend_row(const Model& model, const Service& service, std::uint32_t service_id,
                       const Backend& backend, const NextHop* next_hop) {
  const Address& address = backend.address.value;
  const sf_service_key key = key_of(service);
  sf_backend row{};
  row.vip = key.addr[0];
  std::copy(std::begin(key.addr) + 1, std::end(key.addr), row.vip_rest);
  row.port = key.port;
  row.protocol = key.protocol;
  row.family = key.family;
  row.service_id = static_cast<std::uint16_t>(service_id);
  row.state = state_of(backend.state);
  row.checks = checks_of(service);
  row.idle_s = service.remembers_flows ? service.idle_s : std::uint16_t{0};
  row.forward = static_cast<std::uint8_t>(service.forward.value);
  row.mtu = mtu_of(model, service, next_hop);
  std::memcpy(row.address, address.bytes.data(), sizeof row.address);
  row.address_family = static_cast<std::uint8_t>(address.family);
  if (service.forward.value != Forward::l2) put_outer(row, model, service, address);
  const bool ipv4_leaves = service.forward.value == Forward::l2 ? service.vip->is_v4() : address.is_v4();
  if (reaches(service, next_hop)) put_link(row, model, *next_hop, ipv4_leaves);
  return row;
}

}  // namespace steadfast
