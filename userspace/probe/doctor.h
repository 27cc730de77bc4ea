// SPDX-License-Identifier: Apache-2.0
// Doctor: the probes that tell what a backend lacks, all at once, and their
// diagnosis. Takes at most one timeout.
//
// Must not enter: how evidence is judged (diagnosis.h).
#pragma once

#include "base/result.h"
#include "probe/diagnosis.h"
#include "probe/prober.h"

namespace steadfast::probe {

struct Patient {
  sf_backend row{};
  std::uint16_t port = 0;  // of the service; a wide service has several to choose from
  Check check;             // of the pool's protocol: what the server understands
  std::optional<Address> inner_source;
  std::chrono::milliseconds timeout{1000};
};

struct Examination {
  Evidence evidence;
  std::optional<Diagnosis> diagnosis;  // none: this host could not probe
};

Result<Examination> examine(const Patient& patient, const ProbePath& path);

}  // namespace steadfast::probe
