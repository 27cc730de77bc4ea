// SPDX-License-Identifier: Apache-2.0
// What a change does to the users of services.
#include <algorithm>

#include "check/change_examples.h"
#include "check/change_rules.h"
#include "check/context.h"

namespace steadfast::rules {
namespace {

constexpr double kMostMoved = 0.2;
constexpr std::size_t kMostNamed = 10;  // more services than that are one finding about the host

std::string in_quotes(const ServiceMovement& service) {
  return "service \"" + service.service + "\" (" + service.endpoint + ")";
}

// "; 30.1% of this host's traffic", where that is known.
std::string of_host(const ChangeContext& context, const ServiceMovement& service, double share,
                    const std::string& fate) {
  if (!context.plan().weighted) return "";
  return "; " + percent(context.share_of_host(service) * share) + " of this host's traffic " + fate;
}

const Service* service_of(const Model& model, const std::string& name) {
  const auto found = std::find_if(model.services.begin(), model.services.end(),
                                  [&](const Service& service) { return service.name == name; });
  return found == model.services.end() ? nullptr : &*found;
}

bool forward_alike(const ChangeContext& context, const ServiceMovement& removed) {
  const Service* was = service_of(context.before(), removed.service);
  const Service* heir = service_of(context.after(), removed.heir);
  return was != nullptr && heir != nullptr && *was->forward == *heir->forward;
}

// Its users hardly notice that a wider service has their packets.
bool is_inherited(const ChangeContext& context, const ServiceMovement& removed) {
  return !removed.heir.empty() && removed.moved + removed.dropped <= kMostMoved &&
         forward_alike(context, removed);
}

std::string inheritance(const ChangeContext& context, const ServiceMovement& removed) {
  if (removed.heir.empty()) return "";
  return "; service \"" + removed.heir + "\" takes its packets" +
         (forward_alike(context, removed) ? "" : " by another forwarding mode") + ", and " +
         percent(removed.moved) + " of its new flows get another backend";
}

void find_removed_services(const ChangeContext& context, Findings& findings) {
  for (const ServiceMovement& service : context.plan().services) {
    const bool removed = !service.place;
    if (!removed || is_inherited(context, service) || !context.is_live(service)) continue;
    if (!service.serves_now && !context.traffic().known) continue;
    findings.push_back(make(
        kServiceRemoved.rule, "service/" + service.service, {},
        in_quotes(service) + " is removed: " + context.carried(service) + inheritance(context, service)));
  }
}

std::string why_dropped(const ServiceMovement& service) {
  if (!service.place) return " is removed: ";
  return service.dropped == 1 ? " gets no forwarding result any more: "
                              : " would lose " + percent(service.dropped) + " of its new flows: ";
}

void find_dropped_flows(const ChangeContext& context, Findings& findings) {
  for (const ServiceMovement& service : context.plan().services) {
    // A backend that is silent already takes its entries along whatever is changed
    // beside it; a change that leaves no more flows without a result is no harm.
    const bool lost = service.dropped - service.refused > service.recovered || service.refused > kMostRefused;
    if (!lost || !context.is_live(service)) continue;
    findings.push_back(
        make(kFlowsDrop.rule, "service/" + service.service, service.place,
             in_quotes(service) + why_dropped(service) + context.carried(service) +
                 of_host(context, service, service.dropped, "would get no forwarding result")));
  }
}

void report_moved(const ChangeContext& context, const ServiceMovement& service, Findings& findings) {
  findings.push_back(make(kFlowsMove.rule, "service/" + service.service, service.place,
                          percent(service.moved) + " of the new flows of " + in_quotes(service) +
                              " get another backend" +
                              (service.donor.empty() ? "" : "; " + context.carried(service)) +
                              of_host(context, service, service.moved, "moves with them")));
}

void report_moved_host(const ChangeContext& context, std::size_t services, Findings& findings) {
  findings.push_back(make(kFlowsMove.rule, "host", context.after().host.place,
                          percent(context.plan().moved) + " of the new flows of this host get another " +
                              "backend; of " + counted(services, "service") + " more than " +
                              percent(kMostMoved) + " do"));
}

void find_moved_flows(const ChangeContext& context, Findings& findings) {
  std::vector<const ServiceMovement*> moved;
  for (const ServiceMovement& service : context.plan().services)
    if (service.moved > kMostMoved) moved.push_back(&service);
  if (moved.size() > kMostNamed) return report_moved_host(context, moved.size(), findings);
  for (const ServiceMovement* service : moved) report_moved(context, *service, findings);
}

void report_mode(const ChangeContext& context, const Service& was, const Service& service,
                 Findings& findings) {
  findings.push_back(make(kForwardMode.rule, object_of(service), service.forward.place,
                          "service \"" + service.name + "\" changes from " + std::string(name(*was.forward)) +
                              running_line(was.forward.place) + " to " + std::string(name(*service.forward)) +
                              "; " + context.carried(service.endpoint())));
}

bool is_live(const ChangeContext& context, const Service& before) {
  return before.state == ServiceState::active && context.is_live(before.endpoint());
}

void find_hash_seed(const ChangeContext& context, Findings& findings) {
  if (context.before().host.hash_seed == context.after().host.hash_seed) return;
  findings.push_back(make(kHashing.rule, "host", context.after().host.place,
                          "hash_seed changes: " + percent(context.plan().moved) +
                              " of the new flows of this host get another backend, and other balancers "
                              "choose differently until they have the same file"));
}

double moved_of(const ChangeContext& context, const Service& service) {
  for (const ServiceMovement& movement : context.plan().services)
    if (movement.place == service.place && movement.service == service.name) return movement.moved;
  return 0;
}

void find_hash_modes(const ChangeContext& context, Findings& findings) {
  const auto& services = context.after().services;
  for (std::size_t i = 0; i < services.size(); ++i) {
    const std::size_t partner = context.services().before_of[i];
    if (partner == kNoPartner) continue;
    const Service& was = context.before().services[partner];
    if (was.hash == services[i].hash || !is_live(context, was)) continue;
    findings.push_back(make(kHashing.rule, object_of(services[i]), services[i].place,
                            "service \"" + services[i].name + "\" changes from hash " +
                                std::string(name(was.hash)) + " to " + std::string(name(services[i].hash)) +
                                ": " + percent(moved_of(context, services[i])) +
                                " of its new flows get another backend; " + context.carried(was.endpoint())));
  }
}

void find_hashing(const ChangeContext& context, Findings& findings) {
  find_hash_seed(context, findings);
  find_hash_modes(context, findings);
}

void find_modes(const ChangeContext& context, Findings& findings) {
  const auto& services = context.after().services;
  for (std::size_t i = 0; i < services.size(); ++i) {
    const std::size_t partner = context.services().before_of[i];
    if (partner == kNoPartner) continue;
    const Service& was = context.before().services[partner];
    if (*was.forward != *services[i].forward && is_live(context, was))
      report_mode(context, was, services[i], findings);
  }
}

// A service that comes between a wider one and its packets.
void find_modes_between(const ChangeContext& context, Findings& findings) {
  for (const ServiceMovement& movement : context.plan().services) {
    if (movement.donor.empty() || !context.is_live(movement)) continue;
    const Service* was = service_of(context.before(), movement.donor);
    const Service* service = service_of(context.after(), movement.service);
    if (was == nullptr || service == nullptr || *was->forward == *service->forward) continue;
    findings.push_back(make(kForwardMode.rule, object_of(*service), service->forward.place,
                            "service \"" + service->name + "\" forwards by " +
                                std::string(name(*service->forward)) + " what goes by " +
                                std::string(name(*was->forward)) + " now; " + context.carried(movement)));
  }
}

// The backends of every GUE service listen on the one port.
void find_gue_port(const ChangeContext& context, Findings& findings) {
  const Host& was = context.before().host;
  const Host& host = context.after().host;
  const auto& services = context.before().services;
  const auto live = std::count_if(services.begin(), services.end(), [&](const Service& service) {
    return *service.forward == Forward::gue && is_live(context, service);
  });
  if (was.gue_port == host.gue_port || live == 0) return;
  findings.push_back(make(kForwardMode.rule, "host", host.gue_port_place ? host.gue_port_place : host.place,
                          "gue_port changes from " + std::to_string(was.gue_port) + " to " +
                              std::to_string(host.gue_port) + " under " +
                              counted(static_cast<std::size_t>(live), "live service")));
}

void find_mode_changes(const ChangeContext& context, Findings& findings) {
  find_modes(context, findings);
  find_modes_between(context, findings);
  find_gue_port(context, findings);
}

}  // namespace

#define SF_EXAMPLE_WEB_AND(api) SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE api SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS

#define SF_EXAMPLE_SEED(seed)        \
  SF_EXAMPLE_SCHEMA                  \
  "[host]\n"                         \
  "interfaces = [\"eth0\"]\n"        \
  "xdp_mode = \"native\"\n"          \
  "source = [\"198.51.100.0/28\"]\n" \
  "hash_seed = \"" seed "\"\n" SF_EXAMPLE_LIMITS SF_EXAMPLE_REST

const ChangeCheck kServiceRemoved{
    {
        "SF502",
        Severity::gate,
        "removes a service that carries packets",
        "packets for its VIP go to the kernel, which knows nothing of them: its users are cut off",
        "move its users away first, or accept it by name",
        SF_EXAMPLE_WEB_AND(""),
        SF_EXAMPLE_WEB_AND(SF_EXAMPLE_API("192.0.2.11", "ipip", "")),
        "INC-03",
        SF_EXAMPLE_WEB_AND(SF_EXAMPLE_API("192.0.2.11", "ipip", "")),
    },
    true,
    find_removed_services,
};

const ChangeCheck kFlowsMove{
    {
        "SF503",
        Severity::warn,
        "a large part of the new flows moves",
        "backends with cold caches get many users at once; users whose flow is not remembered lose it",
        "spread the change over several, or make it when few users are there",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_BACKEND("3", ""),
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST,
        {},
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST,
    },
    true,
    find_moved_flows,
};

const ChangeCheck kFlowsDrop{
    {
        "SF504",
        Severity::gate,
        "live traffic would get no forwarding result",
        "users who are served now would be dropped",
        "drain or move the users first; if it is meant, accept it by name",
        SF_EXAMPLE_WEB_AND(SF_EXAMPLE_API("192.0.2.11", "ipip", "state = \"parked\"\n")),
        SF_EXAMPLE_WEB_AND(SF_EXAMPLE_API("192.0.2.11", "ipip", "")),
        "INC-01",
        SF_EXAMPLE_WEB_AND(SF_EXAMPLE_API("192.0.2.11", "ipip", "")),
    },
    true,
    find_dropped_flows,
};

const ChangeCheck kHashing{
    {
        "SF508",
        Severity::gate,
        "another hash seed or mode",
        "nearly every new flow gets another backend, and balancers with different files disagree",
        "keep it; to change it, give the same file to the whole fleet in a quiet hour",
        SF_EXAMPLE_SEED("edge-fleet-2"),
        SF_EXAMPLE_SEED("edge-fleet-1"),
        {},
        SF_EXAMPLE_SEED("edge-fleet-1"),
    },
    true,
    find_hashing,
};

const ChangeCheck kForwardMode{
    {
        "SF509",
        Severity::gate,
        "another forwarding mode on a live service",
        "backends that do not take the new mode out of its wrapping drop every packet in silence",
        "prepare every backend for both modes first, then accept it by name",
        SF_EXAMPLE_HEAD SF_EXAMPLE_API("192.0.2.11", "gue", "") SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
        SF_EXAMPLE_HEAD SF_EXAMPLE_API("192.0.2.11", "ipip", "") SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
        "INC-01",
        SF_EXAMPLE_HEAD SF_EXAMPLE_API("192.0.2.11", "ipip", "") SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
    },
    true,
    find_mode_changes,
};

}  // namespace steadfast::rules
