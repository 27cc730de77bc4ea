// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "report/change_lines.h"
#include "report/facts.h"
#include "report/quantity.h"
#include "report/screen.h"
#include "report/words.h"

namespace steadfast::report {
namespace {

Colour outcome_colour(const std::string& outcome) {
  if (outcome == "running") return Colour::green;
  if (outcome == "pending") return Colour::yellow;
  return outcome == "rolled-back" || outcome == "cancelled" ? Colour::red : Colour::none;
}

std::string what_ended(const GenerationInfo& generation) {
  return generation.ended_because.empty() ? generation.outcome
                                          : generation.outcome + ": " + generation.ended_because;
}

void tell(const GenerationInfo& generation, Facts& facts) {
  facts.add("generation", std::to_string(generation.number));
  facts.add("  outcome", what_ended(generation), outcome_colour(generation.outcome));
  facts.add("  applied", generation.time + " by " + or_dash(generation.author));
  facts.add("  reason", generation.reason);
  facts.add("  accepted", join(generation.accepted));
  facts.add("  file", generation.file);
  facts.add("  digest", generation.digest);
}

std::string at(const std::string& file, Place place) { return file + ":" + std::to_string(place.line); }

std::string side(std::uint64_t generation, const std::string& file) {
  return generation == 0 ? file : "generation " + std::to_string(generation);
}

std::string tally(const std::vector<ObjectChange>& objects) {
  std::string text;
  for (const ChangeKind kind : {ChangeKind::added, ChangeKind::removed, ChangeKind::changed}) {
    const auto found = static_cast<std::uint64_t>(std::count_if(
        objects.begin(), objects.end(), [&](const ObjectChange& change) { return change.kind == kind; }));
    if (found != 0) text += (text.empty() ? "" : ", ") + count(found) + " " + std::string(name(kind));
  }
  return text.empty() ? "no object differs" : text;
}

std::string with_fields(const ObjectChange& change) {
  std::string text(name(change.kind));
  for (const auto& field : change.fields)
    text += (&field == &change.fields.front() ? ": " : ", ") + field.key + " " + or_dash(field.before) +
            " -> " + or_dash(field.after);
  return text;
}

}  // namespace

std::string generations_screen(const std::vector<GenerationInfo>& generations, bool colour) {
  Table table(
      {"GENERATION", "OUTCOME", "TIME", "AUTHOR", "DIGEST", "FILE", "ACCEPTED", "REASON", "ENDED BECAUSE"});
  for (const auto& generation : generations)
    table.add({Cell::number(count(generation.number)),
               {generation.outcome, outcome_colour(generation.outcome)},
               generation.time,
               or_dash(generation.author),
               generation.digest.substr(0, 12),
               or_dash(generation.file),
               or_dash(join(generation.accepted)),
               or_dash(generation.reason),
               or_dash(generation.ended_because)});
  return table.empty() ? "no generation has been applied\n" : table.text(colour);
}

std::string history_screen(const std::vector<GenerationInfo>& generations, bool colour) {
  std::string text;
  for (const auto& generation : generations) {
    Facts facts(colour);
    tell(generation, facts);
    text += (text.empty() ? "" : "\n") + facts.text();
  }
  return text.empty() ? "no generation has been applied\n" : text;
}

std::string diff_screen(const Diff& diff, bool colour) {
  std::string text = side(diff.before, diff.before_file) + " -> " + side(diff.after, diff.after_file) + ": " +
                     tally(diff.objects) + "\n";
  if (diff.objects.empty()) return text;
  return text + change_lines(diff.objects, {diff.before_file, diff.after_file}, diff.objects.size(), colour);
}

std::string blame_screen(const Blame& blame, bool colour) {
  Facts facts(colour);
  facts.add("object", blame.object);
  facts.add("stands at", blame.place ? at(blame.file, blame.place) : "nowhere: it is not in what runs");
  facts.add("generation", std::to_string(blame.by.number) + (blame.older ? " or an older one" : ""));
  facts.add("change",
            blame.older ? "there already in the oldest generation that is kept" : with_fields(blame.change));
  facts.add("applied", blame.by.time + " by " + or_dash(blame.by.author));
  facts.add("reason", or_dash(blame.by.reason));
  facts.add("accepted", join(blame.by.accepted));
  facts.add("outcome", what_ended(blame.by), outcome_colour(blame.by.outcome));
  return facts.text();
}

}  // namespace steadfast::report
