// SPDX-License-Identifier: Apache-2.0
// Whether what the file asks for fits into its own limits.
#include "bpf/abi.h"
#include "check/rules.h"
#include "check/series.h"
#include "compile/ranges.h"
#include "config/examples.h"

namespace steadfast::rules {
namespace {

std::size_t backend_rows(const Context& context) {
  std::size_t rows = 0;
  for (std::size_t i = 0; i < context.model().pools.size(); ++i)
    rows += context.model().pools[i].backends.size() * context.users(i).size();
  return rows;
}

void find_too_many_services(const Context& context, Findings& findings) {
  const auto& limit = context.model().limits.services;
  const std::size_t services = context.model().services.size();
  if (context.gaps().limits || services <= *limit) return;
  findings.push_back(make(
      kTooManyServices.rule, "limits", limit.place,
      "the file has " + counted(services, "service") + ", limits.services is " + std::to_string(*limit)));
}

void find_too_many_backends(const Context& context, Findings& findings) {
  const auto& limit = context.model().limits.backends;
  const std::size_t rows = backend_rows(context);
  if (context.gaps().limits || rows <= *limit) return;
  findings.push_back(
      make(kTooManyBackends.rule, "limits", limit.place,
           "the file needs " + counted(rows, "backend") +
               ", each counted once for every service that uses its pool; limits.backends is " +
               std::to_string(*limit)));
}

void find_too_many_ranges(const Context& context, Findings& findings) {
  const Limits& limits = context.model().limits;
  const std::size_t rows = range_rows_needed(context.model());
  if (context.gaps().limits || rows <= *limits.ranges) return;
  const bool endless = rows > SF_RANGES_MAX;
  findings.push_back(
      make(kTooManyRanges.rule, "limits", limits.ranges.place ? limits.ranges.place : limits.services.place,
           "port ranges, VIP prefixes, sources and server ids need " +
               (endless ? "more than " + std::to_string(SF_RANGES_MAX) + " rows, the most there are"
                        : counted(rows, "row")) +
               "; limits.ranges is " + std::to_string(*limits.ranges)));
}

void find_too_many_series(const Context& context, Findings& findings) {
  const std::size_t services = context.model().services.size();
  const std::size_t rows = backend_rows(context);
  const std::size_t series = services * kSeriesPerService + rows * kSeriesPerBackend;
  if (series <= kSeriesLimit) return;
  findings.push_back(make(kTooManySeries.rule, "limits", context.model().limits.backends.place,
                          counted(services, "service") + " and " + counted(rows, "backend") + " make " +
                              std::to_string(series) + " series of metrics, more than " +
                              std::to_string(kSeriesLimit)));
}

}  // namespace

#define SF_EXAMPLE_ROOM(services, backends) \
  SF_EXAMPLE_SCHEMA SF_EXAMPLE_HOST         \
      "[limits]\n"                          \
      "services = " services                \
      "\n"                                  \
      "backends = " backends                \
      "\n"                                  \
      "flows = \"4M\"\n" SF_EXAMPLE_REST    \
      "[[service]]\n"                       \
      "name = \"api\"\n"                    \
      "vip = \"192.0.2.11\"\n"              \
      "protocol = \"tcp\"\n"                \
      "port = 443\n"                        \
      "forward = \"ipip\"\n"                \
      "pool = \"web\"\n"

const Check kTooManyServices{
    {
        "SF601",
        Severity::error,
        "more services than the tables hold",
        "a service beyond the limit would not exist in the kernel; its packets would pass by",
        "raise limits.services",
        SF_EXAMPLE_ROOM("1", "8192"),
        SF_EXAMPLE_ROOM("2", "8192"),
        "INC-02",
    },
    find_too_many_services,
};

const Check kTooManyBackends{
    {
        "SF602",
        Severity::error,
        "more backends than the tables hold",
        "backends beyond the limit would not exist in the kernel, and old ones would go on serving",
        "raise limits.backends",
        SF_EXAMPLE_ROOM("1024", "3"),
        SF_EXAMPLE_ROOM("1024", "4"),
        "INC-14",
    },
    find_too_many_backends,
};

#define SF_EXAMPLE_RANGES(ranges)                \
  SF_EXAMPLE_SCHEMA SF_EXAMPLE_HOST              \
      "[limits]\n"                               \
      "services = 1024\n"                        \
      "backends = 8192\n"                        \
      "flows = \"4M\"\n"                         \
      "ranges = " ranges "\n" SF_EXAMPLE_SERVICE \
      "deny = [\"198.51.100.0/24\"]\n" SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS

const Check kTooManyRanges{
    {
        "SF609",
        Severity::error,
        "more ranges than the tables hold",
        "a prefix or port range beyond the limit would not exist in the kernel: its packets would go "
        "elsewhere",
        "raise limits.ranges",
        SF_EXAMPLE_RANGES("2"),
        SF_EXAMPLE_RANGES("3"),
        "INC-02",
    },
    find_too_many_ranges,
};

// No short file has this many series: the tests make one.
const Check kTooManySeries{
    {
        "SF607",
        Severity::warn,
        "more series of metrics than a scrape should carry",
        "scrapes become slow or are dropped, and with them the first sign of an incident",
        "split the services over more balancers, or let fewer services share large pools",
        {},
        {},
    },
    find_too_many_series,
};

}  // namespace steadfast::rules
