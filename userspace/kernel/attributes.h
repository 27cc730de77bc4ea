// SPDX-License-Identifier: Apache-2.0
// Attributes: walking a netlink message's attributes from C++ (libmnl's own loop
// macros are C only), and the types that several messages share.
//
// Must not enter: what any attribute means (links.h, route.h).
#pragma once

#include <libmnl/libmnl.h>

#include <cstddef>
#include <cstring>

#include "base/address.h"

namespace steadfast {

template <typename Each>
int give_attribute(const nlattr* attribute, void* each) {
  (*static_cast<Each*>(each))(attribute);
  return MNL_CB_OK;
}

// Attributes behind a fixed header of `after` bytes.
template <typename Each>
void for_each_attribute(const nlmsghdr* message, std::size_t after, Each each) {
  mnl_attr_parse(message, static_cast<unsigned>(after), give_attribute<Each>, &each);
}

template <typename Each>
void for_each_nested(const nlattr* attribute, Each each) {
  mnl_attr_parse_nested(attribute, give_attribute<Each>, &each);
}

// Zero for a device whose addresses are not Ethernet's.
inline Mac mac_in(const nlattr* attribute) {
  Mac mac;
  if (mnl_attr_get_payload_len(attribute) == mac.bytes.size())
    std::memcpy(mac.bytes.data(), mnl_attr_get_payload(attribute), mac.bytes.size());
  return mac;
}

}  // namespace steadfast
