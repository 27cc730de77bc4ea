// SPDX-License-Identifier: Apache-2.0
// What a driver says of itself (ethtool). A device without offloads or queues to
// speak of answers that it does not support the question.
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "host/readers.h"
#include "kernel/bpf_maps.h"

namespace steadfast::host {
namespace {

class Ethtool {
 public:
  Ethtool(int socket, const std::string& interface) : socket_(socket), interface_(interface) {}

  // False: the device does not know the question.
  template <typename Question>
  Result<bool> ask(Question& question) const {
    ifreq request{};
    std::strncpy(request.ifr_name, interface_.c_str(), sizeof request.ifr_name - 1);
    request.ifr_data = reinterpret_cast<char*>(&question);
    if (ioctl(socket_, SIOCETHTOOL, &request) == 0) return true;
    if (errno == EOPNOTSUPP) return false;
    return Error::from_errno("asking ethtool about " + interface_);
  }

 private:
  int socket_;
  std::string interface_;
};

Result<void> ask_driver(const Ethtool& ethtool, Interface& interface) {
  ethtool_drvinfo driver{};
  driver.cmd = ETHTOOL_GDRVINFO;
  const auto known = ethtool.ask(driver);
  if (!known) return known.error();
  if (*known) interface.driver = driver.driver;
  return {};
}

Result<void> ask_offloads(const Ethtool& ethtool, Interface& interface) {
  ethtool_value flags{};
  flags.cmd = ETHTOOL_GFLAGS;
  const auto known = ethtool.ask(flags);
  if (!known) return known.error();
  if (!*known) return {};
  interface.lro = (flags.data & ETH_FLAG_LRO) != 0;
  interface.rx_vlan = (flags.data & ETH_FLAG_RXVLAN) != 0;
  return {};
}

Result<void> ask_queues(const Ethtool& ethtool, Interface& interface) {
  ethtool_channels channels{};
  channels.cmd = ETHTOOL_GCHANNELS;
  const auto known = ethtool.ask(channels);
  if (!known) return known.error();
  if (*known) interface.tx_queues = channels.tx_count + channels.combined_count;
  return {};
}

}  // namespace

Result<void> ask_ethtool(Interface& interface) {
  const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return Error::from_errno("opening a socket for ethtool");
  const Ethtool ethtool(socket.get(), interface.name);
  if (auto asked = ask_driver(ethtool, interface); !asked) return asked;
  if (auto asked = ask_offloads(ethtool, interface); !asked) return asked;
  return ask_queues(ethtool, interface);
}

}  // namespace steadfast::host
