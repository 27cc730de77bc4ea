// SPDX-License-Identifier: Apache-2.0
// One figure of the packet benchmark: what was measured, under which conditions,
// and what came out.
//
// Must not enter: how it is measured (driver.h), how it is shown (report.h).
#pragma once

#include <cstdint>
#include <string>

namespace steadfast::bench {

struct Row {
  std::string name, family, mode, path;  // path: hit | miss | pass | drop
  std::string protocol = "tcp";
  std::string order = "in order";  // or scattered: then every flow's cache lines are cold
  std::uint32_t flows = 1, services = 1, backends = 16;
  std::uint32_t table_flows = 0;  // limits.flows of the table
  double ns = 0;                  // over driver_ns
  double driver_ns = 0;           // the driver in front of a bare XDP_TX, same round
  double tx_ns = 0;               // of driver_ns, what tail call and bare XDP_TX cost
  double restore_ns = 0;          // of ns, what the driver needs to take back an encapsulation
  double remembered = 0;          // share of the flows the table held while measuring
  unsigned rounds = 0;
};

}  // namespace steadfast::bench
