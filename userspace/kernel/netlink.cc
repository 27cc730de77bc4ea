// SPDX-License-Identifier: Apache-2.0
#include "kernel/netlink.h"

#include <vector>

namespace steadfast {
namespace {

constexpr std::size_t kBufferBytes = 32768;

int give_to_caller(const nlmsghdr* message, void* each) {
  (*static_cast<const std::function<void(const nlmsghdr*)>*>(each))(message);
  return MNL_CB_OK;
}

}  // namespace

Result<Netlink> Netlink::open(unsigned groups, int bus) {
  Netlink netlink;
  netlink.socket_.reset(mnl_socket_open2(bus, SOCK_CLOEXEC));
  if (!netlink.socket_) return Error::from_errno("opening netlink");
  if (mnl_socket_bind(netlink.socket_.get(), groups, MNL_SOCKET_AUTOPID) < 0)
    return Error::from_errno("binding netlink");
  return netlink;
}

Result<void> Netlink::request(nlmsghdr* message, const std::function<void(const nlmsghdr*)>& each) {
  message->nlmsg_seq = ++sequence_;
  if (mnl_socket_sendto(socket_.get(), message, message->nlmsg_len) < 0)
    return Error::from_errno("sending to netlink");
  std::vector<char> buffer(kBufferBytes);
  const unsigned port = mnl_socket_get_portid(socket_.get());
  for (int more = 1; more > 0;) {
    const ssize_t bytes = mnl_socket_recvfrom(socket_.get(), buffer.data(), buffer.size());
    if (bytes < 0) return Error::from_errno("reading from netlink");
    more = mnl_cb_run(buffer.data(), static_cast<std::size_t>(bytes), sequence_, port, give_to_caller,
                      const_cast<std::function<void(const nlmsghdr*)>*>(&each));
    if (more < 0) return Error::from_errno("netlink answered");
    if ((message->nlmsg_flags & (NLM_F_DUMP | NLM_F_ACK)) == 0) break;
  }
  return {};
}

Result<bool> Netlink::drain() {
  char buffer[kBufferBytes];
  bool any = false;
  for (;;) {
    const ssize_t bytes = recv(fd(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (bytes > 0) {
      any = true;
      continue;
    }
    if (bytes < 0 && errno != EAGAIN && errno != EINTR) return Error::from_errno("reading notifications");
    return any;
  }
}

int Netlink::fd() const { return mnl_socket_get_fd(socket_.get()); }

}  // namespace steadfast
