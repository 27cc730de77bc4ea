// SPDX-License-Identifier: Apache-2.0
#include "plan/plan.h"

#include <algorithm>

#include "base/bug.h"
#include "compile/identity.h"
#include "compile/precedence.h"
#include "plan/capacity.h"
#include "plan/movement.h"
#include "plan/pairing.h"
#include "plan/refused.h"

namespace steadfast {
namespace {

bool is_active(const Service* service) {
  return service != nullptr && service->state == ServiceState::active;
}

class Planner {
 public:
  Planner(const PlanSide& before, const PlanSide& after, const Traffic& traffic)
      : before_(*before.model), after_(*after.model), traffic_(traffic), movements_(before, after) {
    for (const Service& service : before_.services)
      if (is_active(&service) && !service.is_exact()) wide_before_.push_back(&service);
  }

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
      if (pairing.after_of[i] == kNoPartner) add(&before_.services[i], nullptr);
    weigh();
    return std::move(plan_);
  }

 private:
  void add(const Service* before, const Service* after) {
    ServiceMovement service = describe(before, after);
    if (is_active(before))
      go(service, *before, after);
    else if (is_active(after))
      come(service, *after);
    plan_.services.push_back(std::move(service));
  }

  // One that got wider was counted under the endpoint it had.
  ServiceMovement describe(const Service* before, const Service* after) const {
    ServiceMovement service;
    service.service = after != nullptr ? after->name : before->name;
    service.endpoint = (after != nullptr ? after : before)->endpoint();
    if (after != nullptr) service.place = after->place;
    if (before != nullptr && before->endpoint() != service.endpoint) service.counted_as = before->endpoint();
    service.packets_per_s = traffic_.of(service.counted()).packets_per_s;
    service.serves_now = is_active(before);
    return service;
  }

  // Whoever gets the packets that `before` has.
  const Service* taker_of(const Service& before, const Service* after) const {
    const bool same = is_active(after) && identity_of(before) == identity_of(*after);
    return same ? after : most_specific_over(before);
  }

  const Service* most_specific_over(const Service& before) const {
    const Service* taker = nullptr;
    for (const Service& service : after_.services) {
      if (!is_active(&service) || !covers(service, before)) continue;
      if (taker == nullptr || rank_of(service) > rank_of(*taker)) taker = &service;
    }
    return taker;
  }

  void go(ServiceMovement& service, const Service& before, const Service* after) {
    const Service* taker = taker_of(before, after);
    charge(service, before, taker);
    if (taker == nullptr || taker == after) return;
    refuse(service, before, *taker);
    service.heir = taker->name;
    service.heir_endpoint = taker->endpoint();
  }

  // Of several that lose packets to it, the one whose flows fare worst.
  void come(ServiceMovement& service, const Service& after) {
    for (const Service* donor : donors_of(after)) {
      ServiceMovement fate = service;
      charge(fate, *donor, &after);
      refuse(fate, *donor, after);
      fate.donor = donor->name;
      fate.counted_as = donor->endpoint();
      if (service.donor.empty() || fate.moved + fate.dropped > service.moved + service.dropped)
        service = std::move(fate);
    }
  }

  // What is less specific than the most specific one that covers it has lost nothing to it.
  std::vector<const Service*> donors_of(const Service& after) const {
    std::vector<const Service*> donors;
    std::uint32_t least = 0;
    for (const Service* wide : wide_before_) {
      if (!meet(*wide, after) || rank_of(*wide) >= rank_of(after)) continue;
      donors.push_back(wide);
      if (covers(*wide, after)) least = std::max(least, rank_of(*wide));
    }
    std::erase_if(donors, [&](const Service* donor) { return rank_of(*donor) < least; });
    return donors;
  }

  void charge(ServiceMovement& service, const Service& before, const Service* taker) {
    const Movement movement = movements_.of(before, taker);
    service.moved = movement.moved;
    service.dropped = movement.dropped;
    service.recovered = movement.recovered;
  }

  // The lists of another service are news to those who come to it. What a service's own new
  // lists refuse is told apart (SF515).
  static void refuse(ServiceMovement& service, const Service& before, const Service& taker) {
    const double refused = newly_refused(before, taker);
    service.refused = (1 - service.dropped) * refused;
    service.moved *= 1 - refused;
    service.dropped += service.refused;
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
  std::vector<const Service*> wide_before_;  // others lose no packets to one that comes
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
