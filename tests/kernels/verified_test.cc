// SPDX-License-Identifier: Apache-2.0
// Every program verifies on this kernel within its bound. The lines this prints
// are what scripts/kernels makes its table of.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "bounds.h"
#include "support/lab.h"
#include "verified.h"

namespace steadfast {
namespace {

const VerifierBound* bound_of(const std::string& program) {
  const auto* found = std::find_if(std::begin(kVerifierBounds), std::end(kVerifierBounds),
                                   [&](const VerifierBound& bound) { return bound.program == program; });
  return found == std::end(kVerifierBounds) ? nullptr : found;
}

bool may_skip() {
  const char* required = std::getenv("STEADFAST_REQUIRE_BPF");
  return required == nullptr || std::string(required) != "1";
}

TEST(Verifier, WalksEveryProgramWithinItsBound) {
  std::string why;
  if (!bpf_available(&why) && may_skip()) GTEST_SKIP() << why;
  const auto programs = verify_all();
  ASSERT_TRUE(programs) << programs.error().what;
  for (const VerifiedProgram& program : *programs) {
    const VerifierBound* bound = bound_of(program.name);
    ASSERT_NE(bound, nullptr) << program.name << " has no bound in bounds.h";
    std::printf("verified %s %u %u\n", program.name.c_str(), program.instructions, bound->instructions);
    EXPECT_GT(program.instructions, 0U) << program.name;
    EXPECT_LE(program.instructions, bound->instructions) << program.name;
  }
  EXPECT_EQ(programs->size(), std::size(kVerifierBounds)) << "a bound is for a program that is gone";
}

}  // namespace
}  // namespace steadfast
