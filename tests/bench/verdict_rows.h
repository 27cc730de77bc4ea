// SPDX-License-Identifier: Apache-2.0
// The verdicts that neither a hit nor a new flow has: for each the tables, what was
// sent before, and the frame that gets it.
//
// Must not enter: how it is measured (driver.h).
#pragma once

#include <string>
#include <vector>

#include "driver.h"

namespace steadfast::bench {

struct VerdictRow {
  std::string verdict;  // its label in bpf/abi.h
  const char* path;     // hit | miss | pass | drop
  std::string text;     // the configuration
  std::vector<Frame> before;
  Drive drive;
};

// IPv4 and IPIP throughout.
std::vector<VerdictRow> verdict_rows();

}  // namespace steadfast::bench
