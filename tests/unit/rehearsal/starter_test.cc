// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/starter.h"

#include "rehearsal/coverage.h"
#include "rehearsal_lab.h"

namespace steadfast::rehearsal {
namespace {

TestReport played_on_itself(const Model& model) {
  return played(starter_tests(model), model, {&model, nullptr});
}

TEST(Starter, PassesOnItsOwnFileAndReachesEveryService) {
  const Model model = edge();
  const TestReport report = played_on_itself(model);
  for (const TestResult& result : report.results) EXPECT_EQ(mismatches(result), "") << result.name;
  Findings findings;
  const Coverage coverage = judge_coverage(model, report, findings);
  EXPECT_EQ(coverage.tested, coverage.services);
}

TEST(Starter, StatesWhoGetsFlowsAndWhatALossDoes) {
  const std::string text = starter_tests(edge());
  for (const char* line :
       {"name = \"web: who gets new flows\"", "packet = \"tcp 203.0.113.7:* > 192.0.2.10:443 syn\"",
        "max_share = \"56%\"", "min_share = \"22%\"", "  \"10.0.2.13\",", "outer_source = \"198.51.100.1\"",
        "name = \"web: port 444 is nobody's\"", "name = \"web: udp is nobody's\"",
        "given = { down = [\"rack=r2\"] }", "name = \"dns: losing dns/dns-0", "name = \"later: is parked\"",
        "packet = \"udp [2001:db8:ffff::7]:* > [2001:db8:1::53]:53\"", "max_dropped = \"0%\""})
    EXPECT_NE(text.find(line), std::string::npos) << line << "\n" << text;
  EXPECT_EQ(text.find("10.0.2.14"), std::string::npos) << "a drained backend gets no new flows";
}

TEST(Starter, LeavesANeighbourAloneThatIsAService) {
  std::string toml = lab_config(kEdge);
  toml.replace(toml.find("192.0.2.99"), 10, "192.0.2.10");
  toml.replace(toml.find("port = 80"), 9, "port = 444");
  toml.replace(toml.find("state = \"parked\""), 16, "state = \"active\"");
  const Model model = model_of(toml);
  EXPECT_EQ(starter_tests(model).find("port 444 is nobody's"), std::string::npos);
  EXPECT_TRUE(played_on_itself(model).passed());
}

TEST(Starter, HoldsForServicesWithoutBackends) {
  std::string toml = lab_config(kEdge);
  for (std::size_t at; (at = toml.find("weight = 1\n")) != std::string::npos;)
    toml.replace(at, 11, "weight = 0\n");
  const Model model = model_of(toml);
  EXPECT_NE(starter_tests(model).find("dns: has no backend"), std::string::npos);
  const TestReport report = played_on_itself(model);
  for (const TestResult& result : report.results) EXPECT_EQ(mismatches(result), "") << result.name;
}

Model hashed_by(const std::string& mode) {
  std::string toml = lab_config(kEdge);
  return model_of(toml.replace(toml.find("port = 443\n"), 11, "port = 443\nhash = \"" + mode + "\"\n"));
}

TEST(Starter, HoldsForServicesWhoseHashIgnoresThePort) {
  for (const char* mode : {"source", "destination-port", "source+port"}) {
    const TestReport report = played_on_itself(hashed_by(mode));
    for (const TestResult& result : report.results) EXPECT_EQ(mismatches(result), "") << result.name;
  }
}

TEST(Starter, FindsAClientOfEveryBackendWhereTheAddressDecides) {
  const std::string text = starter_tests(hashed_by("source"));
  for (const char* name : {"web-01", "web-02", "web-03"})
    EXPECT_NE(text.find("name = \"web: a client of " + std::string(name) + "\""), std::string::npos) << text;
}

}  // namespace
}  // namespace steadfast::rehearsal
