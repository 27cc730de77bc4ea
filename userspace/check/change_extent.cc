// SPDX-License-Identifier: Apache-2.0
// Changes that touch too much at once, or mean something else than they seem to.
#include <algorithm>
#include <map>

#include "check/change_examples.h"
#include "check/change_rules.h"
#include "check/context.h"

namespace steadfast::rules {
namespace {

constexpr std::size_t kMostServices = 10;
constexpr double kMostObjects = 0.1;
constexpr std::size_t kFreeAdditions = 10;  // what an everyday change brings in a small file
constexpr std::size_t kFreeDeletions = 5;   // backends among them
constexpr std::size_t kFreeHeads = 3;       // services and pools

struct Extent {
  std::size_t services = 0, pools = 0, backends = 0;

  std::size_t heads() const { return services + pools; }
  std::size_t objects() const { return heads() + backends; }
};

Extent extent_of(const Model& model) {
  Extent extent{model.services.size(), model.pools.size(), 0};
  for (const Pool& pool : model.pools) extent.backends += pool.backends.size();
  return extent;
}

std::string pool_of(const std::string& backend) {
  return "pool/" + backend.substr(backend.find('/') + 1, backend.rfind('/') - backend.find('/') - 1);
}

Extent extent_of(const Plan& plan, ChangeKind kind) {
  Extent extent;
  for (const ObjectChange& change : plan.objects) {
    if (change.kind != kind) continue;
    const std::string& object = change.object;
    if (object.starts_with("service/")) ++extent.services;
    if (object.starts_with("pool/")) ++extent.pools;
    if (object.starts_with("backend/")) ++extent.backends;
  }
  return extent;
}

// A new pool is one thing, however many backends it comes with: none of them
// has users yet.
std::size_t in_new_pools(const Plan& plan) {
  std::size_t backends = 0;
  std::map<std::string, bool> added;
  for (const ObjectChange& change : plan.objects)
    if (change.kind == ChangeKind::added) added.emplace(change.object, true);
  for (const auto& [object, unused] : added)
    if (object.starts_with("backend/") && added.contains(pool_of(object))) ++backends;
  return backends;
}

bool too_large_a_part(std::size_t objects, const Extent& whole) {
  return static_cast<double>(objects) > kMostObjects * static_cast<double>(whole.objects());
}

std::string text(const Extent& extent) {
  return counted(extent.services, "service") + ", " + counted(extent.pools, "pool") + " and " +
         counted(extent.backends, "backend");
}

void report_extent(const std::string& what, const Extent& extent, const Extent& whole, Findings& findings) {
  const double share =
      whole.objects() == 0 ? 0 : static_cast<double>(extent.objects()) / static_cast<double>(whole.objects());
  findings.push_back(make(kTooMuchAtOnce.rule, "file", {},
                          "the change " + what + " " + text(extent) + " at once: " + percent(share) +
                              " of the " + std::to_string(whole.objects()) + " objects that run"));
}

void find_additions(const ChangeContext& context, const Extent& whole, Findings& findings) {
  Extent added = extent_of(context.plan(), ChangeKind::added);
  const std::size_t counting = added.objects() - in_new_pools(context.plan());
  const bool many = counting > kFreeAdditions && too_large_a_part(counting, whole);
  if (many || added.services > kMostServices) report_extent("adds", added, whole, findings);
}

void find_deletions(const ChangeContext& context, const Extent& whole, Findings& findings) {
  const Extent removed = extent_of(context.plan(), ChangeKind::removed);
  const Extent left = extent_of(context.after());
  const bool nothing_left =
      (whole.services != 0 && left.services == 0) || (whole.backends != 0 && left.backends == 0);
  const bool many = (removed.objects() > kFreeDeletions || removed.heads() > kFreeHeads) &&
                    too_large_a_part(removed.objects(), whole);
  if (nothing_left || many || removed.services > kMostServices)
    report_extent("removes", removed, whole, findings);
}

void find_too_much(const ChangeContext& context, Findings& findings) {
  const Extent whole = extent_of(context.before());
  find_additions(context, whole, findings);
  find_deletions(context, whole, findings);
}

void find_renamed_services(const ChangeContext& context, Findings& findings) {
  std::map<std::string_view, std::size_t> known;
  const auto& before = context.before().services;
  for (std::size_t i = 0; i < before.size(); ++i) known.emplace(before[i].name, i);
  for (std::size_t i = 0; i < context.after().services.size(); ++i) {
    const Service& service = context.after().services[i];
    const auto was = known.find(service.name);
    if (was == known.end() || context.services().before_of[i] == was->second) continue;
    findings.push_back(make(kNewMeaning.rule, object_of(service), service.place,
                            "service \"" + service.name + "\" was " + before[was->second].endpoint() +
                                running_line(before[was->second].place) + " and becomes " +
                                service.endpoint()));
  }
}

bool share_a_backend(const Pool& before, const Pool& after) {
  const Pairing pairing = pair_backends(before, after);
  for (std::size_t i = 0; i < after.backends.size(); ++i) {
    const std::size_t was = pairing.before_of[i];
    if (was != kNoPartner && same_address(before.backends[was], after.backends[i])) return true;
  }
  return false;
}

void find_replaced_pools(const ChangeContext& context, Findings& findings) {
  for (std::size_t i = 0; i < context.after().pools.size(); ++i) {
    const Pool& pool = context.after().pools[i];
    const std::size_t was = context.pools().before_of[i];
    if (was == kNoPartner || context.before().pools[was].backends.size() < 2) continue;
    if (pool.backends.empty() || share_a_backend(context.before().pools[was], pool)) continue;
    findings.push_back(make(kNewMeaning.rule, object_of(pool), pool.place,
                            "pool \"" + pool.name + "\" keeps its name and none of its " +
                                counted(context.before().pools[was].backends.size(), "backend")));
  }
}

// Two names that change places.
void find_swapped_backends(const Pool& before, const Pool& after, Findings& findings) {
  const Pairing pairing = pair_backends(before, after);
  std::map<std::string_view, std::size_t> known;
  for (std::size_t i = 0; i < before.backends.size(); ++i) known.emplace(before.backends[i].name, i);
  for (std::size_t i = 0; i < after.backends.size(); ++i) {
    const Backend& backend = after.backends[i];
    const auto was = known.find(backend.name);
    if (was == known.end() || pairing.before_of[i] == was->second) continue;
    findings.push_back(make(kNewMeaning.rule, object_of(after, backend), backend.place,
                            "backend \"" + backend.name + "\" was " +
                                before.backends[was->second].address->text() +
                                running_line(before.backends[was->second].place) + " and becomes " +
                                backend.address->text() + ", which had another name"));
  }
}

void find_new_meanings(const ChangeContext& context, Findings& findings) {
  find_renamed_services(context, findings);
  find_replaced_pools(context, findings);
  for (std::size_t i = 0; i < context.after().pools.size(); ++i)
    if (const std::size_t was = context.pools().before_of[i]; was != kNoPartner)
      find_swapped_backends(context.before().pools[was], context.after().pools[i], findings);
}

}  // namespace

#define SF_EXAMPLE_HOSTS(prefix)                     \
  SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL \
      "[[pool.backend]]\n"                           \
      "name = \"web-01\"\n"                          \
      "address = \"" prefix                          \
      ".10\"\n"                                      \
      "weight = 100\n"                               \
      "[[pool.backend]]\n"                           \
      "name = \"web-02\"\n"                          \
      "address = \"" prefix                          \
      ".11\"\n"                                      \
      "weight = 100\n"

#define SF_EXAMPLE_UNUSED \
  "[[pool]]\n"            \
  "name = \"unused\"\n"   \
  "min_healthy = \"50%\"\n" SF_EXAMPLE_HEALTH

#define SF_EXAMPLE_NINE \
  SF_EXAMPLE_SIX SF_EXAMPLE_BACKEND("7", "") SF_EXAMPLE_BACKEND("8", "") SF_EXAMPLE_BACKEND("9", "")

const ChangeCheck kTooMuchAtOnce{
    {
        "SF507",
        Severity::gate,
        "too much added or removed at once",
        "what a broken generator or an empty filter does looks like this; every user is affected at once",
        "make the change in steps; if it is meant, accept it by name",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_SIX,
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_SIX SF_EXAMPLE_UNUSED SF_EXAMPLE_NINE,
        "INC-03",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_SIX SF_EXAMPLE_UNUSED SF_EXAMPLE_NINE,
    },
    true,
    find_too_much,
};

const ChangeCheck kNewMeaning{
    {
        "SF511",
        Severity::warn,
        "old name, new meaning",
        "dashboards, alerts and colleagues go on to mean the old object by this name",
        "give the new object a name of its own",
        SF_EXAMPLE_HOSTS("10.0.3"),
        SF_EXAMPLE_HOSTS("10.0.2"),
        {},
        SF_EXAMPLE_HOSTS("10.0.2"),
    },
    true,
    find_new_meanings,
};

}  // namespace steadfast::rules
