// SPDX-License-Identifier: Apache-2.0
// VIPs that this host holds itself.
#include "doctor/rules.h"
#include "doctor/words.h"

namespace steadfast::rules {
namespace {

void find_local_vips(const doctor::Situation& situation, Findings& findings) {
  if (!situation.facts().addresses) return;
  for (const Service& service : situation.model().services) {
    if (!situation.concerns(service)) continue;
    for (const host::LocalAddress& local : *situation.facts().addresses) {
      if (!service.vip_prefix().contains(local.address)) continue;
      Finding finding =
          make(kLocalVip.rule, object_of(service), service.vip.place,
               "the VIP of service " + doctor::quoted(service.name) + ", " + local.address.text() +
                   ", is an address of this host, on " + local.interface);
      finding.fix = "ip address del " + local.address.text() + "/" + std::to_string(local.length) + " dev " +
                    local.interface;
      findings.push_back(std::move(finding));
    }
  }
}

}  // namespace

const HostCheck kLocalVip{
    {
        "SF711",
        Severity::warn,
        "VIP that is an address of this host",
        "what the program does not take (another port, a check sent past it) is answered by the host itself, "
        "so "
        "a dead service seems to refuse or even to answer",
        "route the VIP to this host instead of binding it: ip address del VIP dev INTERFACE",
        {},
        {},
    },
    find_local_vips,
};

}  // namespace steadfast::rules
