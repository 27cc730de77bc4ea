// SPDX-License-Identifier: Apache-2.0
#include "report/test_text.h"

#include "report/quantity.h"
#include "report/table.h"

namespace steadfast::report {
namespace {

using rehearsal::Fate;
using rehearsal::MutantResult;
using rehearsal::MutationReport;
using rehearsal::TestResult;

std::string position(const TestResult& test) {
  if (!test.place) return test.file;
  return test.file + ":" + std::to_string(test.place.line) + ":" + std::to_string(test.place.column);
}

std::string test_text(const TestResult& test, bool colour) {
  if (test.passed()) return paint("ok  ", Colour::green, colour) + "  " + test.name + "\n";
  std::string out = paint("FAIL", Colour::red, colour) + "  " + test.name + "\n";
  out += "      " + paint("at", Colour::faint, colour) + " " + position(test) + "  " + test.packet + "\n";
  for (const auto& mismatch : test.mismatches) out += "      " + mismatch_text(mismatch) + "\n";
  return out;
}

std::string mutation_text(const MutationReport& mutation, bool colour) {
  std::string out = "\nmutation score " + percent(mutation.score()) + ": of " +
                    count(mutation.mutants.size()) + " mistakes " + count(mutation.count(Fate::rule)) +
                    " refused by rules, " + count(mutation.count(Fate::test)) + " by tests, " +
                    count(mutation.count(Fate::warned)) + " only warned about, " +
                    count(mutation.count(Fate::survived)) + " survived\n";
  Table table({"FATE", "OBJECT", "MISTAKE", "SEEN BY"});
  for (const MutantResult& mutant : mutation.mutants)
    if (mutant.fate == Fate::warned || mutant.fate == Fate::survived)
      table.add(
          {Cell(std::string(name(mutant.fate)), mutant.fate == Fate::warned ? Colour::yellow : Colour::red),
           Cell(mutant.object), Cell(mutant.change), Cell(mutant.by)});
  return table.empty() ? out : out + table.text(colour);
}

std::string plural(std::size_t number, const std::string& noun) {
  return count(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace

std::string mismatch_text(const rehearsal::Mismatch& mismatch) {
  return mismatch.what + ": expected " + mismatch.expected + ", got " + mismatch.got;
}

std::string render_tests(const Rehearsed& rehearsed, bool colour) {
  std::string out;
  for (const TestResult& test : rehearsed.tests.results) out += test_text(test, colour);
  if (rehearsed.mutation) out += mutation_text(*rehearsed.mutation, colour);
  return out;
}

std::string test_summary(const Rehearsed& rehearsed) {
  const std::size_t all = rehearsed.tests.results.size(), failed = rehearsed.tests.failed();
  const std::string tests = failed == 0 ? plural(all, "test") + " passed"
                                        : count(failed) + " of " + plural(all, "test") + " failed";
  return tests + "; " + count(rehearsed.coverage.tested) + " of " +
         plural(rehearsed.coverage.services, "service") + " tested";
}

}  // namespace steadfast::report
