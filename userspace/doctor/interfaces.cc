// SPDX-License-Identifier: Apache-2.0
// Interfaces that packets cannot use, or not as fast as the file asks for.
#include <string>

#include "doctor/rules.h"
#include "doctor/words.h"

namespace steadfast::rules {
namespace {

using doctor::Situation;

// A frame shares one page with the room in front of it and the kernel's own trailer.
constexpr std::uint32_t kHeadroom_bytes = 256;  // XDP_PACKET_HEADROOM
constexpr std::uint32_t kTrailer_bytes = 320;   // skb_shared_info, rounded up
constexpr std::uint32_t kEthernet_bytes = 14;
constexpr std::uint32_t kUsualPage_bytes = 4096;

bool wants_native(const Situation& situation) { return situation.model().host.xdp_mode == XdpMode::native; }

// The kernel has taken the program there: whatever its rules were, they are kept.
bool runs_natively(const Situation& situation, const host::Interface& interface) {
  const auto* ours = situation.our_program(interface);
  return ours != nullptr && ours->mode == host::AttachMode::native;
}

Finding about(const HostCheck& check, const Situation& situation, const std::string& interface,
              std::string message) {
  return make(check.rule, doctor::interface_object(interface), doctor::place_of(situation.model(), interface),
              std::move(message));
}

// Of every interface of the file that is concerned and that the host has.
template <typename Each>
void for_each_interface(const Situation& situation, Each each) {
  for (const auto& named : situation.model().host.interfaces)
    if (const auto* interface = situation.interface(*named);
        interface != nullptr && situation.concerns(*named))
      each(*interface);
}

void find_unusable(const Situation& situation, Findings& findings) {
  if (!situation.facts().interfaces) return;
  for (const auto& named : situation.model().host.interfaces) {
    if (!situation.concerns(*named)) continue;
    const auto* interface = situation.interface(*named);
    if (interface != nullptr && interface->up && interface->carrier) continue;
    const bool missing = interface == nullptr;
    Finding finding = about(kInterfaceUnusable, situation, *named,
                            "interface " + *named +
                                (missing         ? " does not exist on this host"
                                 : interface->up ? " has no carrier"
                                                 : " is down"));
    if (missing) finding.fix = "name an interface of this host: ip -br link";
    if (!missing && !interface->up) finding.fix = "ip link set dev " + *named + " up";
    if (!missing && interface->up) finding.fix = "plug it in, or bring its other end up";
    findings.push_back(std::move(finding));
  }
}

std::string driver_of(const host::Interface& interface) {
  if (!interface.driver.empty()) return interface.driver;
  return interface.kind.empty() ? "unknown" : interface.kind;
}

// After an attach in the wrong mode only what runs can tell; before it, the driver.
void find_no_native(const Situation& situation, Findings& findings) {
  if (!wants_native(situation)) return;
  for_each_interface(situation, [&](const host::Interface& interface) {
    if (runs_natively(situation, interface)) return;
    const auto* ours = situation.our_program(interface);
    if (situation.runs() && ours != nullptr)
      findings.push_back(about(kNoNativeXdp, situation, interface.name,
                               "the program runs in " + std::string(host::name(ours->mode)) + " mode on " +
                                   interface.name + ", though the file asks for native"));
    else if (interface.xdp_features && (*interface.xdp_features & host::kXdpBasic) == 0)
      findings.push_back(about(
          kNoNativeXdp, situation, interface.name,
          "the driver of " + interface.name + " (" + driver_of(interface) + ") does not offer native XDP"));
  });
}

void find_frame_too_large(const Situation& situation, Findings& findings) {
  if (!wants_native(situation)) return;
  const std::uint32_t page =
      situation.facts().kernel ? situation.facts().kernel->page_bytes : kUsualPage_bytes;
  const std::uint32_t most = page - kHeadroom_bytes - kTrailer_bytes - kEthernet_bytes;
  for_each_interface(situation, [&](const host::Interface& interface) {
    if (interface.mtu <= most || runs_natively(situation, interface)) return;
    Finding finding =
        about(kFrameTooLarge, situation, interface.name,
              "the MTU of " + interface.name + ", " + std::to_string(interface.mtu) + ", is above " +
                  std::to_string(most) + ", the most that fits into one buffer of native XDP");
    finding.fix = "ip link set dev " + interface.name + " mtu " + std::to_string(most) +
                  ", or less; or xdp_mode = \"generic\"";
    findings.push_back(std::move(finding));
  });
}

void find_foreign(const Situation& situation, Findings& findings) {
  for_each_interface(situation, [&](const host::Interface& interface) {
    for (const host::AttachedProgram& program : interface.programs) {
      if (situation.is_ours(program)) continue;
      const std::string called = program.name.empty() ? "" : " " + doctor::quoted(program.name);
      Finding finding =
          about(kForeignProgram, situation, interface.name,
                "XDP program" + called + " (id " + std::to_string(program.id) + ", " +
                    std::string(host::name(program.mode)) + ") is attached to " + interface.name);
      const char* how = program.mode == host::AttachMode::generic ? " xdpgeneric off" : " xdp off";
      finding.fix = "end what attached it, or: ip link set dev " + interface.name + how;
      findings.push_back(std::move(finding));
    }
  });
}

bool carries_vlans(const Situation& situation, const host::Interface& interface) {
  for (const host::Interface& other : *situation.facts().interfaces)
    if (other.kind == "vlan" && other.lower == interface.ifindex) return true;
  return false;
}

// Generic XDP turns LRO off by itself, and puts the tag back.
void find_offloads(const Situation& situation, Findings& findings) {
  if (!wants_native(situation)) return;
  for_each_interface(situation, [&](const host::Interface& interface) {
    if (interface.lro.value_or(false)) {
      Finding finding = about(kReceiveOffloads, situation, interface.name,
                              "large receive offload is on on " + interface.name);
      finding.fix = "ethtool -K " + interface.name + " lro off";
      findings.push_back(std::move(finding));
    }
    if (!interface.rx_vlan.value_or(false) || !carries_vlans(situation, interface)) return;
    Finding finding = about(kReceiveOffloads, situation, interface.name,
                            interface.name +
                                " takes VLAN tags off received frames before XDP sees them, and "
                                "it has VLAN devices");
    finding.severity = Severity::warn;
    finding.fix = "ethtool -K " + interface.name + " rxvlan off";
    findings.push_back(std::move(finding));
  });
}

void find_few_queues(const Situation& situation, Findings& findings) {
  if (!wants_native(situation) || !situation.facts().kernel) return;
  const unsigned cpus = situation.facts().kernel->cpus;
  for_each_interface(situation, [&](const host::Interface& interface) {
    // Devices in software send on the CPU that calls them.
    if (!interface.kind.empty() || !interface.tx_queues || *interface.tx_queues >= cpus) return;
    Finding finding = about(kFewQueues, situation, interface.name,
                            interface.name + " has " + doctor::counted(*interface.tx_queues, "send queue") +
                                " for " + doctor::counted(cpus, "CPU"));
    finding.fix = "ethtool -L " + interface.name + " combined " + std::to_string(cpus);
    findings.push_back(std::move(finding));
  });
}

// Packets that came in elsewhere are redirected to it.
bool is_redirected_to(const Situation& situation, const host::Interface& interface) {
  if (situation.model().host.interfaces.size() < 2) return false;
  for (const doctor::Member& member : situation.members())
    if (const auto* path = situation.path_to(*member.backend);
        path != nullptr && path->ifindex == interface.ifindex)
      return true;
  return false;
}

// Many drivers offer it only once a program is attached, so nothing is known before.
void find_no_transmit(const Situation& situation, Findings& findings) {
  for_each_interface(situation, [&](const host::Interface& interface) {
    if (!interface.xdp_features || !runs_natively(situation, interface)) return;
    if ((*interface.xdp_features & host::kXdpTransmit) != 0 || !is_redirected_to(situation, interface))
      return;
    findings.push_back(about(kNoTransmit, situation, interface.name,
                             "backends are reached by " + interface.name + ", whose driver (" +
                                 driver_of(interface) + ") takes no frames that XDP redirects to it"));
  });
}

}  // namespace

const HostCheck kInterfaceUnusable{
    {
        "SF701",
        Severity::error,
        "interface missing, down or without carrier",
        "no packet comes in by it, and none leaves for a backend",
        "ip link set dev INTERFACE up",
        {},
        {},
    },
    find_unusable,
};

const HostCheck kNoNativeXdp{
    {
        "SF702",
        Severity::gate,
        "native XDP that the driver does not offer",
        "the program cannot be attached as the file asks, or runs in generic mode at a fraction of the "
        "packets "
        "per second. The driver's word is asked of the kernel (6.3 and later); older ones say nothing here "
        "and "
        "refuse the attach",
        "write xdp_mode = \"generic\", or use an interface whose driver offers native XDP",
        {},
        {},
    },
    find_no_native,
};

const HostCheck kFrameTooLarge{
    {
        "SF703",
        Severity::error,
        "MTU above what native XDP takes in one buffer",
        "the driver refuses the program, or drops every frame longer than a buffer: a program without "
        "fragments sees frames of one page less its headroom and the kernel's trailer",
        "lower the MTU of the interface, or write xdp_mode = \"generic\"",
        {},
        {},
    },
    find_frame_too_large,
};

const HostCheck kForeignProgram{
    {
        "SF704",
        Severity::error,
        "another XDP program on the interface",
        "an interface takes one program: Steadfast's is refused, or the other one decides over users' "
        "packets",
        "end what attached it, or: ip link set dev INTERFACE xdp off",
        {},
        {},
    },
    find_foreign,
};

const HostCheck kReceiveOffloads{
    {
        "SF705",
        Severity::error,
        "offload that changes frames before XDP sees them",
        "large receive offload glues packets together into frames no backend's path takes; with the VLAN tag "
        "taken off, packets of different VLANs look alike and answers leave without their tag (a warning)",
        "ethtool -K INTERFACE lro off rxvlan off",
        {},
        {},
    },
    find_offloads,
};

const HostCheck kFewQueues{
    {
        "SF706",
        Severity::warn,
        "fewer send queues than CPUs",
        "CPUs share a queue and its lock, or the driver refuses to send from XDP on some of them",
        "ethtool -L INTERFACE combined CPUS",
        {},
        {},
    },
    find_few_queues,
};

const HostCheck kNoTransmit{
    {
        "SF707",
        Severity::error,
        "interface that takes no redirected frames",
        "packets that come in by another interface are dropped where they should leave",
        "write xdp_mode = \"generic\", or reach the backends by the interface that packets come in on",
        {},
        {},
    },
    find_no_transmit,
};

}  // namespace steadfast::rules
