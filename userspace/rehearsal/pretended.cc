// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/pretended.h"

namespace steadfast::rehearsal {

NextHops pretended_next_hops(const Model& model) {
  NextHop hop;
  hop.destination = Mac{{0x02, 0x00, 0x00, 0x00, 0x00, 0x02}};
  hop.source = Mac{{0x02, 0x00, 0x00, 0x00, 0x00, 0x01}};
  hop.ifindex = 1;
  hop.on_link = true;
  hop.interface = model.host.interfaces.empty() ? "" : model.host.interfaces.front().value;
  NextHops hops;
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends) hops[backend.address.value] = hop;
  return hops;
}

}  // namespace steadfast::rehearsal
