// SPDX-License-Identifier: Apache-2.0
// Model: the configuration as the balancer understands it: values typed,
// references resolved, defaults explicit. Building it finds what cannot be
// resolved (SF203) or is not an address, port or unit at all.
//
// Must not enter: judgement of sense (check/), kernel layouts (compile/), I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/place.h"
#include "config/config.h"
#include "config/finding.h"

namespace steadfast {

enum class XdpMode { native, generic };
enum class Protocol : std::uint8_t { tcp = 6, udp = 17 };
enum class Forward : std::uint8_t { l2 = 1, ipip = 2, gue = 3 };  // values of enum sf_forward
// `down` is health's word and never a file's: the backend keeps its ids, and its flows choose again.
enum class BackendState { active, drain, disabled, down };
enum class ServiceState { active, parked };
enum class HashMode : std::uint8_t {
  five_tuple,
  source,
  source_port,
  destination_port
};  // enum sf_hash_mode
// What is done when the kernel does not hold what was written, or the program is detached.
enum class AuditAction { report, repair, freeze };
enum class HealthType { tcp, http, https, udp, dns };

std::string_view name(XdpMode mode);
std::string_view name(Protocol protocol);
std::string_view name(Forward forward);
std::string_view name(BackendState state);
std::string_view name(ServiceState state);
std::string_view name(AuditAction action);
std::string_view name(HealthType type);
std::string_view name(HashMode mode);

// As the file writes them: "443", "8000-8999", "all".
std::string ports_text(std::uint16_t first, std::uint16_t last);

inline constexpr std::uint16_t kDefaultGuePort = 6080;  // IANA "gue"
inline constexpr std::uint16_t kUdpIdle_s = 60;         // of a UDP service that says nothing

struct Host {
  std::vector<Located<std::string>> interfaces;
  XdpMode xdp_mode = XdpMode::native;
  std::optional<Located<Prefix>> source_v4;
  std::optional<Located<Prefix>> source_v6;
  std::string hash_seed;
  std::uint16_t gue_port = kDefaultGuePort;
  Place gue_port_place;
  std::optional<std::uint16_t> mtu;
  Place mtu_place;
  std::uint32_t echo_per_second = 1000;
  std::uint32_t too_big_per_second = 1000;
  AuditAction audit_tables = AuditAction::repair;
  AuditAction audit_program = AuditAction::repair;
  Place place;
};

struct Limits {
  Located<std::uint32_t> services;
  Located<std::uint32_t> backends;  // a backend counts once for every service that uses its pool
  Located<std::uint64_t> flows;
  Located<std::uint32_t> ranges{256};
};

struct Health {
  HealthType type = HealthType::tcp;
  std::chrono::milliseconds interval{};
  std::chrono::milliseconds timeout{};
  unsigned fall = 0;
  unsigned rise = 0;
  std::optional<Located<std::uint16_t>> port;
  std::string path;
  std::string host;
  bool independent = false;
  Place place;
};

struct Backend {
  std::string name;
  Located<Address> address;
  Located<std::uint32_t> weight;
  BackendState state = BackendState::active;
  std::optional<Located<std::uint16_t>> port;
  std::optional<Located<std::uint64_t>> capacity;   // packets per second it can take
  std::optional<Located<std::uint64_t>> server_id;  // in QUIC connection ids
  std::map<std::string, std::string> labels;
  Place place;

  // Gets new flows: a share of the ring.
  bool takes_new_flows() const { return state == BackendState::active && weight.value > 0; }
};

struct Pool {
  std::string name;
  std::optional<Located<config::Amount>> min_healthy;
  std::optional<Located<std::uint32_t>> min_backends;
  std::optional<Located<double>> max_share;  // 0…1
  std::optional<Health> health;
  std::vector<Backend> backends;
  Place place;
};

struct Quic {
  unsigned server_id_bytes = 0;  // 1…8
  unsigned config_id = 0;        // 0…6
  Place place;
};

struct Service {
  std::string name;
  Located<Address> vip;   // of a prefix its network address
  unsigned vip_bits = 0;  // prefix length; all bits of the family for a single address
  Protocol protocol = Protocol::tcp;
  Located<std::uint16_t> port;  // the first of its ports
  std::uint16_t last_port = 0;  // equal to `port` when it has one
  Located<Forward> forward{Forward::l2};
  std::size_t pool = 0;  // index into Model::pools
  Place pool_place;
  ServiceState state = ServiceState::active;
  std::optional<std::uint16_t> mtu;
  Place mtu_place;
  bool remembers_flows = true;
  HashMode hash = HashMode::five_tuple;
  std::uint16_t idle_s = 0;  // a flow silent for longer is a new one; 0 = never (TCP unless said)
  std::vector<Located<Prefix>> allow;
  std::vector<Located<Prefix>> deny;
  std::optional<Located<std::uint32_t>> new_flows_per_source;
  std::optional<Quic> quic;
  Place place;

  // One address and one port: the kernel finds it by one look at its index.
  bool is_exact() const { return vip_bits == vip->bits() && last_port == port.value; }
  Prefix vip_prefix() const { return {vip.value, vip_bits}; }
  // "tcp 192.0.2.10:443", "udp [2001:db8::1]:53", "tcp 192.0.2.0/28:8000-8999", "udp 192.0.2.10:all"
  std::string endpoint() const;
};

struct Model {
  std::string file;
  Host host;
  Limits limits;
  std::vector<Service> services;
  std::vector<Pool> pools;

  const Pool& pool_of(const Service& service) const { return pools[service.pool]; }
};

// Names of objects, as findings, plans and --accept carry them.
std::vector<std::string> interface_names(const Model& model);
std::string object_of(const Service& service);
std::string object_of(const Pool& pool);
std::string object_of(const Pool& pool, const Backend& backend);

// Empty when `findings` got an error: a model that exists is whole.
std::optional<Model> build(const config::Config& config, Findings& findings);

}  // namespace steadfast
