// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.h"

#include "base/bug.h"
#include "compile/precedence.h"
#include "plan/capacity.h"
#include "plan/movement.h"
#include "plan/pairing.h"

namespace steadfast {
namespace {

ServiceMovement describe(const Service& service, const Traffic& traffic) {
  ServiceMovement movement;
  movement.service = service.name;
  movement.endpoint = service.endpoint();
  movement.packets_per_s = traffic.of(movement.endpoint).packets_per_s;
  return movement;
}

class Planner {
 public:
  Planner(const PlanSide& before, const PlanSide& after, const Traffic& traffic)
      : before_(*before.model), after_(*after.model), traffic_(traffic), movements_(before, after) {}

  Plan run() {
    plan_.objects = difference(before_, after_);
    plan_.pools = pool_capacities(before_, after_);
    plan_.domains = domain_capacities(before_, after_);
    const Pairing pairing = pair_services(before_, after_);
    for (std::size_t i = 0; i < after_.services.size(); ++i) {
      const std::size_t was = pairing.before_of[i];
      add(was == kNoPartner ? nullptr : &before_.services[was], &after_.services[i]);
    }
    for (std::size_t i = 0; i < before_.services.size(); ++i)
      if (pairing.after_of[i] == kNoPartner) add_removed(before_.services[i]);
    weigh();
    return std::move(plan_);
  }

 private:
  void add(const Service* before, const Service* after) {
    ServiceMovement service = describe(after != nullptr ? *after : *before, traffic_);
    if (after != nullptr) service.place = after->place;
    if (before != nullptr) {
      const Movement movement = movements_.of(*before, after);
      service.moved = movement.moved;
      service.dropped = movement.dropped;
      service.recovered = movement.recovered;
      service.serves_now = before->state == ServiceState::active;
    }
    plan_.services.push_back(std::move(service));
  }

  // A wider service may take the packets of one that goes: they move, and are not lost.
  void add_removed(const Service& before) {
    const Service* heir = heir_of(before);
    add(&before, heir);
    ServiceMovement& service = plan_.services.back();
    const ServiceMovement own = describe(before, traffic_);
    service.service = own.service;
    service.endpoint = own.endpoint;
    service.packets_per_s = own.packets_per_s;
    service.place = {};
    if (heir != nullptr) service.heir = heir->name;
  }

  const Service* heir_of(const Service& removed) const {
    const Service* heir = nullptr;
    for (const Service& service : after_.services) {
      if (service.state != ServiceState::active || !covers(service, removed)) continue;
      if (heir == nullptr || rank_of(service) > rank_of(*heir)) heir = &service;
    }
    return heir;
  }

  // Without traffic to weigh with, every service that runs counts alike.
  void weigh() {
    double packets = 0;
    for (const ServiceMovement& service : plan_.services) packets += service.packets_per_s;
    plan_.weighted = traffic_.known && packets > 0;
    double total = 0, moved = 0, dropped = 0;
    for (const ServiceMovement& service : plan_.services) {
      const double weight = plan_.weighted ? service.packets_per_s : service.serves_now ? 1 : 0;
      total += weight;
      moved += weight * service.moved;
      dropped += weight * service.dropped;
    }
    if (total == 0) return;
    plan_.moved = moved / total;
    plan_.dropped = dropped / total;
  }

  const Model& before_;
  const Model& after_;
  const Traffic& traffic_;
  Movements movements_;
  Plan plan_;
};

// Nothing runs: there is no host to differ from, and every object is new.
Plan first_plan(const Model& after, const Traffic& traffic) {
  Model nothing;
  nothing.host = after.host;
  nothing.limits = after.limits;
  return Planner({&nothing, nullptr}, {&after, nullptr}, traffic).run();
}

}  // namespace

Plan make_plan(const PlanSide& before, const PlanSide& after, const Traffic& traffic) {
  invariant(after.model != nullptr, "a plan leads to a model");
  if (before.model == nullptr) return first_plan(*after.model, traffic);
  return Planner(before, after, traffic).run();
}

}  // namespace steadfast
