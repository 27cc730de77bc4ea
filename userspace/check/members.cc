// SPDX-License-Identifier: Apache-2.0
// Pools with too few members to serve.
#include "check/rules.h"
#include "config/examples.h"

namespace steadfast::rules {
namespace {

void add_users(const Context& context, std::size_t pool, Finding& finding) {
  for (const std::size_t user : context.users(pool)) {
    const Service& service = context.model().services[user];
    if (service.state == ServiceState::active)
      finding.related.push_back({service.pool_place, "service \"" + service.name + "\" uses it"});
  }
}

void find_empty_pools(const Context& context, Findings& findings) {
  for (std::size_t i = 0; i < context.model().pools.size(); ++i) {
    const Pool& pool = context.model().pools[i];
    if (!context.is_serving(i) || !pool.backends.empty()) continue;
    Finding finding = make(kEmptyPool.rule, object_of(pool), pool.place,
                           "pool \"" + pool.name + "\" is empty, but " +
                               counted(context.users(i).size(), "service") + " would send users to it");
    add_users(context, i, finding);
    findings.push_back(std::move(finding));
  }
}

void find_nothing_active(const Context& context, Findings& findings) {
  for (std::size_t i = 0; i < context.model().pools.size(); ++i) {
    const Pool& pool = context.model().pools[i];
    if (!context.is_serving(i) || pool.backends.empty() || context.active(i) != 0) continue;
    Finding finding = make(kNothingActive.rule, object_of(pool), pool.place,
                           "none of the " + counted(pool.backends.size(), "backend") + " of pool \"" +
                               pool.name + "\" takes new flows: each is drained, disabled or of weight 0");
    add_users(context, i, finding);
    findings.push_back(std::move(finding));
  }
}

void find_few_backends(const Context& context, Findings& findings) {
  for (std::size_t i = 0; i < context.model().pools.size(); ++i) {
    const Pool& pool = context.model().pools[i];
    const std::size_t active = context.active(i);
    if (!context.is_serving(i) || active == 0) continue;
    const bool below = pool.min_backends && active < **pool.min_backends;
    if (!below && active != 1) continue;
    Finding finding =
        make(kFewBackends.rule, object_of(pool), below ? pool.min_backends->place : pool.place,
             "pool \"" + pool.name + "\" has " + counted(active, "backend") + " that takes new flows");
    if (below) {
      finding.severity = Severity::error;
      finding.message += ", fewer than min_backends = " + std::to_string(**pool.min_backends);
    }
    findings.push_back(std::move(finding));
  }
}

}  // namespace

#define SF_EXAMPLE_DRAINED(state) \
  "[[pool.backend]]\n"            \
  "name = \"web-01\"\n"           \
  "address = \"10.0.2.10\"\n"     \
  "weight = 100\n"                \
  "state = \"drain\"\n"           \
  "[[pool.backend]]\n"            \
  "name = \"web-02\"\n"           \
  "address = \"10.0.2.11\"\n"     \
  "weight = 100\n"                \
  "state = \"" state "\"\n"

const Check kEmptyPool{
    {
        "SF401",
        Severity::error,
        "empty pool behind an active service",
        "every new flow of the service would be dropped",
        "give the pool backends, or park the service: state = \"parked\"",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL,
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE "state = \"parked\"\n" SF_EXAMPLE_POOL,
        "INC-06",
    },
    find_empty_pools,
};

const Check kNothingActive{
    {
        "SF402",
        Severity::error,
        "no backend takes new flows",
        "known flows go on, every new one would be dropped",
        "undrain a backend or give one a weight, or park the service: state = \"parked\"",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_DRAINED("drain"),
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_DRAINED("active"),
    },
    find_nothing_active,
};

const Check kFewBackends{
    {
        "SF403",
        Severity::warn,
        "one backend, or fewer than min_backends",
        "the service ends with that one host",
        "add a backend; min_backends makes fewer an error",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL "[[pool.backend]]\n"
                                                           "name = \"web-01\"\n"
                                                           "address = \"10.0.2.10\"\n"
                                                           "weight = 100\n",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST,
    },
    find_few_backends,
};

}  // namespace steadfast::rules
