// SPDX-License-Identifier: Apache-2.0
// Situation: what every host rule looks at: the model, the facts of the host, and
// what of it is concerned: everything, or only what a change adds or alters.
//
// Must not enter: findings, reading.
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "host/facts.h"
#include "model/model.h"

namespace steadfast::doctor {

// Why somebody asks.
enum class Occasion {
  question,  // the doctor: about a file, or about what runs
  change,    // apply: about what the change adds or alters
};

struct Occurrence {
  Occasion occasion = Occasion::question;
  bool runs = false;              // the model is what runs on this host
  const Model* before = nullptr;  // of a change; null: nothing ran
};

// A backend as one service reaches it.
struct Member {
  const Service* service = nullptr;
  const Pool* pool = nullptr;
  const Backend* backend = nullptr;
};

class Situation {
 public:
  Situation(const Model& model, const host::HostFacts& facts, const Occurrence& occurrence);

  const Model& model() const { return model_; }
  const host::HostFacts& facts() const { return facts_; }
  bool is_change() const { return occurrence_.occasion == Occasion::change; }
  bool runs() const { return occurrence_.runs; }
  // Everything is, the host itself too.
  bool is_whole() const { return occurrence_.before == nullptr; }
  bool concerns(const std::string& interface) const;
  bool concerns(const Service& service) const;
  // That are concerned: of services that are active, without disabled backends.
  const std::vector<Member>& members() const { return members_; }

  // Of an interface the configuration names; null when the host has none.
  const host::Interface* interface(const std::string& name) const;
  const host::Interface* interface(std::uint32_t ifindex) const;
  // An interface of the file is missing, down or dark: what is not reached is not reached
  // for that reason, and needs no finding of its own.
  bool is_cut_off() const;
  // The way to a backend; null when it is not known.
  const host::Path* path_to(const Backend& backend) const;
  // Attached by a daemon with these pins.
  bool is_ours(const host::AttachedProgram& program) const;
  const host::AttachedProgram* our_program(const host::Interface& interface) const;

 private:
  using Reached = std::tuple<std::string, std::string, Address>;  // service, check, backend
  static std::set<Reached> reached_by(const Model& model);

  const Model& model_;
  const host::HostFacts& facts_;
  Occurrence occurrence_;
  std::vector<Member> members_;
};

// The file names it, so packets of ours arrive there.
bool names(const Host& host, const std::string& interface);
// "host/interface/eth0".
std::string interface_object(const std::string& interface);
// Of the interface in [host]; none when the file does not name it.
Place place_of(const Model& model, const std::string& interface);

}  // namespace steadfast::doctor
