// SPDX-License-Identifier: Apache-2.0
#include "probe/socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace steadfast::probe {
namespace {

constexpr int kLeastSegment = 88;  // the kernel takes none below

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t bytes = 0;
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SocketAddress any_port(Family family) {
  SocketAddress any;
  any.storage.ss_family = family == Family::v4 ? AF_INET : AF_INET6;
  any.bytes = family == Family::v4 ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  return any;
}

SocketAddress address_of(const Endpoint& end) {
  SocketAddress address = any_port(end.address.family);
  if (end.address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(end.port);
    std::memcpy(&v4.sin_addr, end.address.bytes.data(), sizeof v4.sin_addr);
    std::memcpy(&address.storage, &v4, sizeof v4);
    return address;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(end.port);
  std::memcpy(&v6.sin6_addr, end.address.bytes.data(), sizeof v6.sin6_addr);
  std::memcpy(&address.storage, &v6, sizeof v6);
  return address;
}

// A port of IPv6 alone could be an IPv4 socket's as well, and the answers of a
// backend of the other family would meet it.
bool take_both_families(int socket) {
  const int off = 0;
  return setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0;
}

}  // namespace

Result<Fd> open_socket(Family family, bool datagram) {
  SocketAddress any = any_port(family);
  Fd socket(::socket(any.storage.ss_family,
                     (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return Error::from_errno("opening a probe's socket");
  if (family == Family::v6 && !take_both_families(socket.get()))
    return Error::from_errno("opening a probe's socket to both families");
  // Bound before it is connected: a port chosen by connect() may be shared.
  if (bind(socket.get(), any.get(), any.bytes) != 0) return Error::from_errno("binding a probe's socket");
  return socket;
}

Result<std::uint16_t> local_port(int socket) {
  SocketAddress local;
  local.bytes = sizeof local.storage;
  if (getsockname(socket, local.get(), &local.bytes) != 0) return Error::from_errno("a probe's local port");
  // The port stands at the same place in both families.
  sockaddr_in either;
  std::memcpy(&either, &local.storage, sizeof either);
  return ntohs(either.sin_port);
}

Result<void> limit_segments(int socket, std::uint16_t mtu, std::uint16_t headers) {
  const int segment = mtu - headers;
  if (segment < kLeastSegment)
    return Error{"a path of " + std::to_string(mtu) + " bytes has no room for TCP", EMSGSIZE};
  if (setsockopt(socket, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment) != 0)
    return Error::from_errno("limiting a probe's segments");
  return {};
}

int connect_to(int socket, const Endpoint& backend) {
  SocketAddress address = address_of(backend);
  if (connect(socket, address.get(), address.bytes) == 0 || errno == EINPROGRESS) return 0;
  return errno;
}

int pending_error(int socket) {
  int error = 0;
  socklen_t bytes = sizeof error;
  return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &bytes) == 0 ? error : errno;
}

void abandon(Fd& socket) {
  const linger at_once{1, 0};
  setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket = Fd();
}

}  // namespace steadfast::probe
