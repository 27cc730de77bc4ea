// SPDX-License-Identifier: Apache-2.0
// Diagnosis: from what a handful of probes met to the piece that is missing on a
// backend. Pure: the same evidence names the same fault.
//
// Must not enter: probing (doctor.h), what is done about it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "probe/probe.h"

namespace steadfast::probe {

// X(symbol, code, fix)
#define SF_BACKEND_FAULTS(X)                                                                                \
  X(port_closed, "SF801", "start the server, and let it listen on the VIP or on every address")             \
  X(host_silent, "SF801", "see whether the host is up, and what filters packets on the way to it")          \
  X(no_decapsulation, "SF802",                                                                              \
    "run steadfast-decap with --local of this address, or make the tunnel device")                          \
  X(vip_missing, "SF802", "add the VIP to the backend's loopback: steadfast-decap check names the command") \
  X(dropped_behind_tunnel, "SF802",                                                                         \
    "set rp_filter to 0 or 2 on the backend, and look for a firewall that drops the tunnel")                \
  X(wrong_source, "SF803", "let the server answer from the VIP; look for NAT on the way back")              \
  X(mtu_hole, "SF804", "raise the MTU on the way, or set the service's mtu to what it takes")               \
  X(reset_by_vip, "SF806", "let the server listen on the VIP and the service's port")

enum class BackendFault : std::uint8_t {
#define X(symbol, code, fix) symbol,
  SF_BACKEND_FAULTS(X)
#undef X
};

std::string_view name(BackendFault fault);
std::string_view code_of(BackendFault fault);
std::string_view fix_of(BackendFault fault);

struct Evidence {
  Forward forward = Forward::l2;
  Endpoint vip;
  Endpoint backend;
  ProbeResult small;                  // VIP, along the packets' path
  std::optional<ProbeResult> full;    // the same with a full-size segment; TCP alone
  std::optional<ProbeResult> itself;  // the backend's own address inside the same tunnel
  std::optional<ProbeResult> knock;   // GUE: a tunnel packet from an ordinary socket, which errors find
  ProbeResult own;                    // the backend's own address, past the path
  bool may_be_silent = false;         // a datagram that no server needs to answer: only errors count
};

struct Diagnosis {
  std::optional<BackendFault> fault;  // none: the path is whole
  std::string sentence;               // what was seen and what it means; empty without a fault
  bool deaf = false;                  // SF805: its own address is fine, the path is not
};

// Nothing when this host could not probe, which says nothing about the backend.
std::optional<Diagnosis> diagnosis_of(const Evidence& evidence);

}  // namespace steadfast::probe
