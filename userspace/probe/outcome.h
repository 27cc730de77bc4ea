// SPDX-License-Identifier: Apache-2.0
// Outcome: what became of one probe, declared once; enum and names come from here.
//
// Must not enter: what a series of outcomes means for a backend.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace steadfast::probe {

// X(symbol, help): `symbol` is also what operators see.
#define SF_PROBE_OUTCOMES(X)                                                       \
  X(passed, "answered as the check wants")                                         \
  X(refused, "reset, or port unreachable: nothing listens, or the server hung up") \
  X(timed_out, "no answer within the timeout")                                     \
  X(wrong_source, "answered from another address or port than the one it asked")   \
  X(bad_status, "answered with a status that means failure")                       \
  X(bad_body, "answered with something else than the protocol has")                \
  X(tls_failed, "the TLS handshake failed, or the certificate was not accepted")   \
  X(unreachable, "no route, no neighbour, or an ICMP error from the way")          \
  X(local_error, "this host could not probe: says nothing about the backend")

enum class Outcome : std::uint8_t {
#define X(symbol, help) symbol,
  SF_PROBE_OUTCOMES(X)
#undef X
};

inline constexpr std::string_view name(Outcome outcome) {
  constexpr std::array names{
#define X(symbol, help) std::string_view(#symbol),
      SF_PROBE_OUTCOMES(X)
#undef X
  };
  return names[static_cast<std::size_t>(outcome)];
}

}  // namespace steadfast::probe
