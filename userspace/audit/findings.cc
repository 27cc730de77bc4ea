// SPDX-License-Identifier: Apache-2.0
#include "audit/findings.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "audit/read_back.h"
#include "check/audit_rules.h"
#include "check/catalogue.h"
#include "check/check.h"
#include "plan/difference.h"

namespace steadfast::audit {
namespace {

constexpr std::size_t kNamesShown = 3;

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", seconds);
  return text;
}

std::string values(const Difference& difference) {
  return difference.field + " is " + difference.found + " and must be " + difference.desired;
}

bool same_entry(const Difference& a, const Difference& b) {
  return a.map == b.map && a.slot == b.slot && a.entry == b.entry;
}

// The first few, and how many more there are.
std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < kNamesShown; ++i) list += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kNamesShown) list += " and " + std::to_string(names.size() - kNamesShown) + " more";
  return list;
}

std::vector<std::string> objects_of(const std::vector<Difference>& differences) {
  std::vector<std::string> objects;
  for (const Difference& difference : differences)
    if (std::find(objects.begin(), objects.end(), difference.object) == objects.end())
      objects.push_back(difference.object);
  return objects;
}

std::string_view code_of(const NextHop& hop) { return hop.is_silent ? "SF710" : "SF709"; }

struct Unreached {
  const NextHop* hop = nullptr;
  std::vector<std::string> objects;
  Place place;
};

// By cause: a gateway that is gone takes thousands of backends with it.
std::map<std::string, Unreached> unreached(const Model& model, const NextHops& hops) {
  std::map<std::string, Unreached> causes;
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends) {
      const auto hop = hops.find(backend.address.value);
      if (hop == hops.end() || hop->second.resolved() || hop->second.pending) continue;
      Unreached& cause = causes[hop->second.problem];
      cause.hop = &hop->second;
      if (cause.objects.empty()) cause.place = backend.place;
      cause.objects.push_back(object_of(pool, backend));
    }
  return causes;
}

}  // namespace

Findings of_differences(const std::vector<Difference>& differences) {
  Findings findings;
  const Difference* before = nullptr;
  for (const Difference& difference : differences) {
    if (before != nullptr && same_entry(*before, difference)) {
      findings.back().message += "; " + values(difference);
    } else {
      findings.push_back(
          make(rules::kKernelDiffers, difference.object, difference.place, sentence(difference)));
      findings.back().file = difference.file;
    }
    before = &difference;
  }
  return findings;
}

Finding of_foreign_write(const std::vector<Difference>& differences, double right_before_s) {
  const Difference& first = differences.front();
  const std::size_t more = differences.size() - 1;
  Finding finding = make(rules::kForeignWrite, first.object, first.place,
                         "written from outside within the last " + seconds_text(right_before_s) + ": " +
                             listed(objects_of(differences)) + ": " + sentence(first) +
                             (more == 0 ? "" : "; " + std::to_string(more) + " more values"));
  finding.file = first.file;
  return finding;
}

Findings of_next_hops(const Model& model, const NextHops& hops) {
  Findings findings;
  for (const auto& [problem, cause] : unreached(model, hops)) {
    const Rule* rule = find_rule(code_of(*cause.hop));
    if (rule == nullptr) continue;
    findings.push_back(make(*rule, cause.objects.front(), cause.place,
                            "packets cannot leave for " + listed(cause.objects) + ": " + problem));
    findings.back().file = model.file;
  }
  return findings;
}

Findings of_age(double age_s) {
  if (age_s <= kTooOld_s) return {};
  return {make(rules::kReadBackOld, "host", {},
               "the last whole read-back ended " + seconds_text(age_s) + " ago")};
}

Findings of_file(const std::string& text, const std::string& file, const std::string& running_text,
                 const Model& running) {
  if (text == running_text) return {};
  const Checked checked = check(text, file);
  const auto changes = checked.model ? difference(running, *checked.model).size() : 0;
  const std::string what =
      checked.model ? "would change " + std::to_string(changes) + (changes == 1 ? " object" : " objects")
                    : "would fail: it has errors (steadfast check)";
  Finding finding = make(rules::kFileDiffers, "file", {1, 1}, "a start from " + file + " " + what);
  finding.file = file;
  return {std::move(finding)};
}

Findings of_silence(const Model& model, const Snapshot& snapshot, double silent_s) {
  Findings findings;
  for (const ServiceSnapshot& service : snapshot.services) {
    const bool received = std::any_of(service.verdicts.begin(), service.verdicts.end(),
                                      [](const Count& count) { return count.packets != 0; });
    if (received || service.state != name(ServiceState::active)) continue;
    findings.push_back(
        make(rules::kNoPackets, "service/" + service.name, service.place,
             service.endpoint + " has received no packet for " + seconds_text(silent_s) + " at least"));
    findings.back().file = model.file;
  }
  return findings;
}

Findings of_exceptions(const std::string& text, const std::string& file, Date today) {
  Findings findings = check(text, file, today).findings;
  std::erase_if(findings, [](const Finding& finding) { return finding.code != "SF911"; });
  return findings;
}

}  // namespace steadfast::audit
