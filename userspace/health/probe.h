// SPDX-License-Identifier: Apache-2.0
// What a probe found. A path probe takes the packets' own path, encapsulated to
// the VIP of one service; an address probe asks the backend's own address.
//
// Must not enter: how a probe is sent; what follows from it (track.h).
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "health/time.h"

namespace steadfast::health {

// X(symbol, proof, label, help). A local_error is the balancer's own fault: it
// says nothing about the backend, and so it proves nothing.
#define SF_PROBE_OUTCOMES(X)                                                                          \
  X(passed, pass, "passed", "the backend answered as it should")                                      \
  X(refused, fail, "refused", "answered with a reset or with port unreachable: nobody listens there") \
  X(timed_out, fail, "timed-out", "began to answer and did not finish in time")                       \
  X(no_answer, fail, "no-answer", "no answer at all within the timeout")                              \
  X(wrong_source, fail, "wrong-source", "answered from another address than the one that was asked")  \
  X(unreachable, fail, "unreachable", "a router says that there is no way to the backend")            \
  X(bad_status, fail, "bad-status", "the HTTP status or the DNS response code is not one of success") \
  X(bad_body, fail, "bad-body", "the answer is not what the protocol says")                           \
  X(tls_failed, fail, "tls-failed", "the TLS handshake or the certificate failed")                    \
  X(local_error, none, "local-error", "the balancer could not send the probe: its own fault, not counted")

enum class Proof { none, pass, fail };

enum class Outcome {
#define X(symbol, proof, label, help) symbol,
  SF_PROBE_OUTCOMES(X)
#undef X
};

std::string_view name(Outcome outcome);
std::string_view help(Outcome outcome);
Proof proof_of(Outcome outcome);

enum class Kind { path, address };
std::string_view name(Kind kind);

// Whom a probe asks. A pool serves several VIPs, and a backend may lack just one
// of them, so each service has path probes of its own.
struct Target {
  std::string pool;
  std::string backend;
  Kind kind = Kind::path;
  std::string service;  // of a path probe
  auto operator<=>(const Target&) const = default;
};

struct ProbeResult {
  Outcome outcome = Outcome::passed;
  std::string detail;  // "connection reset by 10.0.2.10"
  Time duration{};
};

}  // namespace steadfast::health
