// SPDX-License-Identifier: Apache-2.0
#include "report/metrics.h"

#include <unistd.h>

#include <cstdio>

#include "tests/golden/golden.h"
#include "tests/golden/sample.h"

namespace steadfast {
namespace {

TEST(Metrics, PageOfTheSampleHost) {
  golden::expect_golden("tests/golden/metrics/page.prom",
                        report::metrics_page(sample::snapshot(), sample::status()));
}

TEST(Metrics, PageBeforeTheFirstApply) {
  golden::expect_golden("tests/golden/metrics/empty.prom", report::metrics_page(Snapshot{}, Status{}));
}

TEST(Metrics, ReferencePageIsFresh) { golden::expect_golden("docs/metrics.md", report::metrics_markdown()); }

bool promtool_is_required() { return std::getenv("STEADFAST_REQUIRE_BPF") != nullptr; }

// What promtool has to say about the page; it reads the page on standard input.
std::string promtool_findings(const std::string& page) {
  const std::string file = testing::TempDir() + "steadfast-metrics-" + std::to_string(getpid());
  std::ofstream(file) << page;
  FILE* const pipe = popen(("promtool check metrics < " + file + " 2>&1; echo status $?").c_str(), "r");
  std::string said;
  for (int c = 0; (c = std::fgetc(pipe)) != EOF;) said += static_cast<char>(c);
  pclose(pipe);
  std::remove(file.c_str());
  return said;
}

TEST(Metrics, PromtoolHasNothingToSay) {
  if (std::system("command -v promtool > /dev/null") != 0 && !promtool_is_required())
    GTEST_SKIP() << "promtool is not installed";
  EXPECT_EQ(promtool_findings(report::metrics_page(sample::snapshot(), sample::status())), "status 0\n");
}

}  // namespace
}  // namespace steadfast
