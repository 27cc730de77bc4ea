// SPDX-License-Identifier: Apache-2.0
#include "report/live_drop.h"

#include <netinet/in.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

#include "kernel/host_program.h"
#include "report/quantity.h"
#include "report/table.h"
#include "report/view.h"

namespace steadfast::report {
namespace {

constexpr std::size_t kHexBytes = 32;
constexpr std::uint32_t kSecondsOfDay = 86400;

struct Named {
  unsigned value;
  const char* word;
};
constexpr Named kFlags[] = {{2, "syn"}, {16, "ack"}, {1, "fin"}, {4, "rst"}};
constexpr Named kProtocols[] = {
    {IPPROTO_TCP, "tcp"}, {IPPROTO_UDP, "udp"}, {IPPROTO_ICMP, "icmp"}, {IPPROTO_ICMPV6, "icmpv6"}};

// What is missing of the frame reads as zero, so that lengths contradict nothing.
sf_packet parsed(const LiveDrop& drop) {
  Frame whole(drop.bytes);
  whole.resize(std::max<std::size_t>(drop.frame_bytes, drop.bytes.size()));
  sf_packet packet{};
  sf_host_frame view{whole.data(), whole.data() + whole.size(), whole.data()};
  sf_host_parse(&view, &packet);
  return packet;
}

Address address(const __u64 (&words)[2], std::uint8_t family) {
  Address address;
  address.family = family == SF_IPV4 ? Family::v4 : Family::v6;
  std::memcpy(address.bytes.data(), words, address.is_v4() ? 4 : 16);
  return address;
}

std::string endpoint(const Address& address, std::uint16_t port, bool has_port) {
  if (!has_port) return address.text();
  return (address.is_v4() ? address.text() : "[" + address.text() + "]") + ":" + std::to_string(port);
}

std::string protocol(const sf_packet& packet) {
  for (const auto& [value, word] : kProtocols)
    if (value == packet.protocol) return word;
  return "protocol " + std::to_string(packet.protocol);
}

std::string flags(const sf_packet& packet) {
  std::string words;
  for (const auto& [bit, word] : kFlags)
    if ((packet.tcp_flags & bit) != 0) words += std::string(" ") + word;
  return words;
}

std::string icmp_words(const sf_packet& packet, const LiveDrop& drop) {
  const bool is_icmp = packet.protocol == IPPROTO_ICMP || packet.protocol == IPPROTO_ICMPV6;
  if (!is_icmp || packet.later_fragment != 0 || packet.transport + 2u > drop.bytes.size()) return {};
  return " type " + std::to_string(drop.bytes[packet.transport]) + " code " +
         std::to_string(drop.bytes[packet.transport + 1u]);
}

std::string hex(const Frame& bytes) {
  std::string words;
  for (std::size_t i = 0; i < std::min(bytes.size(), kHexBytes); i++) {
    char word[4];
    std::snprintf(word, sizeof word, "%s%02x", i == 0 ? "" : " ", bytes[i]);
    words += word;
  }
  return words + (bytes.size() > kHexBytes ? " …" : "");
}

// In UTC, to the microsecond.
std::string time_of_day(double time_s) {
  double whole = 0;
  const double part = std::modf(time_s, &whole);
  const auto second = static_cast<std::uint64_t>(whole) % kSecondsOfDay;
  char text[24];
  std::snprintf(text, sizeof text, "%02u:%02u:%02u.%06u", static_cast<unsigned>(second / 3600),
                static_cast<unsigned>(second / 60 % 60), static_cast<unsigned>(second % 60),
                static_cast<unsigned>(part * 1e6));
  return text;
}

}  // namespace

std::string packet_words(const LiveDrop& drop) {
  if (drop.bytes.empty()) return {};
  const sf_packet packet = parsed(drop);
  if (packet.family == 0) return hex(drop.bytes);
  const auto* const ports = reinterpret_cast<const std::uint8_t*>(&packet.ports);
  const bool has_ports = packet.ports != 0;
  const auto port = [&](int at) { return static_cast<std::uint16_t>(ports[at] << 8 | ports[at + 1]); };
  std::string words = protocol(packet) + " ";
  words += endpoint(address(packet.source, packet.family), port(0), has_ports) + " > ";
  words += endpoint(address(packet.destination, packet.family), port(2), has_ports);
  words += flags(packet) + icmp_words(packet, drop);
  if (packet.first_fragment != 0) words += " first fragment";
  if (packet.later_fragment != 0) words += " later fragment";
  return words;
}

std::string drop_line(const LiveDrop& drop, bool colour) {
  const Colour urgency = kind(drop.verdict) == SF_KIND_CONFIGURATION ? Colour::red : Colour::yellow;
  std::string line = time_of_day(drop.time_s) + "  ";
  line += paint(label(drop.verdict), urgency, colour) + "  ";
  line += (drop.service.empty() ? "-" : drop.service) + "  " + drop.interface + "  ";
  return line + count(drop.frame_bytes) + " bytes  " + packet_words(drop);
}

}  // namespace steadfast::report
