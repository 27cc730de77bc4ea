// SPDX-License-Identifier: Apache-2.0
#include "host.h"

#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "kernel/decap_program.h"
#include "kernel/way_back.h"
#include "listeners.h"

namespace steadfast::decap {
namespace {

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error::from_errno(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<unsigned> setting(const std::string& device, const char* key) {
  unsigned most = 0;
  for (const std::string& scope : {std::string("all"), device}) {
    const std::string path = "/proc/sys/net/ipv4/conf/" + scope + "/" + key;
    const auto text = read_file(path);
    if (!text) return text.error();
    most = std::max(most, static_cast<unsigned>(std::strtoul(text->c_str(), nullptr, 10)));
  }
  return most;
}

Result<void> read_settings(const std::string& device, BackendHost& host) {
  const std::array<std::pair<const char*, unsigned*>, 3> settings{{{"rp_filter", &host.rp_filter},
                                                                   {"arp_ignore", &host.arp_ignore},
                                                                   {"arp_announce", &host.arp_announce}}};
  for (const auto& [key, value] : settings) {
    const auto read = setting(device, key);
    if (!read) return read.error();
    *value = *read;
  }
  return {};
}

// A kernel without IPv6 has no tables of it, and so no listeners.
Result<void> read_sockets(BackendHost& host) {
  const std::array<std::pair<const char*, Protocol>, 4> tables{
      {{"tcp", Protocol::tcp}, {"tcp6", Protocol::tcp}, {"udp", Protocol::udp}, {"udp6", Protocol::udp}}};
  for (const auto& [table, protocol] : tables) {
    const auto text = read_file(std::string("/proc/self/net/") + table);
    if (!text && text.error().os_error != ENOENT) return text.error();
    if (!text) continue;
    for (const Listener& listener : read_listeners(*text, protocol)) host.listeners.push_back(listener);
  }
  return {};
}

Address address_of(const sockaddr* socket_address) {
  Address address;
  if (socket_address->sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, socket_address, sizeof v4);
    std::memcpy(address.bytes.data(), &v4.sin_addr, sizeof v4.sin_addr);
    return address;
  }
  sockaddr_in6 v6;
  std::memcpy(&v6, socket_address, sizeof v6);
  address.family = Family::v6;
  std::memcpy(address.bytes.data(), &v6.sin6_addr, sizeof v6.sin6_addr);
  return address;
}

Result<void> read_addresses(BackendHost& host) {
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return Error::from_errno("reading addresses");
  const std::unique_ptr<ifaddrs, void (*)(ifaddrs*)> owner(list, freeifaddrs);
  for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
    if (each->ifa_addr == nullptr) continue;
    const int family = each->ifa_addr->sa_family;
    if (family == AF_INET || family == AF_INET6)
      host.addresses.push_back({address_of(each->ifa_addr), each->ifa_name});
  }
  return {};
}

class Control {
 public:
  explicit Control(const std::string& device) : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    device.copy(request_.ifr_name, IFNAMSIZ - 1);
  }
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;
  ~Control() {
    if (socket_ >= 0) close(socket_);
  }
  // The answer, or nullptr with errno.
  ifreq* ask(unsigned long what) { return ioctl(socket_, what, &request_) == 0 ? &request_ : nullptr; }
  bool has_flag(std::uint32_t flag) {
    ethtool_value value{ETHTOOL_GFLAGS, 0};
    request_.ifr_data = reinterpret_cast<char*>(&value);
    return ask(SIOCETHTOOL) != nullptr && (value.data & flag) != 0;  // a driver without flags has none set
  }

 private:
  int socket_;
  ifreq request_{};
};

Result<void> read_device(const std::string& device, BackendHost& host) {
  Control control(device);
  const ifreq* answer = control.ask(SIOCGIFFLAGS);
  if (answer == nullptr) return Error::from_errno(device);
  host.up = (answer->ifr_flags & IFF_UP) != 0;
  answer = control.ask(SIOCGIFMTU);
  if (answer == nullptr) return Error::from_errno(device);
  host.mtu = static_cast<std::uint32_t>(answer->ifr_mtu);
  host.lro = control.has_flag(ETH_FLAG_LRO);
  return {};
}

Result<void> read_answers(const Wanted& wanted, BackendHost& host) {
  auto program = foreign_program(wanted.device);
  if (!program) return program.error();
  host.foreign_program = std::move(*program);
  auto way = way_back(wanted.client);
  if (!way) return way.error();
  host.way_back = std::move(*way);
  return {};
}

}  // namespace

Result<BackendHost> ask_host(const Wanted& wanted) {
  BackendHost host;
  if (auto read = read_device(wanted.device, host); !read) return read.error();
  if (auto read = read_settings(wanted.device, host); !read) return read.error();
  if (auto read = read_addresses(host); !read) return read.error();
  if (auto read = read_sockets(host); !read) return read.error();
  if (auto read = read_answers(wanted, host); !read) return read.error();
  return host;
}

}  // namespace steadfast::decap
