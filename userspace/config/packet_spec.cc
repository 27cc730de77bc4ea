// SPDX-License-Identifier: Apache-2.0
#include "config/packet_spec.h"

#include <netinet/in.h>

#include <charconv>
#include <optional>
#include <vector>

namespace steadfast {
namespace {

// The largest payload for which every header's length field still fits.
constexpr unsigned kMaxPayload = 65535 - 40 - 20;

constexpr char kShape[] = "tcp|udp SOURCE:PORT > DESTINATION:PORT [syn] [ack] [fin] [rst] [len BYTES]";

using Words = std::vector<std::string_view>;

Words split(std::string_view text) {
  constexpr std::string_view kBlank = " \t";
  Words words;
  for (auto at = text.find_first_not_of(kBlank); at != text.npos; at = text.find_first_not_of(kBlank)) {
    text.remove_prefix(at);
    words.push_back(text.substr(0, text.find_first_of(kBlank)));
    text.remove_prefix(words.back().size());
  }
  return words;
}

Error wrong(std::string_view word, std::string_view expected) {
  return {"packet: \"" + std::string(word) + "\": expected " + std::string(expected)};
}

std::optional<std::uint32_t> number(std::string_view text, std::uint32_t most) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value > most) return std::nullopt;
  return value;
}

struct Endpoint {
  Address address;
  std::uint16_t port = 0;
  bool any_port = false;
};

// Splits at the last colon: the colons before it are an IPv6 address, and that
// one must stand in brackets, or "2001:db8::1:443" would be ambiguous.
std::optional<Address> endpoint_address(std::string_view text) {
  const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
  const auto address = Address::parse(bracketed ? text.substr(1, text.size() - 2) : text);
  if (!address || address->is_v4() == bracketed) return std::nullopt;
  return address;
}

Result<Endpoint> parse_endpoint(std::string_view word, bool wildcard_allowed) {
  const auto colon = word.rfind(':');
  if (colon == word.npos) return wrong(word, "ADDRESS:PORT, or [ADDRESS]:PORT for IPv6");
  const auto address = endpoint_address(word.substr(0, colon));
  if (!address) return wrong(word.substr(0, colon), "an IPv4 address, or an IPv6 address in brackets");
  const std::string_view port = word.substr(colon + 1);
  if (port == "*") {
    if (!wildcard_allowed) return wrong(word, "a destination port: only the source port may be *");
    return Endpoint{*address, 0, true};
  }
  const auto value = number(port, 65535);
  if (!value || *value == 0) return wrong(port, "a port from 1 to 65535");
  return Endpoint{*address, static_cast<std::uint16_t>(*value), false};
}

bool* flag(Packet& packet, std::string_view word) {
  if (word == "syn") return &packet.syn;
  if (word == "ack") return &packet.ack;
  if (word == "fin") return &packet.fin;
  if (word == "rst") return &packet.rst;
  return nullptr;
}

Result<void> parse_flag(Packet& packet, std::string_view word) {
  bool* const bit = flag(packet, word);
  if (bit == nullptr) return wrong(word, "syn, ack, fin, rst or len BYTES");
  if (packet.protocol != IPPROTO_TCP) return wrong(word, "no TCP flag on a UDP packet");
  if (*bit) return wrong(word, "each flag once");
  *bit = true;
  return {};
}

Result<void> parse_options(Packet& packet, const Words& words, std::size_t first) {
  bool has_length = false;
  for (std::size_t i = first; i < words.size(); i++) {
    if (words[i] != "len") {
      if (auto flagged = parse_flag(packet, words[i]); !flagged) return flagged;
      continue;
    }
    if (has_length) return wrong(words[i], "len once");
    if (i + 1 == words.size()) return wrong(words[i], "a number of payload bytes after it");
    const auto bytes = number(words[++i], kMaxPayload);
    if (!bytes) return wrong(words[i], "payload bytes from 0 to " + std::to_string(kMaxPayload));
    packet.payload_bytes = static_cast<std::uint16_t>(*bytes);
    has_length = true;
  }
  return {};
}

std::string text(const Address& address, const std::string& port) {
  return (address.is_v4() ? address.text() : "[" + address.text() + "]") + ":" + port;
}

}  // namespace

Result<PacketSpec> parse_packet_spec(std::string_view text) {
  const Words words = split(text);
  if (words.empty()) return Error{std::string("packet: empty; expected ") + kShape};
  PacketSpec spec;
  if (words[0] != "tcp" && words[0] != "udp") return wrong(words[0], "tcp or udp");
  spec.packet.protocol = words[0] == "tcp" ? IPPROTO_TCP : IPPROTO_UDP;
  if (words.size() < 4)
    return Error{"packet: \"" + std::string(text) + "\" is incomplete; expected " + kShape};
  if (words[2] != ">") return wrong(words[2], "> between source and destination");

  const auto source = parse_endpoint(words[1], true);
  if (!source) return source.error();
  const auto destination = parse_endpoint(words[3], false);
  if (!destination) return destination.error();
  if (source->address.family != destination->address.family)
    return wrong(words[3], "an address of the same family as the source");
  spec.packet.source = source->address;
  spec.packet.source_port = source->port;
  spec.any_source_port = source->any_port;
  spec.packet.destination = destination->address;
  spec.packet.destination_port = destination->port;
  if (const auto options = parse_options(spec.packet, words, 4); !options) return options.error();
  return spec;
}

std::string text(const PacketSpec& spec) {
  const Packet& packet = spec.packet;
  std::string out = packet.protocol == IPPROTO_TCP ? "tcp " : "udp ";
  out += text(packet.source, spec.any_source_port ? "*" : std::to_string(packet.source_port)) + " > ";
  out += text(packet.destination, std::to_string(packet.destination_port));
  if (packet.syn) out += " syn";
  if (packet.ack) out += " ack";
  if (packet.fin) out += " fin";
  if (packet.rst) out += " rst";
  if (packet.payload_bytes != 0) out += " len " + std::to_string(packet.payload_bytes);
  return out;
}

}  // namespace steadfast
