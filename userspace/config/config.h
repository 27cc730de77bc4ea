// SPDX-License-Identifier: Apache-2.0
// Config: the operator's file as written. Every value has its place; nothing is
// resolved, defaulted or compared with anything else. parse() reports every
// schema finding (1xx) at once.
//
// Must not enter: references between objects (model/), judgement (check/), I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/place.h"
#include "config/finding.h"

namespace steadfast::config {

using Text = Located<std::string>;
using Integer = Located<std::int64_t>;
using Duration = Located<std::chrono::milliseconds>;
using Percent = Located<double>;  // 0…100
// An amount that is either a share ("50%") or a count (3).
struct Amount {
  double value = 0;
  bool percent = false;
  auto operator<=>(const Amount&) const = default;
};

// "443" is a range of one; "all" is 1 to 65535.
struct PortRange {
  std::uint16_t first = 0;
  std::uint16_t last = 0;
  auto operator<=>(const PortRange&) const = default;
};

// In each struct `whole` is false when a finding says that something of it could
// not be read: what is absent then is not the operator's omission.
struct Host {
  Place place;
  bool whole = true;
  std::vector<Text> interfaces;
  std::optional<Text> xdp_mode;  // "native" | "generic"
  std::vector<Text> source;      // address, or prefix whose host bits carry entropy
  std::optional<Text> hash_seed;
  std::optional<Integer> gue_port;            // UDP destination port of GUE, 6080 unless said
  std::optional<Integer> mtu;                 // of the path to the backends; the interface's unless said
  std::optional<Integer> echo_per_second;     // pings of VIPs answered at most
  std::optional<Integer> too_big_per_second;  // packets answered with the size that fits, at most
  std::optional<Text> audit_tables;           // "report" | "repair" | "freeze"
  std::optional<Text> audit_program;          // the same
};

struct Limits {
  Place place;
  bool whole = true;
  std::optional<Integer> services;
  std::optional<Integer> backends;
  std::optional<Integer> flows;   // "4M" and 4000000 alike; K, M, G are powers of ten
  std::optional<Integer> ranges;  // rows for port ranges, VIP prefixes, sources and server ids
};

// Routing by connection id (draft-ietf-quic-load-balancers, unencrypted ids).
struct Quic {
  Place place;
  bool whole = true;
  std::optional<Integer> server_id_bytes;  // 1…8
  std::optional<Integer> config_id;        // 0…6; 0 unless said
};

struct Service {
  Place place;
  bool whole = true;
  std::optional<Text> name;
  std::optional<Text> vip;  // address or prefix
  std::optional<Text> protocol;
  std::optional<Located<PortRange>> port;  // 443 | "8000-8999" | "all"
  std::optional<Text> forward;
  std::optional<Text> pool;
  std::optional<Text> state;   // "active" | "parked"
  std::optional<Integer> mtu;  // of the path to this service's backends
  std::optional<Text> flows;   // "track" | "hash-only"
  std::optional<Text> hash;    // SF_HASHES
  std::optional<Duration> idle;
  std::vector<Text> allow;  // prefixes of clients; the longest that matches decides
  std::vector<Text> deny;
  std::optional<Integer> new_flows_per_source;  // per second
  std::optional<Quic> quic;
};

struct Health {
  Place place;
  bool whole = true;
  std::optional<Text> type;  // "tcp" | "http" | "https" | "udp" | "dns"
  std::optional<Duration> interval;
  std::optional<Duration> timeout;
  std::optional<Integer> fall;
  std::optional<Integer> rise;
  std::optional<Integer> port;
  std::optional<Text> path;
  std::optional<Text> host;
  std::optional<Located<bool>> independent;
};

struct Backend {
  Place place;
  bool whole = true;
  std::optional<Text> name;
  std::optional<Text> address;
  std::optional<Integer> weight;
  std::optional<Integer> port;
  std::optional<Text> state;         // "active" | "drain" | "disabled"
  std::optional<Integer> capacity;   // packets per second it can take
  std::optional<Integer> server_id;  // in QUIC connection ids
  std::map<std::string, Text> labels;
  Place end;  // the line after this block's last key: where an edit may append;
              // of an inline table { … } its closing brace
};

struct Pool {
  Place place;
  bool whole = true;
  std::optional<Text> name;
  std::optional<Located<Amount>> min_healthy;
  std::optional<Integer> min_backends;
  std::optional<Percent> max_share;
  std::optional<Health> health;
  std::vector<Backend> backends;
  Place backend_list;  // of the value of `backend = [ … ]`; none when backends are [[pool.backend]]
};

struct Config {
  std::string file;  // as the operator named it
  std::string text;  // the bytes that were parsed
  std::optional<Integer> schema;
  std::optional<Host> host;
  std::optional<Limits> limits;
  std::vector<Service> services;
  std::vector<Pool> pools;
  bool lost_blocks = false;  // whole blocks could not be read: what is not here may be in the file
};

// Always returns what could be read; it may be used only when `findings` got no error.
Config parse(std::string text, std::string file, Findings& findings);

}  // namespace steadfast::config
