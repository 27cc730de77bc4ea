// SPDX-License-Identifier: Apache-2.0
// A configuration on the host engine, ready to be asked: what `trace --file` and
// tests use where there are no privileges. Next hops are pretended, since the
// file may be for another host.
#pragma once

#include "control/live_balancer.h"

namespace steadfast {

// Every backend is on link behind one made-up MAC address of the first interface.
Surroundings pretended_surroundings();

struct HostBalancer {
  std::unique_ptr<Kernel> kernel;
  std::unique_ptr<LiveBalancer> balancer;  // null when the configuration is refused
  Outcome outcome;
};

HostBalancer make_host_balancer(std::string text, std::string file);

}  // namespace steadfast
