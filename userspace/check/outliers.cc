// SPDX-License-Identifier: Apache-2.0
// The typo detector: an address that does not look like those of its pool.
#include <map>
#include <vector>

#include "check/rules.h"
#include "config/examples.h"

namespace steadfast::rules {
namespace {

constexpr std::size_t kFewest = 5;
// Seven in ten, not eight: three wrong hosts among ten are the worst case this
// rule was made for, and it must not hide by its size.
constexpr std::size_t kMajorityTenths = 7;
constexpr unsigned kPrefixV4 = 24;
constexpr unsigned kPrefixV6 = 64;

Prefix neighbourhood(const Address& address) {
  return Prefix{address, address.is_v4() ? kPrefixV4 : kPrefixV6}.network();
}

using Groups = std::map<Prefix, std::vector<const Backend*>>;

Groups group(const Pool& pool, Family family) {
  Groups groups;
  for (const Backend& backend : pool.backends)
    if (backend.address->family == family) groups[neighbourhood(*backend.address)].push_back(&backend);
  return groups;
}

void report(const Pool& pool, const Backend& backend, const Prefix& home, std::size_t share,
            std::size_t members, Findings& findings) {
  findings.push_back(make(kOutlier.rule, object_of(pool, backend), backend.address.place,
                          "backend \"" + backend.name + "\" is " + backend.address->text() + ", but " +
                              std::to_string(share) + " of " + std::to_string(members) +
                              " backends of pool \"" + pool.name + "\" are in " + home.text()));
}

void find_outliers_in(const Pool& pool, Family family, Findings& findings) {
  const Groups groups = group(pool, family);
  const Groups::value_type* home = nullptr;
  std::size_t members = 0;
  for (const auto& candidate : groups) {
    members += candidate.second.size();
    if (!home || candidate.second.size() > home->second.size()) home = &candidate;
  }
  if (members < kFewest || home->second.size() * 10 < members * kMajorityTenths) return;
  for (const auto& candidate : groups) {
    if (&candidate == home) continue;
    for (const Backend* backend : candidate.second)
      report(pool, *backend, home->first, home->second.size(), members, findings);
  }
}

void find_outliers(const Context& context, Findings& findings) {
  for (const Pool& pool : context.model().pools) {
    find_outliers_in(pool, Family::v4, findings);
    find_outliers_in(pool, Family::v6, findings);
  }
}

}  // namespace

#define SF_EXAMPLE_FIVE       \
  SF_EXAMPLE_BACKENDS         \
  "[[pool.backend]]\n"        \
  "name = \"web-03\"\n"       \
  "address = \"10.0.2.12\"\n" \
  "weight = 100\n"            \
  "[[pool.backend]]\n"        \
  "name = \"web-04\"\n"       \
  "address = \"10.0.2.13\"\n" \
  "weight = 100\n"            \
  "[[pool.backend]]\n"        \
  "name = \"web-05\"\n"

const Check kOutlier{
    {
        "SF207",
        Severity::gate,
        "backend outside the prefix of its pool",
        "a mistyped address sends this backend's share of the users to a host that does not serve them",
        "correct the address; if it is meant, accept the finding by name",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_FIVE "address = \"10.0.22.14\"\n"
                                                                           "weight = 100\n",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_FIVE "address = \"10.0.2.14\"\n"
                                                                           "weight = 100\n",
        "INC-01",
    },
    find_outliers,
};

}  // namespace steadfast::rules
