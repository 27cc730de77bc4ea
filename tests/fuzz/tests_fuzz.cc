// SPDX-License-Identifier: Apache-2.0
// Any bytes as a test file: parse_tests() must answer, with places inside the
// file, and what it accepts must be playable: every expectation is judged without
// a fault of ours.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bug.h"
#include "config/lines.h"
#include "rehearsal/judge.h"
#include "rehearsal/test_file.h"

namespace {

using namespace steadfast;
using namespace steadfast::rehearsal;

void require_places(const Findings& findings, const std::string& text) {
  const std::uint32_t lines = config::Lines(text).count() + 1;
  for (const Finding& finding : findings)
    invariant(finding.place.line <= lines, "a finding stands beyond the end of the file");
}

// A packet for nobody: most expectations must then fail, and none may crash.
void judge_all(const TestFile& file) {
  const Model nothing;
  const Plan plan;
  Observation seen;
  seen.ways.emplace_back();
  for (const rehearsal::Test& test : file.tests) {
    judge(test, seen, nothing, nullptr);
    judge(test, seen, nothing, &plan);
  }
}

}  // namespace

// bug() ends the process at once; here it must crash, so that its input is kept.
extern "C" void _Exit(int code) noexcept {
  if (code == steadfast::kExitBug) __builtin_trap();
  _exit(code);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  Findings findings;
  const TestFile file = parse_tests(text, "fuzz.test.toml", findings);
  require_places(findings, text);
  if (tally(findings).errors == 0) judge_all(file);
  return 0;
}
