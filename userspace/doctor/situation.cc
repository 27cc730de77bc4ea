// SPDX-License-Identifier: Apache-2.0
#include "doctor/situation.h"

#include <algorithm>

namespace steadfast::doctor {
namespace {

// What a check needs of the host: another one may be dropped where this was not.
std::string check_of(const Pool& pool) {
  if (!pool.health) return {};
  const Health& health = *pool.health;
  return std::string(name(health.type)) + (health.port ? std::to_string(health.port->value) : "");
}

std::vector<Member> members_of(const Model& model) {
  std::vector<Member> members;
  for (const Service& service : model.services) {
    if (service.state != ServiceState::active) continue;
    const Pool& pool = model.pool_of(service);
    for (const Backend& backend : pool.backends)
      if (backend.state != BackendState::disabled) members.push_back({&service, &pool, &backend});
  }
  return members;
}

template <typename Matches>
const host::Interface* find(const host::HostFacts& facts, Matches matches) {
  if (!facts.interfaces) return nullptr;
  const auto found = std::find_if(facts.interfaces->begin(), facts.interfaces->end(), matches);
  return found == facts.interfaces->end() ? nullptr : &*found;
}

// As the kernel keeps the name of our program.
constexpr std::string_view kProgram = "sf_lb";
constexpr std::uint32_t kXdpLink = 6;  // BPF_LINK_TYPE_XDP

}  // namespace

bool names(const Host& host, const std::string& interface) {
  return std::any_of(host.interfaces.begin(), host.interfaces.end(),
                     [&](const auto& named) { return *named == interface; });
}

std::set<Situation::Reached> Situation::reached_by(const Model& model) {
  std::set<Reached> reached;
  for (const Member& member : members_of(model))
    reached.insert({member.service->endpoint(), check_of(*member.pool), *member.backend->address});
  return reached;
}

Situation::Situation(const Model& model, const host::HostFacts& facts, const Occurrence& occurrence)
    : model_(model), facts_(facts), occurrence_(occurrence), members_(members_of(model)) {
  if (is_whole()) return;
  const auto before = reached_by(*occurrence_.before);
  std::erase_if(members_, [&](const Member& member) {
    return before.contains({member.service->endpoint(), check_of(*member.pool), *member.backend->address});
  });
}

bool Situation::concerns(const std::string& interface) const {
  if (is_whole()) return true;
  const Host& before = occurrence_.before->host;
  return !names(before, interface) || before.xdp_mode != model_.host.xdp_mode;
}

bool Situation::concerns(const Service& service) const {
  if (service.state != ServiceState::active) return false;
  if (is_whole()) return true;
  const auto& before = occurrence_.before->services;
  return std::none_of(before.begin(), before.end(), [&](const Service& old) {
    return old.vip_prefix() == service.vip_prefix() && old.state == ServiceState::active;
  });
}

const host::Interface* Situation::interface(const std::string& name) const {
  return find(facts_, [&](const host::Interface& one) { return one.name == name; });
}

const host::Interface* Situation::interface(std::uint32_t ifindex) const {
  return find(facts_, [&](const host::Interface& one) { return one.ifindex == ifindex; });
}

bool Situation::is_cut_off() const {
  const auto& named = model_.host.interfaces;
  return facts_.interfaces && std::any_of(named.begin(), named.end(), [&](const auto& one) {
           const auto* found = interface(*one);
           return found == nullptr || !found->up || !found->carrier;
         });
}

const host::Path* Situation::path_to(const Backend& backend) const {
  if (!facts_.paths) return nullptr;
  const auto found = facts_.paths->find(*backend.address);
  return found == facts_.paths->end() ? nullptr : &found->second;
}

bool Situation::is_ours(const host::AttachedProgram& program) const {
  if (!facts_.bpffs) return program.name == kProgram;
  return std::any_of(facts_.bpffs->pins.begin(), facts_.bpffs->pins.end(), [&](const host::Pin& pin) {
    return pin.kind == host::Pin::Kind::link && pin.type == kXdpLink && pin.program == program.id;
  });
}

const host::AttachedProgram* Situation::our_program(const host::Interface& interface) const {
  const auto found = std::find_if(interface.programs.begin(), interface.programs.end(),
                                  [&](const auto& program) { return is_ours(program); });
  return found == interface.programs.end() ? nullptr : &*found;
}

std::string interface_object(const std::string& interface) { return "host/interface/" + interface; }

Place place_of(const Model& model, const std::string& interface) {
  for (const auto& named : model.host.interfaces)
    if (*named == interface) return named.place;
  return {};
}

}  // namespace steadfast::doctor
