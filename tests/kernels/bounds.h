// SPDX-License-Identifier: Apache-2.0
// How many instructions the verifier may walk for each program, on any kernel.
// The kernel's own limit is a million; these leave room to grow and make a
// program that suddenly costs the verifier more a decision instead of an accident.
#pragma once

#include <cstdint>

namespace steadfast {

struct VerifierBound {
  const char* program;
  std::uint32_t instructions;
};

constexpr VerifierBound kVerifierBounds[] = {
    {"sf_lb", 300000},
    {"sf_lb_dry", 300000},
    {"sf_clock_start", 1000},
    {"xdp_decap", 20000},
};

}  // namespace steadfast
