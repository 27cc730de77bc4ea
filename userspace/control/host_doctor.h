// SPDX-License-Identifier: Apache-2.0
// The host this process runs on, looked at for a model: what the doctor, the audit
// and apply say about it.
//
// Must not enter: the rules (doctor/), who asks.
#pragma once

#include <string>

#include "config/finding.h"
#include "model/model.h"

namespace steadfast {

struct HostQuestion {
  std::string bpffs;       // where the daemon keeps its pins
  bool is_daemon = false;  // this process runs the model
};

// Takes up to a second where neighbours do not answer.
Findings examine_host(const Model& model, const HostQuestion& question);

// Of what a change adds or alters; reads no more than that needs. `before` is null when
// nothing runs.
Findings examine_change(const Model& after, const Model* before, const std::string& bpffs);

}  // namespace steadfast
