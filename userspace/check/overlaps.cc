// SPDX-License-Identifier: Apache-2.0
// Services that want the same packets, where precedence cannot or need not choose.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "check/rules.h"
#include "check/sources.h"
#include "compile/identity.h"
#include "compile/precedence.h"
#include "config/examples.h"

namespace steadfast::rules {
namespace {

using Prefixed = std::map<std::tuple<Prefix, Protocol>, std::vector<const Service*>>;

Prefixed by_prefix(const Model& model) {
  Prefixed grouped;
  for (const Service& service : model.services)
    grouped[{service.vip_prefix(), service.protocol}].push_back(&service);
  return grouped;
}

bool same_ports(const Service& a, const Service& b) {
  return *a.port == *b.port && a.last_port == b.last_port;
}

void report_overlap(const Service& first, const Service& second, Findings& findings) {
  const std::string how = same_ports(first, second) ? " is the same as " : " overlaps ";
  Finding finding = make(kOverlap.rule, object_of(second), second.port.place,
                         second.endpoint() + how + first.endpoint() + " of service \"" + first.name +
                             "\", and neither is the more specific one");
  finding.related.push_back({first.port.place, "the other service"});
  findings.push_back(std::move(finding));
}

// Ranges in order of their first port, the wider before what it holds: whoever is
// still open must hold the next one whole.
void find_overlaps_in(std::vector<const Service*> services, Findings& findings) {
  std::stable_sort(services.begin(), services.end(), [](const Service* a, const Service* b) {
    return *a->port != *b->port ? *a->port < *b->port : a->last_port > b->last_port;
  });
  std::vector<const Service*> open;
  for (const Service* service : services) {
    while (!open.empty() && open.back()->last_port < *service->port) open.pop_back();
    const bool clash = !open.empty() && !service->is_exact() &&
                       (open.back()->last_port < service->last_port || same_ports(*open.back(), *service));
    if (clash) report_overlap(*open.back(), *service, findings);
    if (open.empty() || open.back()->last_port >= service->last_port) open.push_back(service);
  }
}

void find_overlaps(const Context& context, Findings& findings) {
  for (const auto& [key, services] : by_prefix(context.model()))
    if (services.size() > 1) find_overlaps_in(services, findings);
}

void report_shadowed(const Service& service, const Service& owner, Findings& findings) {
  Finding finding =
      make(kShadowed.rule, object_of(service), service.vip.place,
           "service \"" + service.name + "\" never gets a packet: more specific services take all of " +
               service.endpoint() + ", \"" + owner.name + "\" (" + owner.endpoint() + ") among them");
  finding.related.push_back({owner.vip.place, "a more specific one"});
  findings.push_back(std::move(finding));
}

// A twin is SF201 or SF202.
void find_shadowed_services(const Context& context, Findings& findings) {
  const Model& model = context.model();
  const bool all_exact = std::all_of(model.services.begin(), model.services.end(),
                                     [](const Service& service) { return service.is_exact(); });
  if (all_exact) return;
  std::multiset<ServiceIdentity> identities;
  for (const Service& service : model.services) identities.insert(identity_of(service));
  const auto points = reached_at(model);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const Service& service = model.services[i];
    if (points[i] || service.state == ServiceState::parked) continue;
    if (identities.count(identity_of(service)) > 1) continue;
    const Service* owner = owner_of(model, service.protocol, {*service.vip, *service.port});
    if (owner != nullptr && owner != &service) report_shadowed(service, *owner, findings);
  }
}

void find_shadowed(const Context& context, Findings& findings) {
  find_shadowed_services(context, findings);
  find_idle_sources(context, findings);
}

}  // namespace

#define SF_EXAMPLE_RANGE(name, vip, port) \
  "[[service]]\n"                         \
  "name = \"" name                        \
  "\"\n"                                  \
  "vip = \"" vip                          \
  "\"\n"                                  \
  "protocol = \"tcp\"\n"                  \
  "port = " port                          \
  "\n"                                    \
  "forward = \"ipip\"\n"                  \
  "pool = \"web\"\n"

const Check kOverlap{
    {
        "SF202",
        Severity::error,
        "two services of equal specificity that overlap",
        "which of them gets a packet that both want would be an accident: the longest VIP prefix that has a "
        "service for the packet's protocol and port wins, and within one prefix the narrowest range of ports",
        "let one range of ports hold the other whole, or give one of them another prefix",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_RANGE("low", "192.0.2.16/28", "\"8000-8099\"")
            SF_EXAMPLE_RANGE("high", "192.0.2.16/28", "\"8050-8199\""),
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_RANGE("low", "192.0.2.16/28", "\"8000-8199\"")
            SF_EXAMPLE_RANGE("high", "192.0.2.16/28", "\"8050-8099\""),
    },
    find_overlaps,
};

const Check kShadowed{
    {
        "SF209",
        Severity::error,
        "something that decides nothing, because other rules decide all of it",
        "whoever wrote it believes that it does something: a service would never get a packet, a deny would "
        "refuse nobody more, an allow would let nobody in. Of services the longest VIP prefix that has one "
        "for "
        "the packet's port wins, then the narrowest range of ports; of `allow` and `deny` the longest prefix "
        "that holds the source; without a match all are welcome where `allow` is empty, and otherwise nobody",
        "remove it, or correct what shadows it",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE
        "deny = [\"0.0.0.0/0\"]\nallow = [\"10.0.0.0/8\"]\n" SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE
        "deny = [\"10.1.0.0/16\"]\nallow = [\"10.0.0.0/8\"]\n" SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
        "INC-15",
    },
    find_shadowed,
};

}  // namespace steadfast::rules
