// SPDX-License-Identifier: Apache-2.0
// A probe as values: what is asked of whom along which path (ProbeRequest), and
// what came of it (ProbeResult).
//
// Must not enter: sockets (session.h), intervals, rise and fall.
#pragma once

#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/address.h"
#include "bpf/probe.h"
#include "model/model.h"
#include "probe/outcome.h"

namespace steadfast::probe {

// What is said once the socket stands.
struct Check {
  HealthType type = HealthType::tcp;
  bool full_size = false;  // TCP: one segment as large as the path takes, and its acknowledgement
  std::string path = "/";  // HTTP, HTTPS
  std::string host;        // Host and SNI; of DNS the name asked for
  bool verify = false;     // HTTPS: the certificate must be valid for `host`
  std::string payload;     // UDP: the datagram

  bool is_datagram() const { return type == HealthType::udp || type == HealthType::dns; }
  std::uint8_t protocol() const { return is_datagram() ? IPPROTO_UDP : IPPROTO_TCP; }
};

struct Endpoint {
  Address address;
  std::uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
  std::string text() const;  // "192.0.2.10:443", "[2001:db8::10]:443"
};

// The way a service's packets take to one backend (record.h makes it).
struct PacketPath {
  sf_probe record{};               // `id` is the prober's to fill
  std::uint16_t inner_mtu = 1500;  // largest packet that fits into the outer header
};

struct ProbeRequest {
  std::uint64_t id = 0;  // the caller's, comes back with the result
  Check check;
  Endpoint backend;                // its own address; where `path` is, its record names the same
  std::optional<PacketPath> path;  // none: an ordinary connection to the backend
  std::chrono::milliseconds timeout{1000};
};

// An ICMP error that quoted the probe.
struct IcmpError {
  Address from;
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  bool of_outer = false;  // about the tunnel's packet, not the one inside
  std::uint16_t mtu = 0;  // of "too big", else 0
  bool operator==(const IcmpError&) const = default;
};

// What passed on the wire, which the socket cannot tell. Only of probes with a path.
struct Wire {
  unsigned sent = 0;
  unsigned unsent = 0;
  unsigned answers = 0;
  std::optional<Endpoint> wrong_source;
  std::optional<IcmpError> icmp;
};

struct ProbeResult {
  std::uint64_t id = 0;
  Outcome outcome = Outcome::local_error;
  std::string detail;    // for people; empty when the outcome says it all
  std::string identity;  // what the peer calls itself, as far as it did
  std::chrono::nanoseconds duration{};
  std::optional<Wire> wire;      // of a probe with a path that did not pass
  std::uint16_t full_bytes = 0;  // of a full-size probe: the inner packet that was sent
};

}  // namespace steadfast::probe
