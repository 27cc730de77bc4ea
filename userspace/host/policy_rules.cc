// SPDX-License-Identifier: Apache-2.0
// Routing policy rules that somebody added (`ip rule`).
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>

#include <cinttypes>
#include <cstdio>

#include "host/readers.h"
#include "kernel/netlink.h"
#include "kernel/route_messages.h"

namespace steadfast::host {
namespace {

struct Parts {
  std::uint32_t priority = 0;
  std::uint32_t table = 0;
  std::string selector;
};

std::string hexadecimal(std::uint32_t number) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%" PRIx32, number);
  return text;
}

std::string prefix_in(const nlattr* attribute, int family, unsigned length) {
  return Prefix{address_in(attribute, family), length}.text();
}

void read_part(const nlattr* attribute, const fib_rule_hdr& rule, Parts& parts) {
  switch (mnl_attr_get_type(attribute)) {
    case FRA_PRIORITY:
      parts.priority = mnl_attr_get_u32(attribute);
      return;
    case FRA_TABLE:
      parts.table = mnl_attr_get_u32(attribute);
      return;
    case FRA_SRC:
      parts.selector += "from " + prefix_in(attribute, rule.family, rule.src_len) + " ";
      return;
    case FRA_DST:
      parts.selector += "to " + prefix_in(attribute, rule.family, rule.dst_len) + " ";
      return;
    case FRA_FWMARK:
      parts.selector += "fwmark " + hexadecimal(mnl_attr_get_u32(attribute)) + " ";
      return;
    case FRA_IIFNAME:
      parts.selector += std::string("iif ") + mnl_attr_get_str(attribute) + " ";
      return;
    case FRA_OIFNAME:
      parts.selector += std::string("oif ") + mnl_attr_get_str(attribute) + " ";
      return;
    default:
      return;
  }
}

bool is_standard(const fib_rule_hdr& rule, const Parts& parts) {
  constexpr std::uint32_t kMain = 32766, kDefault = 32767;
  if (rule.action != FR_ACT_TO_TBL || !parts.selector.empty()) return false;
  return (parts.priority == 0 && parts.table == RT_TABLE_LOCAL) ||
         (parts.priority == kMain && parts.table == RT_TABLE_MAIN) ||
         (parts.priority == kDefault && parts.table == RT_TABLE_DEFAULT);
}

std::string action_text(const fib_rule_hdr& rule, std::uint32_t table) {
  switch (rule.action) {
    case FR_ACT_TO_TBL:
      return "lookup " + std::to_string(table);
    case FR_ACT_GOTO:
      return "goto another rule";
    case FR_ACT_BLACKHOLE:
      return "blackhole";
    case FR_ACT_UNREACHABLE:
      return "unreachable";
    case FR_ACT_PROHIBIT:
      return "prohibit";
    default:
      return "action " + std::to_string(rule.action);
  }
}

}  // namespace

std::optional<PolicyRule> policy_rule_in(const nlmsghdr* message) {
  const auto* rule = static_cast<const fib_rule_hdr*>(mnl_nlmsg_get_payload(message));
  if (rule->family != AF_INET && rule->family != AF_INET6) return std::nullopt;  // of multicast routing
  Parts parts;
  parts.table = rule->table;
  for_each_attribute(message, sizeof(fib_rule_hdr),
                     [&](const nlattr* attribute) { read_part(attribute, *rule, parts); });
  if (is_standard(*rule, parts)) return std::nullopt;
  return PolicyRule{
      rule->family == AF_INET ? Family::v4 : Family::v6, parts.priority,
      (parts.selector.empty() ? "from all " : parts.selector) + action_text(*rule, parts.table)};
}

Result<std::vector<PolicyRule>> read_policy_rules() {
  auto netlink = Netlink::open();
  if (!netlink) return netlink.error();
  std::vector<PolicyRule> rules;
  for (const int family : {AF_INET, AF_INET6}) {
    Message<fib_rule_hdr> ask(RTM_GETRULE, NLM_F_DUMP);
    ask->family = static_cast<std::uint8_t>(family);
    const auto read = netlink->request(ask.header(), [&](const nlmsghdr* message) {
      if (auto rule = policy_rule_in(message)) rules.push_back(std::move(*rule));
    });
    // A kernel built without policy routing, or without IPv6, has none.
    if (!read && read.error().os_error != EOPNOTSUPP && read.error().os_error != EAFNOSUPPORT)
      return read.error().while_doing("reading routing policy rules");
  }
  return rules;
}

}  // namespace steadfast::host
