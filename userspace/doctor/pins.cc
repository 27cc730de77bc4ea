// SPDX-License-Identifier: Apache-2.0
// The directory in which tables and links outlive the daemon.
#include "doctor/rules.h"
#include "doctor/words.h"

namespace steadfast::rules {
namespace {

using doctor::Situation;

constexpr std::uint32_t kArrayMap = 2;  // BPF_MAP_TYPE_ARRAY
constexpr std::uint32_t kXdpLink = 6;   // BPF_LINK_TYPE_XDP

// What stands under a name of ours although it is none of ours; empty when it may be.
std::string stranger(const host::Pin& pin) {
  using Kind = host::Pin::Kind;
  if (pin.row_bytes != 0 && pin.kind != Kind::map) return "no map";
  if (pin.row_bytes != 0 && (pin.type != kArrayMap || pin.value_bytes != pin.row_bytes))
    return "a map of another type or with values of " + std::to_string(pin.value_bytes) +
           " bytes instead of " + std::to_string(pin.row_bytes);
  if (pin.name.starts_with("link-") && (pin.kind != Kind::link || pin.type != kXdpLink)) return "no XDP link";
  return {};
}

void find_pin_conflicts(const Situation& situation, Findings& findings) {
  if (!situation.is_whole() || !situation.facts().bpffs) return;
  const host::Bpffs& bpffs = *situation.facts().bpffs;
  if (!bpffs.is_bpffs) {
    findings.push_back(make(kPinConflict.rule, "host/bpffs", situation.model().host.place,
                            bpffs.directory + " is not on a BPF file system"));
    return;
  }
  for (const host::Pin& pin : bpffs.pins) {
    const std::string what = stranger(pin);
    if (what.empty()) continue;
    const std::string path = bpffs.directory + "/" + pin.name;
    Finding finding =
        make(kPinConflict.rule, "host/bpffs/" + pin.name, situation.model().host.place,
             path + " is " + what + ": somebody else's pin stands where the balancer's belongs");
    finding.fix = "find its owner (bpftool map show pinned " + path + "); then rm " + path +
                  ", or run steadfastd with another --bpffs";
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const HostCheck kPinConflict{
    {
        "SF717",
        Severity::error,
        "pins that cannot be made, or are somebody else's",
        "without pins forwarding and flows end with the daemon; a strange pin is either lost to its owner or "
        "keeps the balancer from starting",
        "mount -t bpf bpf /sys/fs/bpf, or run steadfastd with another --bpffs",
        {},
        {},
    },
    find_pin_conflicts,
};

}  // namespace steadfast::rules
