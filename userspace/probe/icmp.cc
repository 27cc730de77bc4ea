// SPDX-License-Identifier: Apache-2.0
#include "probe/icmp.h"

#include "bpf/icmp_types.h"

namespace steadfast::probe {
namespace {

constexpr std::uint8_t kIpv4ProtocolUnreachable = 2, kIpv4PortUnreachable = 3;
constexpr std::uint8_t kIpv6PortUnreachable = 4, kIpv6UnknownNextHeader = 1;

IcmpMeaning meaning_v4(std::uint8_t type, std::uint8_t code) {
  if (type != SF_ICMPV4_UNREACHABLE) return IcmpMeaning::no_way;
  if (code == kIpv4PortUnreachable) return IcmpMeaning::port_closed;
  if (code == kIpv4ProtocolUnreachable) return IcmpMeaning::no_such_protocol;
  return code == SF_ICMPV4_FRAGMENTATION_NEEDED ? IcmpMeaning::too_big : IcmpMeaning::no_way;
}

IcmpMeaning meaning_v6(std::uint8_t type, std::uint8_t code) {
  if (type == SF_ICMPV6_TOO_BIG) return IcmpMeaning::too_big;
  if (type == SF_ICMPV6_UNREACHABLE && code == kIpv6PortUnreachable) return IcmpMeaning::port_closed;
  if (type == SF_ICMPV6_PARAMETER_PROBLEM && code == kIpv6UnknownNextHeader)
    return IcmpMeaning::no_such_protocol;
  return IcmpMeaning::no_way;
}

IcmpMeaning as_sent(const IcmpError& error) {
  return error.from.is_v4() ? meaning_v4(error.type, error.code) : meaning_v6(error.type, error.code);
}

std::string words_of(const IcmpError& error) {
  switch (as_sent(error)) {
    case IcmpMeaning::port_closed:
      return "port unreachable";
    case IcmpMeaning::no_such_protocol:
      return "protocol unreachable";
    case IcmpMeaning::too_big:
      return "too big for a way of " + std::to_string(error.mtu) + " bytes";
    case IcmpMeaning::no_way:
      break;
  }
  return "ICMP type " + std::to_string(error.type) + " code " + std::to_string(error.code);
}

}  // namespace

// Where tunnels are known but this one is not, Linux calls it a closed port.
IcmpMeaning meaning_of(const IcmpError& error) {
  const IcmpMeaning meaning = as_sent(error);
  return error.of_outer && meaning == IcmpMeaning::port_closed ? IcmpMeaning::no_such_protocol : meaning;
}

std::string text_of(const IcmpError& error) { return words_of(error) + " from " + error.from.text(); }

}  // namespace steadfast::probe
