// SPDX-License-Identifier: Apache-2.0
// doctor: what of this host would hurt a configuration. The whole judgement of a
// host goes through here: the CLI, the daemon's doctor and its apply.
//
// Must not enter: reading the host (host/read.h), backends' own faults (probe/).
#pragma once

#include "config/finding.h"
#include "doctor/situation.h"

namespace steadfast::doctor {

// Sorted; `file` is the model's. Of a change only what it adds or alters is judged, and
// what merely does not answer yet does not refuse it.
Findings judge(const Model& model, const host::HostFacts& facts, const Occurrence& occurrence);

// Addresses and interfaces that the rules want facts about.
std::set<Address> destinations(const Model& model, const Occurrence& occurrence);

}  // namespace steadfast::doctor
