// SPDX-License-Identifier: Apache-2.0
#include "probe/doctor.h"

#include <cstring>

#include "probe/record.h"

namespace steadfast::probe {
namespace {

enum Probe : std::uint64_t { kSmall, kFull, kItself, kKnock, kOwn };

// Judged is only what the path does to the probe; whatever the server says will do.
Check handshake_of(const Check& check) {
  if (check.is_datagram()) return check;
  Check bare;
  bare.host = check.host;
  return bare;
}

Check full_size_of(const Check& check) {
  Check full = check;
  full.full_size = true;
  return full;
}

// A host drops GUE without a checksum unread where nobody listens for it, and
// sends no error (RFC 6935 §5); a socket's own datagram has one. What it carries
// is an IP header without anything, which ends in silence where it is opened.
std::optional<ProbeRequest> knock(const Patient& patient) {
  constexpr std::size_t kUdpBytes = 8, kPortAt = 2, kNoNextHeader = 59, kIpv6Header = 40;
  const sf_backend& row = patient.row;
  if (row.forward != SF_FORWARD_GUE) return std::nullopt;
  const std::uint8_t* udp = row.outer + row.outer_bytes - kUdpBytes;
  const auto port = static_cast<std::uint16_t>(udp[kPortAt] << 8 | udp[kPortAt + 1]);
  Check check;
  check.type = HealthType::udp;
  check.payload.assign(kIpv6Header, '\0');
  check.payload[0] = 0x60;
  check.payload[6] = kNoNextHeader;
  return ProbeRequest{kKnock, check, backend_of(row, port), {}, patient.timeout};
}

Endpoint vip_of(const sf_backend& row, std::uint16_t port) {
  Address address;
  address.family = static_cast<Family>(row.family);
  std::memcpy(address.bytes.data(), &row.vip, sizeof row.vip);
  std::memcpy(address.bytes.data() + sizeof row.vip, row.vip_rest, sizeof row.vip_rest);
  return {address, port};
}

Result<void> start_all(Prober& prober, const Patient& patient) {
  const std::uint8_t protocol = patient.check.protocol();
  const Endpoint backend = backend_of(patient.row, patient.port);
  const Check handshake = handshake_of(patient.check);
  const auto path = path_to_vip(patient.row, protocol, patient.port, patient.inner_source);
  if (!path) return Error{"a VIP of the other family needs an address of this host in that family", 0};
  prober.start({kSmall, handshake, backend, path, patient.timeout});
  prober.start({kOwn, handshake, backend, std::nullopt, patient.timeout});
  if (!patient.check.is_datagram())
    prober.start({kFull, full_size_of(patient.check), backend, path, patient.timeout});
  if (const auto itself = path_to_itself(patient.row, protocol, patient.port))
    prober.start({kItself, handshake, backend, itself, patient.timeout});
  if (auto request = knock(patient)) prober.start(std::move(*request));
  return {};
}

void keep(Evidence& evidence, ProbeResult result) {
  switch (result.id) {
    case kSmall:
      evidence.small = std::move(result);
      return;
    case kFull:
      evidence.full = std::move(result);
      return;
    case kItself:
      evidence.itself = std::move(result);
      return;
    case kKnock:
      evidence.knock = std::move(result);
      return;
    default:
      evidence.own = std::move(result);
  }
}

}  // namespace

Result<Examination> examine(const Patient& patient, const ProbePath& path) {
  auto prober = Prober::open({.path = &path});
  if (!prober) return prober.error();
  if (auto started = start_all(*prober, patient); !started) return started.error();
  Examination examination;
  examination.evidence.forward = static_cast<Forward>(patient.row.forward);
  examination.evidence.vip = vip_of(patient.row, patient.port);
  examination.evidence.backend = backend_of(patient.row, patient.port);
  while (!prober->idle()) {
    auto ended = prober->run(patient.timeout);
    if (!ended) return ended.error();
    for (ProbeResult& result : *ended) keep(examination.evidence, std::move(result));
  }
  examination.diagnosis = diagnosis_of(examination.evidence);
  return examination;
}

}  // namespace steadfast::probe
