// SPDX-License-Identifier: Apache-2.0
// HostFacts: what this host is like around the balancer, as one plain value:
// devices, addresses, ways to the backends, sysctls, netfilter, kernel, agents.
// A fact that could not be read is an Error and never an empty one, so nobody
// takes "unknown" for "nothing there".
//
// Must not enter: reading (read.h), judgement (doctor/, audit/).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "host/nft.h"

namespace steadfast::host {

// A Result that nobody has filled in yet says so.
template <typename T>
struct Fact : Result<T> {
  static constexpr int kUnread = -1;

  Fact() : Result<T>(Error{"was not read", kUnread}) {}
  Fact(T value) : Result<T>(std::move(value)) {}
  Fact(Error error) : Result<T>(std::move(error)) {}
  Fact(Result<T> result) : Result<T>(std::move(result)) {}

  bool was_read() const { return this->has_value() || this->error().os_error != kUnread; }
};

enum class AttachMode : std::uint8_t { native, generic, offload };
std::string_view name(AttachMode mode);

struct AttachedProgram {
  std::uint32_t id = 0;
  AttachMode mode = AttachMode::native;
  std::string name;  // as the kernel keeps it, 15 characters at most; empty when it has gone meanwhile
};

// NETDEV_XDP_ACT_*: fixed by the kernel's interface (linux/netdev.h of 6.3 and later).
enum XdpFeature : std::uint64_t { kXdpBasic = 1, kXdpRedirect = 2, kXdpTransmit = 4, kXdpFragments = 32 };

struct Interface {
  std::string name;
  std::uint32_t ifindex = 0;
  std::string kind;  // "vlan", "bond", "veth", …; empty for hardware
  bool up = false;
  bool carrier = false;
  bool loopback = false;
  std::uint32_t mtu = 0;
  Mac mac;
  std::uint32_t lower = 0;   // of a VLAN device
  std::uint32_t master = 0;  // the bond, bridge, … it belongs to
  std::vector<AttachedProgram> programs;
  std::optional<std::uint64_t> xdp_features;  // none: the kernel cannot tell (before 6.3)
  // Of ethtool, for interfaces that were asked about; none where the device has no such thing.
  std::string driver;
  std::optional<bool> lro;
  std::optional<bool> rx_vlan;
  std::optional<unsigned> tx_queues;
};

struct LocalAddress {
  std::uint32_t ifindex = 0;
  std::string interface;
  Address address;
  unsigned length = 0;  // of its prefix
};

// X(symbol, words)
#define SF_ROUTE_KINDS(X)                    \
  X(unicast, "a route")                      \
  X(local, "an address of this host itself") \
  X(none, "no route")                        \
  X(blackhole, "a blackhole route")          \
  X(unreachable, "an unreachable route")     \
  X(prohibit, "a prohibit route")            \
  X(elsewhere, "a route that does not lead out")

enum class RouteKind : std::uint8_t {
#define X(symbol, words) symbol,
  SF_ROUTE_KINDS(X)
#undef X
};
std::string_view words(RouteKind kind);

enum class NeighbourState : std::uint8_t { absent, incomplete, failed, usable };
std::string_view name(NeighbourState state);

// How the kernel would send to one address.
struct Path {
  RouteKind route = RouteKind::unicast;
  std::uint32_t ifindex = 0;
  std::string interface;
  std::optional<Address> gateway;
  std::optional<Address> source;  // the address of this host it would send from
  std::uint32_t mtu = 0;          // of the route; 0: the interface's
  NeighbourState neighbour = NeighbourState::absent;
};

// A routing policy rule (`ip rule`) that a host does not have by itself.
struct PolicyRule {
  Family family = Family::v4;
  std::uint32_t priority = 0;
  std::string text;  // "from 10.0.0.0/8 fwmark 0x1 lookup 100"
};

// By name ("net.ipv4.conf.eth0.rp_filter"); one that the kernel does not have is absent.
using Sysctls = std::map<std::string, std::string>;

struct KernelFacts {
  std::string release;  // "6.1.0-18-amd64"
  bool btf = false;
  bool jit = false;
  bool timer = false;  // bpf_timer, for the dead man's switch
  unsigned cpus = 1;
  std::uint32_t page_bytes = 4096;
};

// A program that configures networks, in this network namespace.
struct Agent {
  std::string name;  // "NetworkManager", "systemd-networkd"
  std::uint32_t pid = 0;
  bool takes_foreign_routes = false;    // networkd: ManageForeignRoutes, yes unless said
  bool takes_foreign_rules = false;     // networkd: ManageForeignRoutingPolicyRules
  std::vector<std::string> interfaces;  // that it says it manages
};

struct Pin {
  enum class Kind : std::uint8_t { map, program, link, other };
  std::string name;  // in the directory
  Kind kind = Kind::other;
  std::uint32_t type = 0;         // BPF_MAP_TYPE_*, BPF_LINK_TYPE_*
  std::uint32_t value_bytes = 0;  // of a map
  std::uint32_t rows = 0;         // of a map
  std::uint32_t program = 0;      // of a link
  std::uint32_t ifindex = 0;      // of an XDP link; 0: its interface has gone
  std::uint32_t row_bytes = 0;    // of the table that Steadfast pins under this name; 0: there is none
};

struct Bpffs {
  std::string directory;  // of this daemon's pins, below the version
  bool is_bpffs = false;  // it, or what exists above it
  std::vector<Pin> pins;
};

struct HostFacts {
  Fact<std::vector<Interface>> interfaces;
  Fact<std::vector<LocalAddress>> addresses;
  Fact<std::map<Address, Path>> paths;  // to every backend of every service
  Fact<std::vector<PolicyRule>> policy_rules;
  Fact<Sysctls> sysctls;
  Fact<NftRuleset> nft;
  Fact<KernelFacts> kernel;
  Fact<std::vector<Agent>> agents;
  Fact<std::uint64_t> most_files;  // RLIMIT_NOFILE of the daemon
  Fact<Bpffs> bpffs;
};

}  // namespace steadfast::host
