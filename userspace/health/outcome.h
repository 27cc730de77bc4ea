// SPDX-License-Identifier: Apache-2.0
// Outcome: what became of one probe, declared once for those who probe (probe/),
// those who judge (track.h) and those who show it.
//
// Must not enter: how a probe is sent; what a series of outcomes means for a backend.
#pragma once

#include <cstdint>
#include <string_view>

namespace steadfast::health {

// X(symbol, proof, label, help). A local_error is the balancer's own fault: it
// says nothing about the backend, and so it proves nothing.
#define SF_PROBE_OUTCOMES(X)                                                                          \
  X(passed, pass, "passed", "the backend answered as it should")                                      \
  X(refused, fail, "refused", "answered with a reset or with port unreachable: nobody listens there") \
  X(timed_out, fail, "timed-out", "began to answer and did not finish in time")                       \
  X(no_answer, fail, "no-answer", "no answer at all within the timeout")                              \
  X(wrong_source, fail, "wrong-source", "answered from another address than the one that was asked")  \
  X(unreachable, fail, "unreachable", "no route, no neighbour, or an ICMP error from the way")        \
  X(bad_status, fail, "bad-status", "the HTTP status or the DNS response code is not one of success") \
  X(bad_body, fail, "bad-body", "the answer is not what the protocol says")                           \
  X(tls_failed, fail, "tls-failed", "the TLS handshake or the certificate failed")                    \
  X(local_error, none, "local-error", "the balancer could not send the probe: its own fault, not counted")

enum class Proof { none, pass, fail };

enum class Outcome : std::uint8_t {
#define X(symbol, proof, label, help) symbol,
  SF_PROBE_OUTCOMES(X)
#undef X
};

inline constexpr std::size_t kOutcomes = 0
#define X(symbol, proof, label, help) +1
    SF_PROBE_OUTCOMES(X)
#undef X
    ;

std::string_view name(Outcome outcome);
std::string_view help(Outcome outcome);
Proof proof_of(Outcome outcome);
// Nothing was heard in time that could be judged: not even a refusal.
constexpr bool is_silence(Outcome outcome) {
  return outcome == Outcome::timed_out || outcome == Outcome::no_answer;
}

}  // namespace steadfast::health
