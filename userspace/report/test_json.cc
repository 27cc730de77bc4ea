// SPDX-License-Identifier: Apache-2.0
#include "report/test_json.h"

#include <nlohmann/json.hpp>

#include "report/finding_json.h"

namespace steadfast::report {
namespace {

// Keys stay in the order the contract names them.
using Json = nlohmann::ordered_json;
using rehearsal::Fate;

Json mismatch_json(const rehearsal::Mismatch& mismatch) {
  return {{"what", mismatch.what}, {"expected", mismatch.expected}, {"got", mismatch.got}};
}

Json test_json(const rehearsal::TestResult& test) {
  Json json{{"name", test.name},           {"file", test.file},           {"line", test.place.line},
            {"column", test.place.column}, {"packet", test.packet},       {"service", test.service},
            {"passed", test.passed()},     {"mismatches", Json::array()}, {"took_ms", test.took_ms}};
  for (const auto& mismatch : test.mismatches) json["mismatches"].push_back(mismatch_json(mismatch));
  return json;
}

Json mutation_json(const rehearsal::MutationReport& mutation) {
  Json json{{"score", mutation.score()},
            {"mutants", mutation.mutants.size()},
            {"caught_by_rules", mutation.count(Fate::rule)},
            {"caught_by_tests", mutation.count(Fate::test)},
            {"warned", mutation.count(Fate::warned)},
            {"survived", mutation.count(Fate::survived)},
            {"uncaught", Json::array()}};
  for (const auto& mutant : mutation.mutants) {
    if (mutant.fate == Fate::rule || mutant.fate == Fate::test) continue;
    json["uncaught"].push_back({{"operation", mutant.operation},
                                {"object", mutant.object},
                                {"change", mutant.change},
                                {"fate", name(mutant.fate)},
                                {"by", mutant.by}});
  }
  return json;
}

}  // namespace

// The findings are written by the one place that knows how (findings_json).
std::string tests_json(const Rehearsed& rehearsed) {
  Json json = Json::parse(findings_json(rehearsed.findings));
  json["tests"] = Json::array();
  for (const auto& test : rehearsed.tests.results) json["tests"].push_back(test_json(test));
  const std::size_t failed = rehearsed.tests.failed();
  json["passed"] = rehearsed.tests.results.size() - failed;
  json["failed"] = failed;
  json["coverage"] = {{"services", rehearsed.coverage.services}, {"tested", rehearsed.coverage.tested}};
  if (rehearsed.mutation) json["mutation"] = mutation_json(*rehearsed.mutation);
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace steadfast::report
