// SPDX-License-Identifier: Apache-2.0
// Route messages: routes and neighbours as rtnetlink sends them, requests with a fixed
// header and addresses, and the questions that everybody asks.
//
// Must not enter: what a route means for a backend (route.h).
#pragma once

#include <linux/neighbour.h>
#include <linux/rtnetlink.h>

#include <compare>
#include <cstdint>
#include <map>
#include <optional>

#include "base/address.h"
#include "kernel/attributes.h"
#include "kernel/netlink.h"

namespace steadfast {

struct NeighbourKey {
  std::uint32_t ifindex = 0;
  Address address;
  auto operator<=>(const NeighbourKey&) const = default;
};
struct Neighbour {
  Mac mac;  // zero unless the kernel itself would use it
  unsigned state = NUD_NONE;
  bool failed() const { return (state & NUD_FAILED) != 0; }
};
using Neighbours = std::map<NeighbourKey, Neighbour>;

struct Route {
  std::uint32_t ifindex = 0;
  Address gateway;
  std::uint32_t mtu = 0;
  unsigned char type = RTN_UNSPEC;
  bool has_gateway = false;
  std::optional<Address> source;  // the kernel's choice for what is sent along it
};

std::uint8_t family_number(const Address& address);
std::size_t address_bytes(int family);
Address address_in(const nlattr* attribute, int family);

// Adds the neighbour of one RTM_NEWNEIGH message.
void read_neighbour(const nlmsghdr* message, Neighbours& neighbours);
// Takes over what one RTM_NEWROUTE message says.
void read_route(const nlmsghdr* message, Route& route);

// One request message with its fixed header; the buffer outlives the request.
template <typename Fixed>
class Message {
 public:
  Message(std::uint16_t type, std::uint16_t flags) : header_(mnl_nlmsg_put_header(buffer_)) {
    header_->nlmsg_type = type;
    header_->nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | flags);
    fixed_ = static_cast<Fixed*>(mnl_nlmsg_put_extra_header(header_, sizeof(Fixed)));
  }
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;
  Fixed* operator->() { return fixed_; }
  nlmsghdr* header() { return header_; }
  void put(std::uint16_t type, const Address& address) {
    mnl_attr_put(header_, type, address_bytes(family_number(address)), address.bytes.data());
  }

 private:
  alignas(nlmsghdr) char buffer_[512];
  nlmsghdr* header_;
  Fixed* fixed_;
};

// As the kernel would send; its refusal (ENETUNREACH, …) is the Error's os_error.
Result<Route> route_to(Netlink& netlink, const Address& destination);
Result<void> read_neighbours(Netlink& netlink, Neighbours& neighbours);
// Makes the kernel resolve a neighbour as if a packet had left for it; NDA_FLAGS_EXT of
// `flags`. That asking may fail is no news: the neighbour stays unresolved.
void ask_for_neighbour(Netlink& netlink, const NeighbourKey& key, std::uint32_t flags = 0);

}  // namespace steadfast
