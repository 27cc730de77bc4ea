// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/outcome_text.h"

#include <array>
#include <cmath>
#include <cstdio>

#include "base/bug.h"
#include "report/quantity.h"
#include "report/table.h"
#include "report/test_text.h"

namespace steadfast::cli {
namespace {

std::string decimal(double value, const char* unit) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s", value, unit);
  return text.data();
}

std::string milliseconds(double value) { return decimal(value, "ms"); }

// Rounded up: what is left is never nothing.
std::string seconds(double value) {
  return std::to_string(static_cast<std::uint64_t>(std::ceil(value))) + " s";
}

// What runs now, where it is known: a change refused before it was sent does not say.
std::string running(const Outcome& outcome) {
  return outcome.generation == 0 ? "" : "; generation " + std::to_string(outcome.generation) + " runs";
}

std::string canary(const PendingChange& pending) {
  if (pending.stage == 0) return "";
  return " for " + report::percent(pending.share) + " of the new flows (stage " +
         std::to_string(pending.stage) + " of " + std::to_string(pending.stages) + ")";
}

std::string decision(const PendingChange& pending) {
  if (pending.automatic)
    return "it is confirmed by itself in " + seconds(pending.seconds_left) +
           " unless it does harm: `steadfast cancel` undoes it";
  return "it goes back to " + std::to_string(pending.previous) + " by itself in " +
         seconds(pending.seconds_left) + ": `steadfast confirm` keeps it, `steadfast cancel` undoes it";
}

std::string pending_line(const Outcome& outcome) {
  if (!outcome.pending) return "pending" + running(outcome);
  return "generation " + std::to_string(outcome.pending->generation) + " runs" + canary(*outcome.pending) +
         "; " + decision(*outcome.pending);
}

std::string refused_line(const Outcome& outcome) {
  const std::size_t failed = outcome.tests.failed();
  const std::string why =
      failed == 0 ? "" : report::count(failed) + (failed == 1 ? " test" : " tests") + " failed, ";
  return "refused: " + why + "nothing was changed" + running(outcome);
}

std::string headline(const Outcome& outcome) {
  switch (outcome.ending) {
    case Ending::applied:
      return "applied in " + milliseconds(outcome.total_ms) + running(outcome);
    case Ending::pending:
      return pending_line(outcome);
    case Ending::unchanged:
      return "unchanged: these very bytes run already" + running(outcome);
    case Ending::refused:
      return refused_line(outcome);
    case Ending::gated:
      return "refused: only gates stand in the way (--accept CODE:OBJECT --reason TEXT)" + running(outcome);
    case Ending::failed:
      return "failed: nothing was changed" + running(outcome);
  }
  bug("an outcome without a headline");
}

report::Colour colour_of(Ending ending) {
  if (ending == Ending::pending) return report::Colour::yellow;
  return ending == Ending::applied || ending == Ending::unchanged ? report::Colour::green
                                                                  : report::Colour::red;
}

// A probe has no file: the balancer made it itself.
std::string title(const rehearsal::TestResult& test) {
  if (test.file.empty()) return "probe \"" + test.name + "\"";
  const std::string place = test.place ? ":" + std::to_string(test.place.line) : "";
  return "test \"" + test.name + "\"  " + test.file + place;
}

std::string failure(const rehearsal::TestResult& test, bool colour) {
  std::string text = report::paint("FAILED", report::Colour::red, colour) + " " + title(test) + "\n";
  text += "  packet   " + test.packet + "\n";
  if (!test.service.empty()) text += "  service  " + test.service + "\n";
  for (const auto& mismatch : test.mismatches) text += "  " + report::mismatch_text(mismatch) + "\n";
  return text;
}

std::string times(const Outcome& outcome) {
  std::string text = "check " + milliseconds(outcome.check_ms) + ", compile " +
                     milliseconds(outcome.compile_ms) + ", write " + milliseconds(outcome.write_ms);
  if (outcome.tests_played != 0)
    text += ", " + report::count(outcome.tests_played) + (outcome.tests_played == 1 ? " test " : " tests ") +
            milliseconds(outcome.test_ms);
  return text + ", flip " + decimal(outcome.flip_us, "us") + "\n";
}

bool runs_anew(Ending ending) { return ending == Ending::applied || ending == Ending::pending; }

}  // namespace

std::string outcome_text(const Outcome& outcome, bool colour) {
  std::string text;
  for (const auto& test : outcome.tests.results)
    if (!test.passed()) text += failure(test, colour);
  text += report::paint(headline(outcome), colour_of(outcome.ending), colour) + "\n";
  return runs_anew(outcome.ending) && outcome.total_ms > 0 ? text + times(outcome) : text;
}

}  // namespace steadfast::cli
