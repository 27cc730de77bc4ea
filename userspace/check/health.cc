// SPDX-License-Identifier: Apache-2.0
// Health checks that ask the wrong thing, too nervously, or not at all.
#include <algorithm>
#include <vector>

#include "check/rules.h"
#include "config/examples.h"

namespace steadfast::rules {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSlowest{30'000};
constexpr milliseconds kFastest{1'000};
constexpr milliseconds kTightest{500};
constexpr unsigned kShortestIdle_s = 60;

std::string text(milliseconds time) {
  if (time.count() % 1000 == 0) return std::to_string(time.count() / 1000) + "s";
  return std::to_string(time.count()) + "ms";
}

void find_health_elsewhere(const Context& context, Findings& findings) {
  for (std::size_t i = 0; i < context.model().pools.size(); ++i) {
    const Pool& pool = context.model().pools[i];
    if (!pool.health || !pool.health->port || pool.health->independent) continue;
    const auto& users = context.users(i);
    const auto other = std::find_if(users.begin(), users.end(), [&](std::size_t user) {
      const Service& service = context.model().services[user];
      return **pool.health->port < *service.port || **pool.health->port > service.last_port;
    });
    if (other == users.end()) continue;
    const Service& service = context.model().services[*other];
    Finding finding = make(kHealthElsewhere.rule, object_of(pool), pool.health->port->place,
                           "the health check of pool \"" + pool.name + "\" asks port " +
                               std::to_string(**pool.health->port) + ", service \"" + service.name +
                               "\" is on port " + ports_text(*service.port, service.last_port));
    finding.related.push_back({service.port.place, "the port of the service"});
    findings.push_back(std::move(finding));
  }
}

std::vector<std::string> timing_flaws(const Health& health) {
  std::vector<std::string> flaws;
  const milliseconds detection = health.interval * health.fall;
  if (health.timeout >= health.interval)
    flaws.push_back("timeout " + text(health.timeout) + " is not below interval " + text(health.interval));
  if (health.timeout < kTightest)
    flaws.push_back("timeout " + text(health.timeout) + " is below " + text(kTightest) +
                    ": load alone fails it");
  if (health.fall == 1) flaws.emplace_back("fall is 1: one lost packet removes a backend");
  if (health.rise == 1) flaws.emplace_back("rise is 1: one lucky answer brings a sick backend back");
  if (detection > kSlowest) flaws.push_back("a dead backend keeps its users for " + text(detection));
  if (detection < kFastest) flaws.push_back("a pause of " + text(detection) + " removes a backend");
  return flaws;
}

void find_health_timing(const Context& context, Findings& findings) {
  for (const Pool& pool : context.model().pools) {
    if (!pool.health) continue;
    const auto flaws = timing_flaws(*pool.health);
    if (flaws.empty()) continue;
    std::string message = "the health check of pool \"" + pool.name + "\": ";
    for (const std::string& flaw : flaws) message += (&flaw == &flaws.front() ? "" : "; ") + flaw;
    findings.push_back(make(kHealthTiming.rule, object_of(pool), pool.health->place, std::move(message)));
  }
}

void find_short_idle(const Context& context, Findings& findings) {
  for (const Service& service : context.model().services) {
    if (service.protocol != Protocol::tcp || service.idle_s == 0 || service.idle_s >= kShortestIdle_s)
      continue;
    findings.push_back(make(kShortIdle.rule, object_of(service), service.place,
                            "service \"" + service.name + "\" forgets a TCP connection that is silent for " +
                                std::to_string(service.idle_s) + "s"));
  }
}

void find_no_floor(const Context& context, Findings& findings) {
  for (std::size_t i = 0; i < context.model().pools.size(); ++i) {
    const Pool& pool = context.model().pools[i];
    if (!context.is_serving(i) || pool.backends.empty() || pool.min_healthy) continue;
    findings.push_back(
        make(kNoFloor.rule, object_of(pool), pool.place, "pool \"" + pool.name + "\" has no min_healthy"));
  }
}

void find_no_health(const Context& context, Findings& findings) {
  for (std::size_t i = 0; i < context.model().pools.size(); ++i) {
    const Pool& pool = context.model().pools[i];
    if (!context.is_serving(i) || pool.backends.size() < 2 || pool.health) continue;
    findings.push_back(make(kNoHealth.rule, object_of(pool), pool.place,
                            "pool \"" + pool.name + "\" has " + counted(pool.backends.size(), "backend") +
                                " and no health check"));
  }
}

}  // namespace

#define SF_EXAMPLE_CHECK(health)     \
  SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE \
      "[[pool]]\n"                   \
      "name = \"web\"\n"             \
      "min_healthy = \"50%\"\n"      \
      "health = { type = \"tcp\", " health " }\n" SF_EXAMPLE_BACKENDS

const Check kHealthElsewhere{
    {
        "SF308",
        Severity::warn,
        "health check of another port than the service's",
        "a backend whose service is dead stays in while the other port answers",
        "remove the port from the check, or say that it is meant: independent = true",
        SF_EXAMPLE_CHECK("interval = \"2s\", timeout = \"1s\", fall = 3, rise = 2, port = 8080"),
        SF_EXAMPLE_CHECK(
            "interval = \"2s\", timeout = \"1s\", fall = 3, rise = 2, port = 8080, independent = true"),
    },
    find_health_elsewhere,
};

const Check kHealthTiming{
    {
        "SF409",
        Severity::warn,
        "health check too nervous or too slow",
        "too nervous, and load removes one backend after the other; too slow, and users stay on a dead one",
        "fall and rise of at least 2, a timeout of at least 500ms and below the interval, detection in 1s to "
        "30s",
        SF_EXAMPLE_CHECK("interval = \"1s\", timeout = \"1s\", fall = 1, rise = 1"),
        SF_EXAMPLE_CHECK("interval = \"2s\", timeout = \"1s\", fall = 3, rise = 2"),
        "INC-29",
    },
    find_health_timing,
};

const Check kNoFloor{
    {
        "SF410",
        Severity::warn,
        "no floor under the pool",
        "a fault of the checks themselves could take every backend out of service",
        "set min_healthy: below it the pool keeps its backends whatever the checks say",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE "[[pool]]\n"
                                           "name = \"web\"\n" SF_EXAMPLE_HEALTH SF_EXAMPLE_BACKENDS,
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST,
    },
    find_no_floor,
};

const Check kNoHealth{
    {
        "SF411",
        Severity::warn,
        "pool without a health check",
        "a dead backend keeps its share of the users until somebody drains it",
        "give the pool a health check",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE "[[pool]]\n"
                                           "name = \"web\"\n"
                                           "min_healthy = \"50%\"\n" SF_EXAMPLE_BACKENDS,
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST,
    },
    find_no_health,
};

#define SF_EXAMPLE_IDLE(idle) \
  SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE "idle = \"" idle "\"\n" SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS

const Check kShortIdle{
    {
        "SF413",
        Severity::note,
        "TCP connections that are forgotten soon",
        "a connection that is silent for longer may get another backend, which resets it",
        "raise idle, or remove it: TCP connections end by their FIN",
        SF_EXAMPLE_IDLE("30s"),
        SF_EXAMPLE_IDLE("300s"),
    },
    find_short_idle,
};

}  // namespace steadfast::rules
