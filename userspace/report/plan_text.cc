// SPDX-License-Identifier: Apache-2.0
#include "report/plan_text.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "check/context.h"
#include "report/quantity.h"
#include "report/table.h"

namespace steadfast::report {
namespace {

constexpr std::size_t kMostObjects = 200;
constexpr std::size_t kMostServices = 50;

// "0", or a share that never rounds to nothing.
std::string share(double value) {
  if (value == 0) return "0";
  return value < 0.0001 ? "<0.01%" : steadfast::percent(value);
}

Cell share_cell(double value, Colour alarm) {
  return Cell::number(share(value), value == 0 ? Colour::none : alarm);
}

bool is_affected(const ServiceMovement& service) { return service.moved > 0 || service.dropped > 0; }

// The busiest first: where most users are is what to look at.
std::vector<const ServiceMovement*> affected(const Plan& plan) {
  std::vector<const ServiceMovement*> services;
  for (const ServiceMovement& service : plan.services)
    if (is_affected(service)) services.push_back(&service);
  std::stable_sort(services.begin(), services.end(), [](const auto* a, const auto* b) {
    return a->packets_per_s * (a->moved + a->dropped) > b->packets_per_s * (b->moved + b->dropped);
  });
  return services;
}

std::string services_text(const Plan& plan, bool colour) {
  const auto services = affected(plan);
  if (services.empty()) return "every service keeps every flow\n";
  Table table({"SERVICE", "ENDPOINT", "PACKETS/S", "MOVED", "DROPPED"});
  const std::size_t shown = std::min(kMostServices, services.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const ServiceMovement& service = *services[i];
    table.add({service.service, service.endpoint,
               Cell::number(count(static_cast<std::uint64_t>(std::llround(service.packets_per_s)))),
               share_cell(service.moved, Colour::yellow), share_cell(service.dropped, Colour::red)});
  }
  std::string text = table.text(colour);
  if (shown < services.size())
    text += "… and " + count(services.size() - shown) + " more (--json lists them)\n";
  const std::size_t rest = plan.services.size() - services.size();
  if (rest != 0) text += counted(rest, "other service") + (rest == 1 ? " keeps" : " keep") + " every flow\n";
  return text;
}

std::string from_to(std::uint64_t before, std::uint64_t after) {
  return before == after ? count(after) : count(before) + " -> " + count(after);
}

template <typename Capacity>
void add_row(Table& table, const std::string& name, const Capacity& capacity) {
  table.add({name, Cell::number(from_to(capacity.weight_before, capacity.weight_after)),
             Cell::number(from_to(capacity.backends_before, capacity.backends_after)),
             share_cell(capacity.lost(), Colour::red)});
}

std::string capacity_text(const Plan& plan, bool colour) {
  Table table({"CAPACITY", "WEIGHT", "BACKENDS", "LOST"});
  for (const PoolCapacity& pool : plan.pools) add_row(table, "pool/" + pool.pool, pool);
  for (const DomainCapacity& domain : plan.domains) add_row(table, domain.label + "=" + domain.value, domain);
  return table.empty() ? "" : "\n" + table.text(colour);
}

}  // namespace

std::string plan_headline(const Plan& plan) {
  const std::string of = plan.weighted ? " of this host's traffic moves, " : " of the new flows move, ";
  const std::string dropped = share(plan.dropped) + " dropped";
  return share(plan.moved) + of + dropped + (plan.weighted ? "" : " (every service counts alike)");
}

std::string plan_text(const Plan& plan, const Sides& sides, bool colour) {
  const Colour alarm = plan.dropped > 0 ? Colour::red : Colour::bold;
  return paint(plan_headline(plan), alarm, colour) + "\n\n" +
         change_lines(plan.objects, sides, kMostObjects, colour) + "\n" + services_text(plan, colour) +
         capacity_text(plan, colour);
}

}  // namespace steadfast::report
