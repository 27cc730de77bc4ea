// SPDX-License-Identifier: Apache-2.0
// Reading the facts of the host this process runs on: rtnetlink, ethtool, /proc,
// netfilter, bpffs. Changes nothing but one thing: neighbours that nobody has
// asked for yet are asked for.
//
// Must not enter: judgement (doctor/, audit/).
#pragma once

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "host/facts.h"

namespace steadfast::host {

// What to read; each costs something.
enum Part : unsigned {
  kDevices = 1,  // interfaces and addresses
  kPaths = 2,
  kPolicyRules = 4,
  kSysctls = 8,
  kNetfilter = 16,
  kKernel = 32,
  kAgents = 64,
  kBpffs = 128,
  kFiles = 256,  // of this process: only the daemon's own limit means anything
  kAllButFiles = 255,
  kEverything = 511,
};

struct Wish {
  std::vector<std::string> interfaces;    // of the configuration: only they are asked by ethtool
  std::set<Address> destinations;         // backends
  std::string bpffs;                      // the daemon's --bpffs
  std::chrono::milliseconds patience{0};  // for neighbours that are asked for
  unsigned parts = kEverything;
};

HostFacts read_facts(const Wish& wish);

}  // namespace steadfast::host
