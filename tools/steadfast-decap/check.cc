// SPDX-License-Identifier: Apache-2.0
#include "check.h"

#include <algorithm>

namespace steadfast::decap {
namespace {

constexpr std::uint32_t kClientMtu = 1500;
constexpr std::uint32_t kIpv4Header = 20, kIpv6Header = 40, kUdpHeader = 8;

class Judge {
 public:
  Judge(const Wanted& wanted, const BackendHost& host) : wanted_(wanted), host_(host) {}

  Findings take() {
    device();
    foreign_program();
    for (const Address& address : wanted_.local) tunnel_end(address);
    for (const Address& vip : wanted_.vips) {
      vip_address(vip);
      for (const Port& port : wanted_.ports) listener(vip, port);
    }
    reverse_path();
    if (wanted_.forward == Forward::l2) neighbours();
    mtu();
    large_receive();
    return std::move(findings_);
  }

 private:
  void add(const char* code, Severity severity, std::string object, std::string message, std::string fix) {
    findings_.push_back({code, severity, std::move(message), "", {}, std::move(object), std::move(fix), {}});
  }

  std::string device_object() const { return "device/" + wanted_.device; }
  std::string setting(const std::string& key) const { return "net/ipv4/conf/" + wanted_.device + "/" + key; }

  const HostAddress* find(const Address& address) const {
    const auto found = std::find_if(host_.addresses.begin(), host_.addresses.end(),
                                    [&](const HostAddress& own) { return own.address == address; });
    return found == host_.addresses.end() ? nullptr : &*found;
  }

  void device() {
    if (host_.up) return;
    add("SF701", Severity::error, device_object(),
        wanted_.device + " is down: nothing of the balancer arrives",
        "ip link set dev " + wanted_.device + " up");
  }

  void foreign_program() {
    if (host_.foreign_program.empty() || wanted_.forward == Forward::l2) return;
    add("SF704", Severity::error, device_object(),
        wanted_.device + " carries another XDP program (" + host_.foreign_program +
            "): steadfast-decap cannot attach, and no tunnel is opened",
        "ip link set dev " + wanted_.device + " xdp off");
  }

  void tunnel_end(const Address& address) {
    if (wanted_.forward == Forward::l2 || find(address) != nullptr) return;
    add("SF802", Severity::error, "local/" + address.text(),
        address.text() + " is no address of this host: nobody answers for it, and no tunnel to it arrives",
        "ip address add " + address.text() + "/" + std::to_string(address.bits()) + " dev " + wanted_.device);
  }

  void vip_address(const Address& vip) {
    if (find(vip) != nullptr) return;
    add("SF802", Severity::error, "vip/" + vip.text(),
        "the VIP " + vip.text() +
            " is no address of this host: what the balancer sends for it is not taken in, and every new "
            "connection times out",
        "ip address add " + vip.text() + "/" + std::to_string(vip.bits()) + " dev lo");
  }

  // A socket on the IPv6 wildcard takes IPv4 as well unless its program forbids
  // it, which the kernel's tables do not tell.
  bool takes(const Listener& open, const Address& vip, const Port& port) const {
    if (open.port != port) return false;
    if (open.address.is_unspecified()) return open.address.family == vip.family || vip.is_v4();
    return open.address == vip;
  }

  void listener(const Address& vip, const Port& port) {
    const bool open = std::any_of(host_.listeners.begin(), host_.listeners.end(),
                                  [&](const Listener& each) { return takes(each, vip, port); });
    if (open) return;
    const bool tcp = port.protocol == Protocol::tcp;
    const std::string end =
        (vip.is_v4() ? vip.text() : "[" + vip.text() + "]") + ":" + std::to_string(port.number);
    const std::string endpoint = (tcp ? "tcp " : "udp ") + end;
    add("SF801", Severity::error, "listener/" + endpoint,
        "nothing listens on " + endpoint + ": clients are answered with " +
            (tcp ? "a reset" : "port unreachable") + " by this backend",
        "make the server listen on " + end + " or on every address; ss -Hln" + (tcp ? "t" : "u") +
            " sport = :" + std::to_string(port.number) + " shows whether it does");
  }

  // Loose mode is content with any route, strict mode wants this device.
  void reverse_path() {
    const bool has_v4 =
        std::any_of(wanted_.vips.begin(), wanted_.vips.end(), [](const Address& vip) { return vip.is_v4(); });
    if (!has_v4 || host_.rp_filter == 0 || host_.way_back == wanted_.device) return;
    if (host_.rp_filter != 1 && !host_.way_back.empty()) return;
    const std::string way = host_.way_back.empty() ? "no route leads back to clients"
                                                   : "replies to clients leave by " + host_.way_back;
    add("SF708", Severity::error, device_object(),
        "rp_filter of " + wanted_.device + " is " + std::to_string(host_.rp_filter) + " and " + way +
            ": the kernel drops every packet of theirs in silence once it has left the tunnel",
        host_.way_back.empty() ? "ip route add default via GATEWAY dev " + wanted_.device
                               : "sysctl -w net/ipv4/conf/all/rp_filter=0 " + setting("rp_filter") + "=0");
  }

  void neighbours() {
    for (const Address& vip : wanted_.vips) {
      const HostAddress* own = find(vip);
      if (own == nullptr) continue;
      if (own->device == wanted_.device)
        vip_on_wire(vip);
      else if (vip.is_v4())
        arp(vip);
    }
  }

  void vip_on_wire(const Address& vip) {
    const std::string prefix = vip.text() + "/" + std::to_string(vip.bits());
    add("SF708", Severity::error, "vip/" + vip.text(),
        "the VIP " + vip.text() + " stands on " + wanted_.device +
            ", where this host answers for it: clients and routers beside it come here past the balancer",
        "ip address add " + prefix + " dev lo; ip address delete " + prefix + " dev " + wanted_.device);
  }

  void arp(const Address& vip) {
    if (host_.arp_ignore == 0)
      add("SF708", Severity::error, "vip/" + vip.text(),
          "arp_ignore of " + wanted_.device + " is 0: this host answers ARP for the VIP " + vip.text() +
              ", and its traffic comes here past the balancer",
          "sysctl -w " + setting("arp_ignore") + "=1");
    if (host_.arp_announce < 2)
      add("SF708", Severity::warn, "vip/" + vip.text(),
          "arp_announce of " + wanted_.device + " is " + std::to_string(host_.arp_announce) +
              ": this host asks for neighbours with the VIP " + vip.text() +
              " as its own address, and they remember it in place of the balancer's",
          "sysctl -w " + setting("arp_announce") + "=2");
  }

  std::uint32_t overhead() const {
    if (wanted_.forward == Forward::l2) return 0;
    const bool v6 = std::any_of(wanted_.local.begin(), wanted_.local.end(),
                                [](const Address& local) { return !local.is_v4(); });
    return (v6 ? kIpv6Header : kIpv4Header) + (wanted_.forward == Forward::gue ? kUdpHeader : 0);
  }

  void mtu() {
    const std::uint32_t needed = wanted_.path_mtu.value_or(kClientMtu + overhead());
    if (host_.mtu >= needed) return;
    add("SF804", Severity::warn, device_object(),
        wanted_.device + " takes packets of " + std::to_string(host_.mtu) +
            " bytes and the balancer sends up to " + std::to_string(needed) +
            ": connections open, small requests work, and full-size segments are lost on the way in",
        "ip link set dev " + wanted_.device + " mtu " + std::to_string(needed));
  }

  void large_receive() {
    if (!host_.lro) return;
    add("SF705", Severity::warn, device_object(),
        wanted_.device +
            " joins segments before XDP sees them (LRO): a tunnel among them is opened once for many packets",
        "ethtool -K " + wanted_.device + " lro off");
  }

  const Wanted& wanted_;
  const BackendHost& host_;
  Findings findings_;
};

}  // namespace

Findings check(const Wanted& wanted, const BackendHost& host) { return Judge(wanted, host).take(); }

}  // namespace steadfast::decap
