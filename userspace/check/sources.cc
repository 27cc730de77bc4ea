// SPDX-License-Identifier: Apache-2.0
#include "check/sources.h"

#include <algorithm>
#include <string>
#include <vector>

#include "check/rules.h"
#include "compile/intervals.h"
#include "compile/nesting.h"
#include "compile/ranges.h"

namespace steadfast::rules {
namespace {

struct Entry {
  Prefix prefix;
  Place place;
  bool allows = false;
  const Entry* broader = nullptr;  // the next shorter one that holds it

  std::string text() const { return std::string(allows ? "allow " : "deny ") + prefix.text(); }
};

// In order of address, the shorter before what it holds; `broader` points into the list.
std::vector<Entry> entries_of(const Service& service) {
  std::vector<Entry> entries;
  std::vector<Prefix> prefixes;
  for (const auto& prefix : service.allow) entries.push_back({*prefix, prefix.place, true, nullptr});
  for (const auto& prefix : service.deny) entries.push_back({*prefix, prefix.place, false, nullptr});
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.prefix < b.prefix; });
  prefixes.reserve(entries.size());
  for (const Entry& entry : entries) prefixes.push_back(entry.prefix);
  const auto holders = holders_of(prefixes);
  for (std::size_t i = 0; i < entries.size(); ++i)
    if (holders[i] != kNoHolder) entries[i].broader = &entries[holders[i]];
  return entries;
}

// Whether any address is left for each entry by the longer ones it holds.
std::vector<bool> decide_something(const std::vector<Entry>& entries) {
  std::vector<Interval> intervals;
  for (std::size_t i = 0; i < entries.size(); ++i)
    intervals.push_back({first_key(entries[i].prefix), last_key(entries[i].prefix), entries[i].prefix.length,
                         static_cast<std::uint32_t>(i + 1)});
  std::vector<bool> deciding(entries.size() + 1);
  for (const Step& step : flatten(std::move(intervals), 0, kLastKey)) deciding[step.value] = true;
  deciding.erase(deciding.begin());
  return deciding;
}

class SourceJudge {
 public:
  SourceJudge(const Service& service, Findings& findings)
      : service_(service), findings_(findings), entries_(entries_of(service)) {}

  void run() {
    const std::vector<bool> deciding = decide_something(entries_);
    for (std::size_t i = 0; i < entries_.size(); ++i)
      if (!has_twin_behind(i)) judge(entries_[i], deciding[i]);
    if (!found_) judge_whole();
  }

 private:
  // Of two that contradict each other the second is reported, and that is enough.
  bool has_twin_behind(std::size_t entry) const {
    return entry + 1 < entries_.size() && entries_[entry + 1].prefix == entries_[entry].prefix;
  }

  void judge(const Entry& entry, bool decides) {
    const Entry* broader = entry.broader;
    if (broader != nullptr && broader->prefix == entry.prefix) {
      report(entry, "contradicts the " + broader->text(), *broader, "the other one");
    } else if (!decides) {
      report(entry, "decides nothing: longer prefixes decide for all of its addresses", longer_than(entry),
             "one of them");
    } else if (broader != nullptr && broader->allows == entry.allows) {
      report(entry, "decides nothing: " + broader->text() + " says the same already", *broader,
             "the broader one");
    } else if (broader == nullptr && !entry.allows && !service_.allow.empty()) {
      report(entry, "decides nothing: who is not in `allow` is refused already",
             {service_.allow.front().value, service_.allow.front().place, true, nullptr}, "the first allow");
    }
  }

  // The twin of an entry is the one before it, so what follows is longer.
  const Entry& longer_than(const Entry& entry) const {
    const auto next = static_cast<std::size_t>(&entry - entries_.data()) + 1;
    return entries_[std::min(next, entries_.size() - 1)];
  }

  void report(const Entry& entry, const std::string& what, const Entry& other, const std::string& role) {
    found_ = true;
    Finding finding = make(kShadowed.rule, object_of(service_), entry.place,
                           entry.text() + " of service \"" + service_.name + "\" " + what);
    finding.related.push_back({other.place, role});
    findings_.push_back(std::move(finding));
  }

  void judge_whole() {
    const std::vector<Step> steps = source_steps(service_);
    const bool somebody = std::any_of(steps.begin(), steps.end(), [](const Step& s) { return s.value == 0; });
    if (somebody || service_.deny.empty()) return;
    Finding finding = make(kShadowed.rule, object_of(service_), service_.deny.front().place,
                           "deny of service \"" + service_.name + "\" refuses every client there can be");
    finding.related.push_back({service_.vip.place, "the service"});
    finding.fix = "park the service with state = \"parked\", or deny only whom you mean";
    findings_.push_back(std::move(finding));
  }

  const Service& service_;
  Findings& findings_;
  std::vector<Entry> entries_;
  bool found_ = false;
};

}  // namespace

void find_idle_sources(const Context& context, Findings& findings) {
  for (const Service& service : context.model().services)
    if (!service.allow.empty() || !service.deny.empty()) SourceJudge(service, findings).run();
}

}  // namespace steadfast::rules
