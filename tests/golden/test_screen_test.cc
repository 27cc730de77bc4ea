// SPDX-License-Identifier: Apache-2.0
#include "report/test_text.h"
#include "tests/golden/golden.h"

namespace steadfast {
namespace {

using rehearsal::Fate;

report::Rehearsed sample_tests() {
  report::Rehearsed rehearsed;
  rehearsed.tests.results.push_back({"https goes to messaging",
                                     "edge.test.toml",
                                     {1, 1},
                                     "tcp 203.0.113.7:* > 192.0.2.10:443 syn",
                                     "messaging",
                                     {},
                                     0.2});
  rehearsed.tests.results.push_back({"losing a rack",
                                     "edge.test.toml",
                                     {5, 1},
                                     "tcp 203.0.113.7:* > 192.0.2.10:443 syn",
                                     "messaging",
                                     {{"max_share", "at most 12%", "30.1% (backend/messaging/msg-03)"},
                                      {"min_backends", "at least 4", "3"}},
                                     0.3});
  rehearsed.coverage = {3, 1};
  return rehearsed;
}

report::Rehearsed sample_mutation() {
  report::Rehearsed rehearsed = sample_tests();
  rehearsed.tests.results.pop_back();
  rehearsed.mutation.emplace();
  rehearsed.mutation->mutants = {
      {"pool emptied", "pool/messaging", "all backends removed", Fate::rule, "SF401"},
      {"weight ×10", "backend/messaging/msg-01", "weight 100 → 1000", Fate::test, "https goes to messaging"},
      {"guard removed", "pool/messaging", "min_healthy removed", Fate::warned, "SF410"},
      {"guard removed", "pool/messaging", "health removed", Fate::survived, ""}};
  return rehearsed;
}

TEST(TestScreen, AFailureNamesItsPlaceItsPacketAndEveryDifference) {
  golden::expect_golden("tests/golden/screens/tests.txt", report::render_tests(sample_tests(), false));
}

TEST(TestScreen, InColour) {
  golden::expect_golden("tests/golden/screens/tests_colour.txt", report::render_tests(sample_tests(), true));
}

TEST(TestScreen, MutationListsWhatGotThrough) {
  golden::expect_golden("tests/golden/screens/tests_mutation.txt",
                        report::render_tests(sample_mutation(), false));
}

}  // namespace
}  // namespace steadfast
