// SPDX-License-Identifier: Apache-2.0
// IP addresses, prefixes and MAC addresses as values. Bytes are in network
// order, as in abi.h: an IPv4 address stands in the first four, the rest is zero.
//
// Must not enter: sockets, name resolution, anything that asks the system.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace steadfast {

enum class Family : std::uint8_t { v4 = 4, v6 = 6 };

struct Address {
  std::array<std::uint8_t, 16> bytes{};
  Family family = Family::v4;

  auto operator<=>(const Address&) const = default;

  // Numeric notation only: "192.0.2.1", "2001:db8::1"; no zone, no name.
  static std::optional<Address> parse(std::string_view text);
  std::string text() const;

  bool is_v4() const { return family == Family::v4; }
  unsigned bits() const { return is_v4() ? 32 : 128; }
  bool is_unspecified() const;
  bool is_loopback() const;
  bool is_multicast() const;
  bool is_link_local() const;
  bool is_limited_broadcast() const;
};

// A network: `address` has no bits set beyond `length` unless parse() says so.
struct Prefix {
  Address address;
  unsigned length = 0;

  auto operator<=>(const Prefix&) const = default;

  // "10.0.0.0/8" or a bare address (all bits). Host bits are kept as written.
  static std::optional<Prefix> parse(std::string_view text);
  std::string text() const;
  bool contains(const Address& other) const;
  unsigned host_bits() const { return address.bits() - length; }
  Prefix network() const;  // host bits cleared
};

struct Mac {
  std::array<std::uint8_t, 6> bytes{};
  auto operator<=>(const Mac&) const = default;
  static std::optional<Mac> parse(std::string_view text);
  std::string text() const;
  bool is_zero() const { return *this == Mac{}; }
};

}  // namespace steadfast
