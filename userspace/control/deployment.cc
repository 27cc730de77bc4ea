// SPDX-License-Identifier: Apache-2.0
#include "control/deployment.h"

#include <algorithm>
#include <chrono>

#include "control/adopt.h"
#include "counters/stripes.h"

namespace steadfast {
namespace {

using Clock = std::chrono::steady_clock;

bool same_capacity(const Limits& a, const Limits& b) {
  return a.services.value == b.services.value && a.backends.value == b.backends.value &&
         a.flows.value == b.flows.value;
}

}  // namespace

Deployment::Deployment(Kernel& kernel, const Limits& limits, Surroundings around)
    : kernel_(kernel), publisher_(kernel), limits_(limits), around_(std::move(around)), identities_(limits) {}

Result<void> Deployment::adopt() { return steadfast::adopt(kernel_.memory(), identities_); }

// A next hop that is only being asked for again keeps its last answer: the
// kernel forgets neighbours that it does not itself send to.
void Deployment::keep_pending(NextHops& hops) const {
  if (!running_) return;
  for (auto& [address, hop] : hops) {
    const auto before = running_->next_hops.find(address);
    if (!hop.pending || before == running_->next_hops.end() || !before->second.resolved()) continue;
    if (before->second.ifindex == hop.ifindex) hop = before->second;
  }
}

// Ids may run out although the limits allow the number, because those of
// removed backends are in quarantine. Only then is the flow table swept for them.
Result<void> Deployment::compile_into(Prepared& prepared) {
  Running& next = prepared.next;
  auto tables = compile(next.model, next.generation, prepared.identities, next.next_hops, rings_);
  if (!tables) {
    if (auto swept = publisher_.forget_flows(identities_.backends.quarantined()); !swept) return swept;
    identities_.backends.release();
    identities_.services.release();
    prepared.identities = identities_;
    tables = compile(next.model, next.generation, prepared.identities, next.next_hops, rings_);
  }
  if (!tables) return tables.error();
  next.tables = std::move(*tables);
  return {};
}

Result<Deployment::Prepared> Deployment::prepare(Model model, std::uint64_t generation) {
  const auto start = Clock::now();
  if (!same_capacity(model.limits, limits_))
    return Error{
        "[limits] differ from those the running tables were sized for; stop steadfastd and start it with "
        "--from-file to apply them (flows are chosen again by the ring)"};
  auto hops = around_.resolve(model);
  if (!hops) return hops.error().while_doing("resolving next hops");
  keep_pending(*hops);
  Prepared prepared{{generation, std::move(model), {}, std::move(*hops)}, identities_};
  if (auto compiled = compile_into(prepared); !compiled) return compiled.error().while_doing("compiling");
  prepared.compile_ms = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
  return prepared;
}

// Counters of an id start at zero for a new owner; what the id had counted for
// an earlier one stays in the totals.
void Deployment::zero_new_owners(const Identities& next) {
  Memory& memory = kernel_.memory();
  for (const auto& [identity, id] : next.services.ids())
    if (identities_.services.find(identity) == 0) retired_ += zero_service(memory, id);
  for (const auto& [identity, id] : next.backends.ids())
    if (identities_.backends.find(identity) == 0) zero_backend(memory, id);
}

// A running program may meet a new interface early; a new program must not meet
// packets before it has tables.
Result<PublishTimes> Deployment::publish(Prepared prepared) {
  const Model& model = prepared.next.model;
  if (running_)
    if (auto attached = around_.attach(model); !attached) return attached.error();
  zero_new_owners(prepared.identities);
  auto times = publisher_.publish(prepared.next.tables);
  if (!times) return times;
  if (!running_)
    if (auto attached = around_.attach(model); !attached) return attached.error();
  identities_ = std::move(prepared.identities);
  running_ = std::move(prepared.next);
  if (auto released = around_.release(running_->model); !released) return released.error();
  return times;
}

Result<bool> Deployment::refresh_next_hops() {
  if (!running_) return false;
  auto hops = around_.resolve(running_->model);
  if (!hops) return hops.error();
  keep_pending(*hops);
  if (*hops == running_->next_hops) return false;
  auto tables = compile(running_->model, running_->generation, identities_, *hops, rings_);
  if (!tables) return tables.error();
  if (auto published = publisher_.publish(*tables); !published) return published.error();
  running_->tables = std::move(*tables);
  running_->next_hops = std::move(*hops);
  return true;
}

std::uint64_t Deployment::generation_in_kernel() const {
  const std::uint32_t slot = kernel_.memory().selector->current;
  return slot < SF_SLOTS ? kernel_.memory().slots[slot].generation : 0;
}

std::size_t Deployment::unresolved_next_hops() const {
  if (!running_) return 0;
  const auto& hops = running_->next_hops;
  return static_cast<std::size_t>(
      std::count_if(hops.begin(), hops.end(), [](const auto& hop) { return !hop.second.resolved(); }));
}

}  // namespace steadfast
