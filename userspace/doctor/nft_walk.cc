// SPDX-License-Identifier: Apache-2.0
#include "doctor/nft_walk.h"

#include <algorithm>
#include <charconv>

namespace steadfast::doctor {
namespace {

using host::NftAction;
using host::NftChain;
using host::NftField;
using host::NftMatch;
using host::NftRule;
using host::NftRuleset;
using host::NftValues;
using host::NftVerdict;

enum class Truth { no, perhaps, yes };

Truth truth(bool holds) { return holds ? Truth::yes : Truth::no; }

constexpr std::uint8_t kTcp = 6, kUdp = 17;

std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

Truth is_port(std::uint16_t port, const std::string& value) {
  if (port == 0) return Truth::perhaps;
  const auto dash = value.find('-');
  const auto first = number_in(value.substr(0, dash));
  const auto last = dash == value.npos ? first : number_in(value.substr(dash + 1));
  if (!first || !last) return Truth::perhaps;
  return truth(*first <= port && port <= *last);
}

Truth is_address(const std::optional<Address>& address, const std::string& value) {
  if (!address) return Truth::perhaps;
  if (const auto dash = value.find('-'); dash != value.npos) {
    const auto first = Address::parse(value.substr(0, dash)), last = Address::parse(value.substr(dash + 1));
    if (!first || !last) return Truth::perhaps;
    return truth(first->family == address->family && first->bytes <= address->bytes &&
                 address->bytes <= last->bytes);
  }
  const auto prefix = Prefix::parse(value);
  return prefix ? truth(prefix->contains(*address)) : Truth::perhaps;
}

Truth is_protocol(std::uint8_t protocol, const std::string& value) {
  if (protocol == 0) return Truth::perhaps;
  if (const auto number = number_in(value)) return truth(*number == protocol);
  if (value == "tcp") return truth(protocol == kTcp);
  if (value == "udp") return truth(protocol == kUdp);
  return Truth::no;  // another one by its name
}

// "eth*" is every name that begins so.
Truth is_interface(const std::string& interface, const std::string& value) {
  if (interface.empty()) return Truth::perhaps;
  if (value.ends_with("*")) return truth(interface.starts_with(value.substr(0, value.size() - 1)));
  return truth(interface == value);
}

Truth is_state(const std::string& state, const std::string& value) {
  return state.empty() || number_in(value) ? Truth::perhaps : truth(state == value);
}

Truth is_family(Family family, const std::string& value) {
  const bool v4 = family == Family::v4;
  if (value == "ipv4" || value == "ip") return truth(v4);
  if (value == "ipv6" || value == "ip6") return truth(!v4);
  return number_in(value) ? Truth::perhaps : Truth::no;  // arp, vlan, …
}

Truth is_value(const Passing& packet, NftField field, const std::string& value) {
  switch (field) {
    case NftField::family:
    case NftField::ether_type:
      return is_family(packet.family, value);
    case NftField::protocol:
      return is_protocol(packet.protocol, value);
    case NftField::source:
      return is_address(packet.source, value);
    case NftField::destination:
      return is_address(packet.destination, value);
    case NftField::source_port:
      return is_port(packet.source_port, value);
    case NftField::destination_port:
      return is_port(packet.destination_port, value);
    case NftField::input:
      return is_interface(packet.input, value);
    case NftField::output:
      return is_interface(packet.output, value);
    case NftField::state:
      return is_state(packet.state, value);
    case NftField::other:
      break;
  }
  return Truth::perhaps;
}

// A rule about "tcp dport" or "ip saddr" is about no other packets, whatever it compares.
bool is_about(const Passing& packet, std::string_view key) {
  if (key.starts_with("ip ")) return packet.family == Family::v4;
  if (key.starts_with("ip6 ")) return packet.family == Family::v6;
  if (key.starts_with("tcp ")) return packet.protocol == kTcp || packet.protocol == 0;
  if (key.starts_with("udp ")) return packet.protocol == kUdp || packet.protocol == 0;
  return true;
}

Truth is_any(const Passing& packet, NftField field, const NftValues& values) {
  if (field == NftField::other) return Truth::perhaps;
  Truth best = Truth::no;
  for (const std::string& value : values) best = std::max(best, is_value(packet, field, value));
  return best;
}

Truth negated(Truth truth) {
  return truth == Truth::yes ? Truth::no : truth == Truth::no ? Truth::yes : Truth::perhaps;
}

Truth holds(const Passing& packet, const NftMatch& match) {
  if (!is_about(packet, match.key)) return Truth::no;
  const Truth any = is_any(packet, match.field, match.values);
  return match.field != NftField::other && match.negated ? negated(any) : any;
}

Truth holds(const Passing& packet, const NftRule& rule) {
  Truth all = Truth::yes;
  for (const NftMatch& match : rule.matches) all = std::min(all, holds(packet, match));
  return all;
}

enum class End { onward, accepted, dropped, perhaps };

class Walk {
 public:
  Walk(const NftRuleset& ruleset, const NftChain& base, const Passing& packet)
      : ruleset_(ruleset), base_(base), packet_(packet) {}

  std::optional<Dropped> result() {
    const End end = through(base_, 0);
    if (may_pass_ || end == End::accepted || end == End::perhaps) return std::nullopt;
    if (end == End::dropped) return dropped_;
    return base_.drops_by_default ? std::optional(Dropped{&base_, nullptr}) : std::nullopt;
  }

 private:
  static constexpr unsigned kDeepest = 16;  // the kernel's own limit of jumps

  const NftChain* find(const std::string& name) const {
    const auto found = std::find_if(ruleset_.begin(), ruleset_.end(), [&](const NftChain& chain) {
      return chain.name == name && chain.table == base_.table && chain.family == base_.family;
    });
    return found == ruleset_.end() ? nullptr : &*found;
  }

  // onward: the chain came to its end without a verdict.
  End through(const NftChain& chain, unsigned depth) {
    if (depth > kDeepest) return End::perhaps;
    for (const NftRule& rule : chain.rules) {
      const Truth meant = holds(packet_, rule);
      if (meant == Truth::no) continue;
      bool leaves = false;
      const End end = do_rule(chain, rule, meant, depth, leaves);
      if (end != End::onward || leaves) return end;
    }
    return End::onward;
  }

  End do_rule(const NftChain& chain, const NftRule& rule, Truth meant, unsigned depth, bool& leaves) {
    if (!rule.map) return act(chain, rule, rule.action, meant, depth, leaves);
    if (!is_about(packet_, rule.map->key)) return End::onward;
    if (rule.map->field == NftField::other) return End::perhaps;
    for (const auto& [values, action] : rule.map->entries) {
      const Truth entry = is_any(packet_, rule.map->field, values);
      if (entry == Truth::no) continue;
      const End end = act(chain, rule, action, std::min(meant, entry), depth, leaves);
      if (end != End::onward || leaves || entry == Truth::yes) return end;
    }
    return End::onward;
  }

  // A rule that is only perhaps meant may let the packet pass, or not end its way at all.
  End act(const NftChain& chain, const NftRule& rule, const NftAction& action, Truth meant, unsigned depth,
          bool& leaves) {
    const bool certain = meant == Truth::yes;
    switch (action.verdict) {
      case NftVerdict::none:
        return End::onward;
      case NftVerdict::accept:
        if (!certain) may_pass_ = true;
        return certain ? End::accepted : End::onward;
      case NftVerdict::drop:
        if (certain) dropped_ = {&chain, &rule};
        return certain ? End::dropped : End::onward;
      case NftVerdict::leave:
        if (!certain) may_pass_ = true;
        leaves = certain;
        return End::onward;
      case NftVerdict::other:
        if (!certain) may_pass_ = true;
        return certain ? End::perhaps : End::onward;
      case NftVerdict::jump:
      case NftVerdict::go_to:
        return go(action, certain, depth, leaves);
    }
    return End::perhaps;
  }

  End go(const NftAction& action, bool certain, unsigned depth, bool& leaves) {
    const NftChain* target = find(action.chain);
    if (target == nullptr) return End::perhaps;
    const End end = through(*target, depth + 1);
    if (!certain) {
      if (end == End::accepted || end == End::perhaps || action.verdict == NftVerdict::go_to)
        may_pass_ = true;
      return End::onward;
    }
    leaves = action.verdict == NftVerdict::go_to;
    return end;
  }

  const NftRuleset& ruleset_;
  const NftChain& base_;
  const Passing& packet_;
  Dropped dropped_;
  bool may_pass_ = false;
};

}  // namespace

std::optional<Dropped> walk(const NftRuleset& ruleset, const NftChain& base, const Passing& packet) {
  return Walk(ruleset, base, packet).result();
}

}  // namespace steadfast::doctor
