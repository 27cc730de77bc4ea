// SPDX-License-Identifier: Apache-2.0
#include "control/deployment.h"

#include <algorithm>
#include <chrono>
#include <set>

#include "base/bug.h"
#include "base/clock.h"
#include "base/fault_point.h"
#include "bpf/deadman.h"
#include "compile/members.h"
#include "control/adopt.h"
#include "counters/stripes.h"
#include "health/overlaid.h"

namespace steadfast {
namespace {

using Clock = std::chrono::steady_clock;

// Taken apart whole, so that a limit added later does not build unless it is compared.
bool same_capacity(const Limits& a, const Limits& b) {
  const auto& [services, backends, flows, ranges] = a;
  return *services == *b.services && *backends == *b.backends && *flows == *b.flows && *ranges == *b.ranges;
}

// A neighbour that nobody has asked for yet answers within milliseconds if it is
// there. One that is silent for so long is not.
constexpr int kNeighbourPatience_ms = 1000;
constexpr int kAskAgain_ms = 20;

// But for being asked for: a neighbour that is silent is so again and again, and no
// packet notices.
bool is_alike(const NextHops& a, const NextHops& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    if (x.first != y.first || x.second.pending == y.second.pending) return x == y;
    NextHop as_y = x.second;
    as_y.pending = y.second.pending;
    return as_y == y.second;
  });
}

}  // namespace

Deployment::Deployment(Kernel& kernel, const Limits& limits, Surroundings around)
    : kernel_(kernel), publisher_(kernel), limits_(limits), around_(std::move(around)), identities_(limits) {}

Result<void> Deployment::adopt() {
  publisher_.selector().return_to_confirmed();
  note();
  return steadfast::adopt(kernel_.memory(), identities_);
}

const NextHop* Deployment::last_answer(const Address& address) const {
  for (const Running* known : {running_ ? &*running_ : nullptr, pending_ ? &pending_->other : nullptr,
                               former_ ? &*former_ : nullptr}) {
    if (known == nullptr) continue;
    const auto found = known->next_hops.find(address);
    if (found != known->next_hops.end() && found->second.resolved()) return &found->second;
  }
  return nullptr;
}

// A next hop that is only being asked for again keeps its last answer: the
// kernel forgets neighbours that it does not itself send to.
void Deployment::keep_pending(NextHops& hops) const {
  for (auto& [address, hop] : hops) {
    if (!hop.pending) continue;
    const NextHop* before = last_answer(address);
    if (before != nullptr && before->ifindex == hop.ifindex) hop = *before;
  }
}

Result<NextHops> Deployment::resolve(const Model& model, Patience patience) const {
  if (!same_capacity(model.limits, limits_))
    return Error{
        "[limits] differ from those the running tables were sized for; stop steadfastd and start it with "
        "--from-file to apply them (flows are chosen again by the ring)"};
  auto hops = resolve_once(model);
  if (patience == Patience::none || pending_) return hops;
  for (int waited_ms = 0; hops && awaits_new(*hops) && waited_ms < kNeighbourPatience_ms;
       waited_ms += kAskAgain_ms) {
    around_.pause(kAskAgain_ms);
    hops = resolve_once(model);
  }
  return hops;
}

// One that is silent already, as a backend of what runs, is not waited for again.
bool Deployment::awaits_new(const NextHops& hops) const {
  return std::any_of(hops.begin(), hops.end(), [&](const auto& hop) {
    return hop.second.pending && !(running_ && running_->next_hops.contains(hop.first));
  });
}

Result<NextHops> Deployment::resolve_once(const Model& model) const {
  auto hops = around_.resolve(model);
  if (!hops) return hops.error().while_doing("resolving next hops");
  keep_pending(*hops);
  refuse_unlisted(model, *hops);
  return hops;
}

// Ids may run out although the limits allow the number, because those of
// removed backends are in quarantine. Only then is the flow table swept for them.
Result<void> Deployment::compile_into(Prepared& prepared) {
  Running& next = prepared.next;
  if (running_) follow_resized(running_->model, next.model, prepared.identities);
  auto tables = compile(next.model, next.generation, prepared.identities, next.next_hops, rings_);
  if (!tables) {
    if (auto swept = publisher_.forget_flows(identities_.backends.quarantined()); !swept) return swept;
    identities_.backends.release();
    identities_.services.release();
    prepared.identities = identities_;
    if (running_) follow_resized(running_->model, next.model, prepared.identities);
    tables = compile(next.model, next.generation, prepared.identities, next.next_hops, rings_);
  }
  if (!tables) return tables.error();
  next.tables = std::move(*tables);
  return {};
}

Result<Deployment::Prepared> Deployment::prepare(Model model, std::uint64_t generation, NextHops hops) {
  invariant(!pending_, "ids that the pending change gave up must not get owners");
  const auto start = Clock::now();
  Prepared prepared{{generation, std::move(model), {}, std::move(hops), {}}, identities_};
  if (auto compiled = compile_into(prepared); !compiled) return compiled.error().while_doing("compiling");
  prepared.compile_ms = ms_since(start);
  fault_point("compiled");
  return prepared;
}

Result<Deployment::Candidate> Deployment::write(Prepared prepared) {
  Candidate candidate{std::move(prepared), SF_NO_SLOT, {}};
  const auto slot = publisher_.write(candidate.prepared.next.tables, &candidate.times);
  if (!slot) return slot.error();
  candidate.slot = *slot;
  return candidate;
}

Result<Tables> Deployment::compile_with_health(const Running& running, Identities& identities) {
  return compile(health::overlaid(running.model, running.health), running.generation, identities,
                 running.next_hops, rings_);
}

Result<void> Deployment::lay_health_over(Candidate& candidate) {
  Running& next = candidate.prepared.next;
  if (health_ == next.health) return {};
  next.health = health_;
  auto tables = compile_with_health(next, candidate.prepared.identities);
  if (!tables) return tables.error().while_doing("laying health over the candidate");
  next.tables = std::move(*tables);
  const auto slot = publisher_.write(next.tables, &candidate.times);
  if (!slot) return slot.error();
  candidate.slot = *slot;
  return {};
}

Result<Answer> Deployment::ask(const Candidate& candidate, std::span<const std::uint8_t> frame) const {
  return kernel_.run_dry(frame, candidate.slot);
}

// Counters of an id start at zero for a new owner; what the id had counted for
// an earlier one stays in the totals.
void Deployment::zero_new_owners(const Identities& next) {
  Memory& memory = kernel_.memory();
  for (const auto& [identity, id] : next.services.ids())
    if (identities_.services.find(identity) == 0) retired_ += zero_service(memory, id);
  for (const auto& [identity, id] : next.backends.ids())
    if (identities_.backends.find(identity) == 0) zero_backend(memory, id);
  fault_point("counters of new owners are zero");
}

// A program with tables may meet a new interface early; one without must not
// meet packets.
Result<void> Deployment::attach_early(const Model& model) const {
  if (!has_tables()) return {};
  auto attached = around_.attach(model);
  if (attached || !running_) return attached;
  if (auto again = attach_as_before(); !again) return again.error().while_doing(attached.error().what);
  return attached;
}

Result<void> Deployment::attach_as_before() const {
  if (auto attached = around_.attach(running_->model); !attached) return attached;
  return release();
}

Result<void> Deployment::run(Candidate& candidate) {
  Prepared& prepared = candidate.prepared;
  const bool first = !has_tables();
  if (auto attached = attach_early(prepared.next.model); !attached) return attached;
  zero_new_owners(prepared.identities);
  const auto start = Clock::now();
  publisher_.flip(candidate.slot);
  candidate.times.flip_us = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
  if (first)
    if (auto attached = around_.attach(prepared.next.model); !attached) {
      publisher_.selector().clear();
      return attached;
    }
  identities_ = std::move(prepared.identities);
  former_ = std::exchange(running_, std::move(prepared.next));
  note();
  ++revision_;
  return {};
}

Result<void> Deployment::run_until(Candidate candidate, std::uint64_t deadline_ns, double share) {
  Prepared& prepared = candidate.prepared;
  invariant(running_.has_value(), "a pending change has something to go back to");
  if (auto attached = attach_early(prepared.next.model); !attached) return attached;
  zero_new_owners(prepared.identities);
  publisher_.flip_until(candidate.slot, deadline_ns, share);
  fault_point("live until the deadline");
  pending_ = Pending{std::move(prepared.next), std::exchange(identities_, std::move(prepared.identities)),
                     candidate.slot, share < 1};
  if (!pending_->canary) std::swap(*running_, pending_->other);
  note();
  ++revision_;
  return {};
}

bool Deployment::widen(std::uint64_t deadline_ns, double share) {
  invariant(pending_ && pending_->canary, "only a canary widens");
  if (!publisher_.widen(pending_->slot, deadline_ns, share)) return false;
  note();
  if (share < 1) return true;
  std::swap(*running_, pending_->other);
  pending_->canary = false;
  ++revision_;
  return true;
}

bool Deployment::extend(std::uint64_t deadline_ns) {
  const bool extended = publisher_.selector().extend(deadline_ns);
  note();
  return extended;
}

bool Deployment::confirm() {
  invariant(pending_ && !pending_->canary, "what is confirmed runs whole");
  if (!publisher_.selector().confirm()) return false;
  note();
  former_ = std::move(pending_->other);
  pending_.reset();
  return true;
}

bool Deployment::cancel() { return publisher_.selector().cancel(); }

Result<void> Deployment::went_back() {
  if (!pending_->canary) std::swap(*running_, pending_->other);
  identities_.services.go_back_to(pending_->before.services);
  identities_.backends.go_back_to(pending_->before.backends);
  pending_.reset();
  refresh_due_ = true;
  note();
  ++revision_;
  return attach_as_before();
}

const Running* Deployment::pending() const {
  if (!pending_) return nullptr;
  return pending_->canary ? &pending_->other : &*running_;
}

Result<bool> Deployment::refresh(Running& running, const Identities& known, std::uint32_t slot,
                                 const Resolving& resolving) {
  auto hops = resolving(running);
  if (!hops) return hops.error();
  const bool alike = is_alike(*hops, running.next_hops);
  if (alike && running.health == health_) {
    running.next_hops = std::move(*hops);
    return false;
  }
  Running next{running.generation, running.model, {}, std::move(*hops), health_};
  Identities identities = known;
  auto tables = compile_with_health(next, identities);
  if (!tables) return tables.error();
  next.tables = std::move(*tables);
  const auto replaced = rewrite(next.tables, slot);
  if (!replaced || !*replaced) return replaced;
  running = std::move(next);
  note();
  return true;
}

// Of a pending change both sides are kept right: what runs, and what packets
// would go back to.
Result<bool> Deployment::publish_anew(const Resolving& resolving) {
  if (!running_) return false;
  refresh_due_ = false;
  if (!pending_) return refresh(*running_, identities_, selector().current(), resolving);
  const bool canary = pending_->canary;
  const auto now =
      refresh(*running_, canary ? pending_->before : identities_, selector().current(), resolving);
  if (!now) return now;
  const auto other = refresh(pending_->other, canary ? identities_ : pending_->before,
                             canary ? pending_->slot : selector().previous(), resolving);
  if (!other) return other;
  return *now || *other;
}

Result<bool> Deployment::refresh_next_hops() {
  auto changed = publish_anew([this](const Running& running) { return resolve_once(running.model); });
  if (changed && *changed) ++revision_;
  return changed;
}

Result<bool> Deployment::set_health(health::Overlay overlay) {
  health_ = std::move(overlay);
  return publish_anew([](const Running& running) -> Result<NextHops> { return running.next_hops; });
}

void Deployment::note() {
  left_ = *kernel_.memory().selector;
  ++writings_;
}

std::vector<Deployment::InSlot> Deployment::in_slots() const {
  const std::uint32_t live = sf_live_slot(left_.live);
  if (!running_ || live >= SF_SLOTS) return {};
  std::vector<InSlot> slots{{&*running_, live, &publisher_.services_in(live)}};
  if (!pending_) return slots;
  const std::uint32_t other = pending_->canary ? pending_->slot : left_.previous;
  if (other < SF_SLOTS) slots.push_back({&pending_->other, other, &publisher_.services_in(other)});
  return slots;
}

Result<bool> Deployment::rewrite(const Tables& tables, std::uint32_t slot) {
  const auto written = publisher_.write(tables);
  if (!written) return written.error();
  refresh_due_ = !publisher_.replace(slot, *written);
  if (!refresh_due_ && pending_ && pending_->slot == slot) pending_->slot = *written;
  return !refresh_due_;
}

// While something is pending the selector is also the kernel's, which will undo
// the change; it stays as it is then.
Result<void> Deployment::write_anew() {
  if (!pending_) publisher_.selector().restore(left_);
  for (const InSlot& in : in_slots()) {
    if (auto written = rewrite(in.running->tables, in.slot); !written) return written.error();
    note();
  }
  return {};
}

std::uint64_t Deployment::last_generation_in_kernel() const {
  std::uint64_t last = 0;
  for (const sf_slot& slot : kernel_.memory().slots) last = std::max<std::uint64_t>(last, slot.generation);
  return last;
}

// Asked for with every look at the status, and seldom another.
std::size_t Deployment::unresolved_next_hops() const {
  if (std::exchange(unresolved_of_, writings_) != writings_) unresolved_ = count_unresolved();
  return unresolved_;
}

std::size_t Deployment::count_unresolved() const {
  std::set<Address> unresolved;
  for (const Running* known : {running_ ? &*running_ : nullptr, pending_ ? &pending_->other : nullptr}) {
    if (known == nullptr) continue;
    for (const auto& [address, hop] : known->next_hops)
      if (!hop.resolved()) unresolved.insert(address);
  }
  return unresolved.size();
}

}  // namespace steadfast
