// SPDX-License-Identifier: Apache-2.0
#include "base/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace steadfast {

std::optional<Address> Address::parse(std::string_view text) {
  const std::string copy(text);
  Address address;
  if (inet_pton(AF_INET, copy.c_str(), address.bytes.data()) == 1) return address;
  address.family = Family::v6;
  if (inet_pton(AF_INET6, copy.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

std::string Address::text() const {
  char out[INET6_ADDRSTRLEN];
  inet_ntop(is_v4() ? AF_INET : AF_INET6, bytes.data(), out, sizeof out);
  return out;
}

bool Address::is_unspecified() const {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

bool Address::is_loopback() const {
  if (is_v4()) return bytes[0] == 127;
  return bytes[15] == 1 && std::all_of(bytes.begin(), bytes.end() - 1, [](auto b) { return b == 0; });
}

bool Address::is_multicast() const { return is_v4() ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == 0xff; }

bool Address::is_link_local() const {
  if (is_v4()) return bytes[0] == 169 && bytes[1] == 254;
  return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80;
}

bool Address::is_limited_broadcast() const {
  return is_v4() && std::all_of(bytes.begin(), bytes.begin() + 4, [](auto b) { return b == 255; });
}

std::optional<Prefix> Prefix::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = Address::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  Prefix prefix{*address, address->bits()};
  if (slash == std::string_view::npos) return prefix;
  const auto digits = text.substr(slash + 1);
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), prefix.length);
  if (fault != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (prefix.length > address->bits()) return std::nullopt;
  return prefix;
}

std::string Prefix::text() const {
  return length == address.bits() ? address.text() : address.text() + "/" + std::to_string(length);
}

Prefix Prefix::network() const {
  Prefix cleared = *this;
  for (unsigned bit = length; bit < address.bits(); ++bit)
    cleared.address.bytes[bit / 8] &= static_cast<std::uint8_t>(~(0x80u >> (bit % 8)));
  return cleared;
}

bool Prefix::contains(const Address& other) const {
  return other.family == address.family && Prefix{other, length}.network().address == network().address;
}

std::optional<Mac> Mac::parse(std::string_view text) {
  Mac mac;
  auto& b = mac.bytes;
  const std::string copy(text);
  int used = 0;
  const int fields = std::sscanf(copy.c_str(), "%2hhx:%2hhx:%2hhx:%2hhx:%2hhx:%2hhx%n", &b[0], &b[1], &b[2],
                                 &b[3], &b[4], &b[5], &used);
  if (fields != 6 || static_cast<std::size_t>(used) != copy.size()) return std::nullopt;
  return mac;
}

std::string Mac::text() const {
  char out[18];
  std::snprintf(out, sizeof out, "%02x:%02x:%02x:%02x:%02x:%02x", bytes[0], bytes[1], bytes[2], bytes[3],
                bytes[4], bytes[5]);
  return out;
}

}  // namespace steadfast
