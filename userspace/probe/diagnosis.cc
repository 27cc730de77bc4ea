// SPDX-License-Identifier: Apache-2.0
#include "probe/diagnosis.h"

#include <array>

#include "probe/icmp.h"

namespace steadfast::probe {
namespace {

struct Row {
  std::string_view name, code, fix;
};

constexpr std::array kRows{
#define X(symbol, code, fix) Row{#symbol, code, fix},
    SF_BACKEND_FAULTS(X)
#undef X
};

const Row& row_of(BackendFault fault) { return kRows[static_cast<std::size_t>(fault)]; }

bool is(const ProbeResult& result, Outcome outcome) { return result.outcome == outcome; }

// It got as far as a server or a kernel that knows there is none.
bool lives(const ProbeResult& result) {
  return !is_silence(result.outcome) && !is(result, Outcome::unreachable) &&
         !is(result, Outcome::local_error) && !is(result, Outcome::wrong_source);
}

bool lost(const ProbeResult& result) {
  return is_silence(result.outcome) || is(result, Outcome::unreachable);
}

bool met(const ProbeResult& result, IcmpMeaning meaning) {
  return result.wire && result.wire->icmp && meaning_of(*result.wire->icmp) == meaning;
}

class Judge {
 public:
  explicit Judge(const Evidence& evidence) : seen_(evidence) {}

  Diagnosis judge() const {
    if (is(seen_.small, Outcome::wrong_source)) return wrong_source();
    if (is(seen_.small, Outcome::refused)) return refused();
    if (seen_.may_be_silent && is_silence(seen_.small.outcome)) return unanswered();
    if (lost(seen_.small)) return silent();
    if (seen_.full && lost(*seen_.full)) return mtu_hole();
    return {};
  }

 private:
  Diagnosis fault(BackendFault fault, std::string sentence) const {
    return {fault, std::move(sentence), is(seen_.own, Outcome::passed)};
  }
  std::string vip() const { return seen_.vip.text(); }
  std::string own() const { return seen_.backend.text(); }

  Diagnosis wrong_source() const {
    const auto& wire = seen_.small.wire;
    const std::string from = wire && wire->wrong_source ? wire->wrong_source->text() : "another address";
    return fault(BackendFault::wrong_source,
                 "what is sent to " + vip() + " is answered from " + from + ": clients drop such answers");
  }

  Diagnosis refused() const {
    if (lives(seen_.own) && !is(seen_.own, Outcome::refused))
      return fault(BackendFault::reset_by_vip, vip() + " refuses connections, though " + own() +
                                                   " answers: the server does not listen on the VIP");
    return fault(BackendFault::port_closed, "nothing listens on " + vip() + " of " + own());
  }

  Diagnosis mtu_hole() const {
    std::string sentence = "the handshake with " + vip() + " passes, but a packet of " +
                           std::to_string(seen_.full->full_bytes) + " bytes inside the path is lost";
    if (met(*seen_.full, IcmpMeaning::too_big)) sentence += ": " + text_of(*seen_.full->wire->icmp);
    return fault(BackendFault::mtu_hole, std::move(sentence));
  }

  // Of what nobody asked to be answered silence proves nothing, but errors do.
  Diagnosis unanswered() const {
    if (const std::string refusal = unopened(); !refusal.empty()) return no_decapsulation(refusal);
    return is(seen_.own, Outcome::unreachable) ? host_silent() : Diagnosis{};
  }

  Diagnosis no_decapsulation(const std::string& refusal) const {
    return fault(BackendFault::no_decapsulation, own() + " does not open the tunnel: " + refusal);
  }

  Diagnosis silent() const {
    if (met(seen_.small, IcmpMeaning::too_big))
      return fault(BackendFault::mtu_hole,
                   "even a SYN to " + vip() + " is " + text_of(*seen_.small.wire->icmp));
    if (const std::string refusal = unopened(); !refusal.empty()) return no_decapsulation(refusal);
    if (!lives(seen_.own) && !(seen_.itself && lives(*seen_.itself))) return host_silent();
    if (!seen_.itself || lives(*seen_.itself)) return vip_missing();
    return fault(BackendFault::dropped_behind_tunnel,
                 own() +
                     " answers directly, but nothing that comes through the tunnel is answered, and no error "
                     "is sent: the reverse-path check or a firewall drops it, or nobody opens the tunnel");
  }

  // How the backend's kernel said that the tunnel is nothing it knows; empty when it said nothing.
  std::string unopened() const {
    if (met(seen_.small, IcmpMeaning::no_such_protocol)) return text_of(*seen_.small.wire->icmp);
    if (seen_.itself && met(*seen_.itself, IcmpMeaning::no_such_protocol))
      return text_of(*seen_.itself->wire->icmp);
    return seen_.knock && is(*seen_.knock, Outcome::refused) ? "its GUE port is closed" : "";
  }

  Diagnosis host_silent() const {
    const std::string why = seen_.own.detail.empty() ? "no answer" : seen_.own.detail;
    return fault(BackendFault::host_silent,
                 own() + " answers neither along the path nor directly (" + why + ")");
  }

  // Of a VIP of the other family the tunnel to itself proves nothing about
  // reverse-path checks, which IPv6 has not.
  Diagnosis vip_missing() const {
    const std::string proof =
        seen_.itself ? "what the tunnel brings for its own address is answered" : "its own address answers";
    std::string sentence = own() + " does not take in what is sent to " + vip() + ", though " + proof +
                           ": the VIP is no address of it";
    if (seen_.vip.address.is_v4() && !seen_.backend.address.is_v4())
      sentence += ", or its reverse-path check (rp_filter) refuses IPv4 out of the tunnel";
    return fault(BackendFault::vip_missing, std::move(sentence));
  }

  const Evidence& seen_;
};

}  // namespace

std::string_view name(BackendFault fault) { return row_of(fault).name; }
std::string_view code_of(BackendFault fault) { return row_of(fault).code; }
std::string_view fix_of(BackendFault fault) { return row_of(fault).fix; }

std::optional<Diagnosis> diagnosis_of(const Evidence& evidence) {
  if (is(evidence.small, Outcome::local_error)) return std::nullopt;
  return Judge(evidence).judge();
}

}  // namespace steadfast::probe
