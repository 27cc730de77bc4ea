// SPDX-License-Identifier: Apache-2.0
#include "probe/stream.h"

#include <sys/socket.h>

#include <cerrno>

namespace steadfast::probe {
namespace {

Transfer transfer_of(ssize_t done) {
  if (done > 0) return {static_cast<std::size_t>(done), false, {}};
  if (done == 0) return {0, true, {}};
  if (errno == EAGAIN || errno == EINTR) return {};
  return {0, false, verdict_of_error(errno)};
}

class PlainStream final : public Stream {
 public:
  Transfer write(int socket, std::string_view bytes) override {
    return transfer_of(send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }
  Transfer read(int socket, std::span<char> room) override {
    return transfer_of(recv(socket, room.data(), room.size(), 0));
  }
};

}  // namespace

std::unique_ptr<Stream> plain_stream() { return std::make_unique<PlainStream>(); }

}  // namespace steadfast::probe
