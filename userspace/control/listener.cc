// SPDX-License-Identifier: Apache-2.0
#include "control/listener.h"

#include <arpa/inet.h>
#include <grp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include "base/address.h"

namespace steadfast {
namespace {

constexpr int kBacklog = 64;
constexpr mode_t kSocketMode = 0660;
constexpr char kGroup[] = "steadfast";

// Closes unless released: every early return below.
class OwnedFd {
 public:
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(const OwnedFd&) = delete;
  OwnedFd& operator=(const OwnedFd&) = delete;
  ~OwnedFd() {
    if (fd_ >= 0) close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

Result<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return Error{"control socket \"" + path + "\": the path must have 1 to " +
                 std::to_string(sizeof address.sun_path - 1) + " bytes"};
  path.copy(address.sun_path, path.size());
  return address;
}

template <typename SocketAddress>
const sockaddr* generic(const SocketAddress& address) {
  return reinterpret_cast<const sockaddr*>(&address);
}

// Only a refused connection proves that nobody listens: any other failure
// (permission, a full backlog) may be a living daemon, whose socket stays.
Result<void> remove_stale(const std::string& path) {
  struct stat entry {};
  if (lstat(path.c_str(), &entry) != 0)
    return errno == ENOENT ? Result<void>() : Error::from_errno("control socket " + path);
  if (!S_ISSOCK(entry.st_mode))
    return Error{"control socket " + path + ": the path exists and is no socket", EEXIST};
  auto connection = connect_unix(path);
  if (connection) {
    close(*connection);
    return Error{"control socket " + path + ": another daemon answers on it", EADDRINUSE};
  }
  if (connection.error().os_error != ECONNREFUSED) return connection.error();
  if (unlink(path.c_str()) != 0) return Error::from_errno("removing the stale control socket " + path);
  return {};
}

Result<void> hand_to_group(const std::string& path) {
  const group* const entry = getgrnam(kGroup);
  if (entry != nullptr && geteuid() == 0 && chown(path.c_str(), 0, entry->gr_gid) != 0)
    return Error::from_errno("control socket " + path + ": giving it to the group " + kGroup);
  // bind() has taken the umask off the mode.
  if (chmod(path.c_str(), kSocketMode) != 0)
    return Error::from_errno("control socket " + path + ": setting its mode");
  return {};
}

struct HostPort {
  Address address;
  std::uint16_t port = 0;
};

std::optional<HostPort> parse_host_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  std::string_view host = text.substr(0, colon), port = text.substr(colon + 1);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const auto address = Address::parse(host);
  HostPort parsed;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), parsed.port);
  if (!address || error != std::errc{} || end != port.data() + port.size()) return std::nullopt;
  parsed.address = *address;
  return parsed;
}

struct InternetAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;
};

InternetAddress internet_address(const HostPort& at) {
  InternetAddress out;
  if (at.address.is_v4()) {
    auto& v4 = reinterpret_cast<sockaddr_in&>(out.storage);
    v4.sin_family = AF_INET;
    v4.sin_port = htons(at.port);
    std::copy_n(at.address.bytes.begin(), 4, reinterpret_cast<std::uint8_t*>(&v4.sin_addr));
    out.length = sizeof v4;
  } else {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(out.storage);
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(at.port);
    std::copy_n(at.address.bytes.begin(), 16, reinterpret_cast<std::uint8_t*>(&v6.sin6_addr));
    out.length = sizeof v6;
  }
  return out;
}

std::uint16_t bound_port(int fd) {
  sockaddr_storage bound{};
  socklen_t length = sizeof bound;
  if (getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &length) != 0) return 0;
  return ntohs(bound.ss_family == AF_INET ? reinterpret_cast<sockaddr_in&>(bound).sin_port
                                          : reinterpret_cast<sockaddr_in6&>(bound).sin6_port);
}

}  // namespace

Listener::Listener(Listener&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      name_(std::move(other.name_)),
      file_(std::exchange(other.file_, {})),
      file_inode_(other.file_inode_) {}

Listener::~Listener() {
  if (fd_ >= 0) close(fd_);
  struct stat entry {};
  if (!file_.empty() && lstat(file_.c_str(), &entry) == 0 && entry.st_ino == file_inode_)
    unlink(file_.c_str());
}

void Listener::shut_down() const { shutdown(fd_, SHUT_RDWR); }

Result<Listener> Listener::unix_socket(const std::string& path) {
  const auto address = unix_address(path);
  if (!address) return address.error();
  if (auto removed = remove_stale(path); !removed) return removed.error();
  OwnedFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return Error::from_errno("control socket " + path);
  // The file is made with the mode of the socket, so it is never open to
  // everyone, not even between bind() and chmod().
  if (fchmod(fd.get(), kSocketMode) != 0) return Error::from_errno("control socket " + path);
  if (bind(fd.get(), generic(*address), sizeof *address) != 0)
    return Error::from_errno("control socket " + path + ": bind");
  struct stat entry {};
  if (lstat(path.c_str(), &entry) != 0) return Error::from_errno("control socket " + path);
  Listener listener(fd.release(), path);
  listener.file_ = path;
  listener.file_inode_ = entry.st_ino;
  if (auto handed = hand_to_group(path); !handed) return handed.error();
  if (listen(listener.fd_, kBacklog) != 0) return Error::from_errno("control socket " + path + ": listen");
  return listener;
}

Result<Listener> Listener::tcp(const std::string& text) {
  const auto at = parse_host_port(text);
  if (!at) return Error{"listen address \"" + text + "\": expected ADDRESS:PORT, or [ADDRESS]:PORT for IPv6"};
  OwnedFd fd(socket(at->address.is_v4() ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return Error::from_errno("listen address " + text);
  const int yes = 1;
  setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  const InternetAddress address = internet_address(*at);
  if (bind(fd.get(), generic(address.storage), address.length) != 0)
    return Error::from_errno("listen address " + text + ": bind");
  if (listen(fd.get(), kBacklog) != 0) return Error::from_errno("listen address " + text + ": listen");
  const std::string port = std::to_string(bound_port(fd.get()));
  return Listener(fd.release(), text.substr(0, text.rfind(':') + 1) + port);
}

Result<int> connect_unix(const std::string& path) {
  const auto address = unix_address(path);
  if (!address) return address.error();
  OwnedFd fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (fd.get() < 0) return Error::from_errno("control socket " + path);
  if (connect(fd.get(), generic(*address), sizeof *address) != 0)
    return Error::from_errno("control socket " + path);
  return fd.release();
}

}  // namespace steadfast
