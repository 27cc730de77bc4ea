// SPDX-License-Identifier: Apache-2.0
// Recollection: what probes had said of the pools that had somebody out, kept on disk
// so that a daemon that starts again forwards as the one before it did. Without it a
// dead backend would get new flows until its probes have failed once more.
//
// What it says holds until probes say otherwise: somebody it remembers as failing needs
// `rise` passes, one that passed needs `fall` failures. What users' handshakes said is
// not kept: they say it again within seconds.
//
// Must not enter: time; the deciding (health/).
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "health/overlay.h"

namespace steadfast {

struct Remembered {
  std::string pool, backend;
  std::string address;   // a backend that moved since is another one
  std::string standing;  // "passing" | "down" | "deaf"
  std::string detail;    // what its probes met
  bool out = false;      // it took no new flows
  bool operator==(const Remembered&) const = default;
};
using Recollection = std::vector<Remembered>;

// Nothing while there is no file. A damaged one is an Error that names it.
Result<Recollection> read_recollection(const std::filesystem::path& file);
Result<void> write_recollection(const std::filesystem::path& file, const Recollection& remembered);

// Those that were out.
health::Overlay overlay_of(const Recollection& remembered);

}  // namespace steadfast
