// SPDX-License-Identifier: Apache-2.0
// One netlink socket: a request with its answers, and notifications. Parsing
// stays with the caller, which knows what it asked.
//
// Must not enter: routes and neighbours (route.h).
#pragma once

#include <libmnl/libmnl.h>
#include <linux/netlink.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"

namespace steadfast {

class Netlink {
 public:
  // `groups`: bits of RTMGRP_*; 0 for requests only. `bus`: NETLINK_*.
  static Result<Netlink> open(unsigned groups = 0, int bus = NETLINK_ROUTE);

  // Sends one message and gives every answer to `each`; the kernel's error is an Error.
  Result<void> request(nlmsghdr* message, const std::function<void(const nlmsghdr*)>& each);

  // Reads what has arrived, without waiting. An Error with ENOBUFS means that
  // notifications were lost: everything must be read again.
  Result<bool> drain();
  int fd() const;

 private:
  struct Close {
    void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
  };
  std::unique_ptr<mnl_socket, Close> socket_;
  std::uint32_t sequence_ = 0;
};

}  // namespace steadfast
