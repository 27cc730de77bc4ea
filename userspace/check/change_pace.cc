// SPDX-License-Identifier: Apache-2.0
// Changes made on top of something else than their author knew, too often, or
// too slowly.
#include "check/change_rules.h"
#include "check/context.h"

namespace steadfast::rules {
namespace {

constexpr unsigned kMostPerHour = 5;
constexpr double kApplyBudget_ms = 2000;

// Enough of a digest to tell two files apart.
std::string short_digest(const std::string& digest) { return digest.substr(0, 12); }

void find_stale_base(const ChangeContext& context, Findings& findings) {
  const auto& expected = context.facts().expected;
  const ChangeBase& running = context.facts().running;
  if (!expected) return;
  if (expected->generation == running.generation && expected->digest == running.digest) return;
  findings.push_back(make(kStaleBase.rule, "file", {},
                          "the change was made against generation " + std::to_string(expected->generation) +
                              " (" + short_digest(expected->digest) + "), but generation " +
                              std::to_string(running.generation) + " (" + short_digest(running.digest) +
                              ") runs"));
}

void find_pending_change(const ChangeContext& context, Findings& findings) {
  const std::uint64_t pending = context.facts().pending_generation;
  if (pending == 0) return;
  findings.push_back(make(kChangePending.rule, "file", {},
                          "generation " + std::to_string(pending) + " is not confirmed yet"));
}

void find_changed_often(const ChangeContext& context, Findings& findings) {
  for (const ObjectChange& change : context.plan().objects) {
    const auto times = context.facts().changes_last_hour.find(change.object);
    if (times == context.facts().changes_last_hour.end() || times->second <= kMostPerHour) continue;
    findings.push_back(
        make(kChangedOften.rule, change.object, change.after,
             change.object + " was changed " + std::to_string(times->second) + " times in the last hour"));
  }
}

void find_rolled_back(const ChangeContext& context, Findings& findings) {
  if (!context.facts().digest_was_rolled_back) return;
  findings.push_back(make(kRolledBackBefore.rule, "file", {},
                          "these very bytes ran as generation " +
                              std::to_string(context.facts().digest_rolled_back_as) +
                              " and were rolled back"));
}

void find_slow_apply(const ChangeContext& context, Findings& findings) {
  const std::size_t objects = context.plan().objects.size();
  const double estimate = static_cast<double>(objects) * context.facts().apply_ms_per_object;
  if (estimate <= kApplyBudget_ms) return;
  findings.push_back(make(kApplyTime.rule, "file", {},
                          "applying " + counted(objects, "object") + " takes about " + quantity(estimate) +
                              " ms, going by the last changes; the budget is " + quantity(kApplyBudget_ms) +
                              " ms"));
}

}  // namespace

// No file can break these: what they judge is known to the balancer alone.
const ChangeCheck kStaleBase{
    {
        "SF505",
        Severity::error,
        "change made against something that does not run",
        "what others changed meanwhile would be undone by a file that never knew of it",
        "plan again on top of what runs: steadfast plan FILE",
        {},
        {},
        "INC-04",
    },
    false,
    find_stale_base,
};

const ChangeCheck kChangePending{
    {
        "SF512",
        Severity::error,
        "another change is not confirmed yet",
        "two changes on trial at once: nobody could tell which one hurts, or what to go back to",
        "confirm or cancel the pending change first: steadfast confirm, steadfast cancel",
        {},
        {},
        "INC-12",
    },
    false,
    find_pending_change,
};

const ChangeCheck kChangedOften{
    {
        "SF513",
        Severity::warn,
        "object changed again and again",
        "somebody or something is trying, or two writers are at odds; each change moves users",
        "find out who changes it: steadfast show generations",
        {},
        {},
    },
    false,
    find_changed_often,
};

const ChangeCheck kRolledBackBefore{
    {
        "SF514",
        Severity::gate,
        "the very file that was rolled back",
        "what hurt users once would hurt them again",
        "find out why it was rolled back and correct the file; if the cause lay elsewhere, accept it by name",
        {},
        {},
    },
    false,
    find_rolled_back,
};

const ChangeCheck kApplyTime{
    {
        "SF605",
        Severity::warn,
        "change that takes long to apply",
        "while a slow change is being written, nothing else can be changed, not even back",
        "make the change in steps",
        {},
        {},
        "INC-25",
    },
    false,
    find_slow_apply,
};

}  // namespace steadfast::rules
