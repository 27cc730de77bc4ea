// SPDX-License-Identifier: Apache-2.0
#include "probe/doctor.h"

#include <cstring>

#include "probe/record.h"

namespace steadfast::probe {
namespace {

enum Probe : std::uint64_t { kSmall, kFull, kItself, kKnock, kOwn, kProbes };

// Beside the daemon's own probes, with as many descriptors as every host allows.
constexpr std::size_t kAtOnce = 1024;

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

std::optional<PacketPath> path_of(const Patient& patient) {
  return path_to_vip(patient.row, patient.check.protocol(), patient.port, patient.inner_source);
}

// Of one patient, and how many of its probes are under way still.
struct Visit {
  Examination examination;
  bool can_be_probed = false;
  unsigned open = 0;
};

class Round {
 public:
  Round(Prober prober, const std::vector<Patient>& patients)
      : prober_(std::move(prober)), patients_(patients), visits_(patients.size()) {}

  void start() {
    for (std::size_t at = 0; at < patients_.size(); ++at) start(at);
  }

  // Until all have ended, or nobody waits any more.
  Result<void> run(std::chrono::steady_clock::time_point until) {
    using std::chrono::milliseconds;
    while (!prober_.idle()) {
      const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
      if (left <= milliseconds(0)) return {};
      auto ended = prober_.run(left);
      if (!ended) return ended.error();
      for (ProbeResult& result : *ended) end(std::move(result));
    }
    return {};
  }

  std::vector<Examination> examinations() && {
    std::vector<Examination> all;
    for (Visit& visit : visits_) {
      if (visit.can_be_probed && visit.open == 0)
        visit.examination.diagnosis = diagnosis_of(visit.examination.evidence);
      all.push_back(std::move(visit.examination));
    }
    return all;
  }

 private:
  void start(std::size_t at);
  void ask(std::size_t at, Probe probe, ProbeRequest request) {
    request.id = at * kProbes + probe;
    prober_.start(std::move(request));
    ++visits_[at].open;
  }
  void end(ProbeResult result);

  Prober prober_;
  const std::vector<Patient>& patients_;
  std::vector<Visit> visits_;
};

void Round::start(std::size_t at) {
  const Patient& patient = patients_[at];
  const Endpoint backend = backend_of(patient.row, patient.port);
  const Check handshake = handshake_of(patient.check);
  Evidence& evidence = visits_[at].examination.evidence;
  evidence.forward = static_cast<Forward>(patient.row.forward);
  evidence.vip = vip_of(patient.row, patient.port);
  evidence.backend = backend;
  evidence.may_be_silent = patient.may_be_silent;
  const auto path = path_of(patient);
  if (!path) return;
  visits_[at].can_be_probed = true;
  ask(at, kSmall, {0, handshake, backend, path, patient.timeout});
  ask(at, kOwn, {0, handshake, backend, std::nullopt, patient.timeout});
  if (!patient.check.is_datagram())
    ask(at, kFull, {0, full_size_of(patient.check), backend, path, patient.timeout});
  if (const auto itself = path_to_itself(patient.row, patient.check.protocol(), patient.port))
    ask(at, kItself, {0, handshake, backend, itself, patient.timeout});
  if (auto request = knock(patient)) ask(at, kKnock, std::move(*request));
}

void keep(Evidence& evidence, Probe probe, ProbeResult result) {
  switch (probe) {
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

void Round::end(ProbeResult result) {
  Visit& visit = visits_[result.id / kProbes];
  const auto probe = static_cast<Probe>(result.id % kProbes);
  keep(visit.examination.evidence, probe, std::move(result));
  --visit.open;
}

}  // namespace

Result<std::vector<Examination>> examine(const std::vector<Patient>& patients, const ProbePath& path,
                                         std::chrono::milliseconds patience) {
  auto prober = Prober::open({.concurrency = kAtOnce, .path = &path});
  if (!prober) return prober.error();
  Round round(std::move(*prober), patients);
  round.start();
  if (auto ran = round.run(std::chrono::steady_clock::now() + patience); !ran) return ran.error();
  return std::move(round).examinations();
}

// Every probe ends by its timeout, so that patience does not.
Result<Examination> examine(const Patient& patient, const ProbePath& path) {
  if (!path_of(patient))
    return Error{"a VIP of the other family needs an address of this host in that family", 0};
  auto examinations = examine(std::vector{patient}, path, 2 * patient.timeout);
  if (!examinations) return examinations.error();
  return std::move(examinations->front());
}

}  // namespace steadfast::probe
