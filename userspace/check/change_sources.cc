// SPDX-License-Identifier: Apache-2.0
// Clients that a change shuts out: what `allow` and `deny` would refuse of those
// who are welcome now.
#include "check/change_examples.h"
#include "check/change_rules.h"
#include "check/context.h"
#include "plan/refused.h"

namespace steadfast::rules {
namespace {

void find_in(const ChangeContext& context, const Service& was, const Service& service, Findings& findings) {
  const double refused = newly_refused(was, service);
  if (refused <= kMostRefused) return;
  const auto& list = service.deny.empty() ? service.allow : service.deny;
  findings.push_back(make(kClientsRefused.rule, object_of(service), list.front().place,
                          "allow and deny of service \"" + service.name + "\" would refuse " +
                              percent(refused) + " of the addresses that are welcome now; " +
                              context.carried(was.endpoint())));
}

bool has_lists(const Service& service) { return !service.allow.empty() || !service.deny.empty(); }

void find_refused_clients(const ChangeContext& context, Findings& findings) {
  const auto& services = context.after().services;
  for (std::size_t i = 0; i < services.size(); ++i) {
    const std::size_t partner = context.services().before_of[i];
    if (partner == kNoPartner || !has_lists(services[i])) continue;
    const Service& was = context.before().services[partner];
    if (was.state == ServiceState::active && context.is_live(was.endpoint()))
      find_in(context, was, services[i], findings);
  }
}

}  // namespace

#define SF_EXAMPLE_SOURCES(more) SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE more SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS

const ChangeCheck kClientsRefused{
    {
        "SF515",
        Severity::gate,
        "refuses many clients that are welcome now",
        "users whose address the lists refuse are cut off from a service that carries packets",
        "refuse fewer addresses, or accept it by name",
        SF_EXAMPLE_SOURCES("deny = [\"0.0.0.0/1\"]\n"),
        SF_EXAMPLE_SOURCES("deny = [\"203.0.113.0/24\"]\n"),
        "INC-15",
        SF_EXAMPLE_SOURCES(""),
    },
    true,
    find_refused_clients,
};

}  // namespace steadfast::rules
