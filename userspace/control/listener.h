// SPDX-License-Identifier: Apache-2.0
// Listening sockets of the daemon. Opened here and not by the HTTP library,
// because the library knows no Unix sockets, keeps the reason of a failed bind to
// itself, and ends for good when a client gives up while it is being accepted.
//
// Must not enter: HTTP.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace steadfast {

class Listener {
 public:
  // A socket only root and the group `steadfast` (where there is one) can use.
  // A socket file nobody answers on is replaced; a live one is left alone.
  static Result<Listener> unix_socket(const std::string& path);
  // "127.0.0.1:9090", "[::1]:9090"; port 0 lets the kernel choose.
  static Result<Listener> tcp(const std::string& address);

  Listener(Listener&& other) noexcept;
  Listener& operator=(Listener&&) = delete;
  ~Listener();  // closes, and removes the socket file

  int fd() const { return fd_; }
  const std::string& name() const { return name_; }  // what a client connects to
  void shut_down() const;                            // ends every accept() on it

 private:
  Listener(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}

  int fd_ = -1;
  std::string name_;
  std::string file_;              // to remove at the end; empty for TCP
  std::uint64_t file_inode_ = 0;  // so that a successor's socket is not removed
};

// A connection to a Unix socket, or why there is none. The caller closes it.
Result<int> connect_unix(const std::string& path);

}  // namespace steadfast
