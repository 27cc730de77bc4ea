// SPDX-License-Identifier: Apache-2.0
#include "listeners.h"

#include <charconv>
#include <cstring>
#include <optional>
#include <sstream>
#include <string>

namespace steadfast::decap {
namespace {

constexpr unsigned kListen = 0x0a;       // TCP_LISTEN
constexpr unsigned kUnconnected = 0x07;  // TCP_CLOSE: a UDP socket without a peer
constexpr std::size_t kWordDigits = 8;

std::optional<std::uint32_t> hexadecimal(std::string_view digits) {
  std::uint32_t value = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return value;
}

// The kernel prints each 32-bit word of an address as a number of this host, so
// in memory its bytes stand in network order again.
std::optional<Address> address_in(std::string_view digits) {
  Address address;
  if (digits.size() != kWordDigits && digits.size() != 4 * kWordDigits) return std::nullopt;
  address.family = digits.size() == kWordDigits ? Family::v4 : Family::v6;
  for (std::size_t word = 0; word * kWordDigits < digits.size(); ++word) {
    const auto value = hexadecimal(digits.substr(word * kWordDigits, kWordDigits));
    if (!value) return std::nullopt;
    std::memcpy(address.bytes.data() + word * sizeof *value, &*value, sizeof *value);
  }
  return address;
}

std::optional<Listener> listener_in(const std::string& line, Protocol protocol) {
  std::istringstream words(line);
  std::string slot, local, remote, state;
  if (!(words >> slot >> local >> remote >> state)) return std::nullopt;
  const std::size_t colon = local.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto address = address_in(std::string_view(local).substr(0, colon));
  const auto port = hexadecimal(std::string_view(local).substr(colon + 1));
  if (!address || !port || hexadecimal(state) != (protocol == Protocol::tcp ? kListen : kUnconnected))
    return std::nullopt;
  return Listener{*address, {protocol, static_cast<std::uint16_t>(*port)}};
}

}  // namespace

std::vector<Listener> read_listeners(std::string_view table, Protocol protocol) {
  std::vector<Listener> listeners;
  std::istringstream lines{std::string(table)};
  for (std::string line; std::getline(lines, line);)
    if (const auto listener = listener_in(line, protocol)) listeners.push_back(*listener);
  return listeners;
}

}  // namespace steadfast::decap
