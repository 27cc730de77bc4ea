// SPDX-License-Identifier: Apache-2.0
#include "control/host_doctor.h"

#include <algorithm>

#include "doctor/doctor.h"
#include "host/read.h"

namespace steadfast {
namespace {

using doctor::Occasion;
using doctor::Occurrence;

constexpr std::chrono::milliseconds kPatience{1000};

host::Wish wish_for(const Model& model, const Occurrence& occurrence, const std::string& bpffs) {
  host::Wish wish;
  wish.interfaces = interface_names(model);
  wish.destinations = doctor::destinations(model, occurrence);
  wish.bpffs = bpffs;
  return wish;
}

bool any_check(const doctor::Situation& situation) {
  const auto& members = situation.members();
  return std::any_of(members.begin(), members.end(), [](const auto& member) { return member.pool->health; });
}

bool any_interface(const doctor::Situation& situation) {
  const auto& interfaces = situation.model().host.interfaces;
  return std::any_of(interfaces.begin(), interfaces.end(),
                     [&](const auto& interface) { return situation.concerns(*interface); });
}

bool any_service(const doctor::Situation& situation) {
  const auto& services = situation.model().services;
  return std::any_of(services.begin(), services.end(),
                     [&](const Service& service) { return situation.concerns(service); });
}

unsigned parts_for_change(const Model& after, const Occurrence& occurrence) {
  const host::HostFacts none;
  const doctor::Situation situation(after, none, occurrence);
  if (situation.is_whole()) return host::kEverything;
  unsigned parts = 0;
  if (any_service(situation)) parts |= host::kDevices;
  if (any_interface(situation)) parts |= host::kDevices | host::kBpffs;
  if (!situation.members().empty()) parts |= host::kDevices | host::kPaths | host::kSysctls;
  if (any_check(situation)) parts |= host::kNetfilter;
  return parts;
}

}  // namespace

Findings examine_host(const Model& model, const HostQuestion& question) {
  const Occurrence occurrence{Occasion::question, question.is_daemon, nullptr};
  host::Wish wish = wish_for(model, occurrence, question.bpffs);
  wish.patience = kPatience;
  // Another process's limit of open files says nothing about the daemon's.
  if (!question.is_daemon) wish.parts = host::kAllButFiles;
  return doctor::judge(model, host::read_facts(wish), occurrence);
}

// Neighbours were asked for when the change's next hops were looked up.
Findings examine_change(const Model& after, const Model* before, const std::string& bpffs) {
  const Occurrence occurrence{Occasion::change, false, before};
  host::Wish wish = wish_for(after, occurrence, bpffs);
  wish.parts = parts_for_change(after, occurrence);
  if (wish.parts == 0) return {};
  return doctor::judge(after, host::read_facts(wish), occurrence);
}

}  // namespace steadfast
