// SPDX-License-Identifier: Apache-2.0
// Doctor: the probes that tell what a backend lacks, all at once, and their
// diagnosis. One patient takes at most one timeout; of many at once those that have
// not ended when patience does have no diagnosis.
//
// Must not enter: how evidence is judged (diagnosis.h).
#pragma once

#include "base/result.h"
#include "probe/diagnosis.h"
#include "probe/prober.h"

namespace steadfast::probe {

struct Patient {
  sf_backend row{};
  std::uint16_t port = 0;      // of the service; a wide service has several to choose from
  Check check;                 // of the pool's protocol: what the server understands
  bool may_be_silent = false;  // nobody has said what it understands, and its protocol allows silence
  std::optional<Address> inner_source;
  std::chrono::milliseconds timeout{1000};
};

struct Examination {
  Evidence evidence;
  std::optional<Diagnosis> diagnosis;  // none: this host could not probe, or not in time
};

Result<Examination> examine(const Patient& patient, const ProbePath& path);
// In the order of the patients.
Result<std::vector<Examination>> examine(const std::vector<Patient>& patients, const ProbePath& path,
                                         std::chrono::milliseconds patience);

}  // namespace steadfast::probe
