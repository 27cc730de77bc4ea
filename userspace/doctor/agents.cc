// SPDX-License-Identifier: Apache-2.0
// Others who change the network of this host.
#include <algorithm>

#include "doctor/rules.h"
#include "doctor/words.h"

namespace steadfast::rules {
namespace {

using doctor::Situation;

bool manages(const host::Agent& agent, const std::string& interface) {
  return std::find(agent.interfaces.begin(), agent.interfaces.end(), interface) != agent.interfaces.end();
}

// networkd keeps its hands off what it did not configure only when it is told to.
void find_networkd(const Situation& situation, const host::Agent& agent, Findings& findings) {
  if (!agent.takes_foreign_routes && !agent.takes_foreign_rules) return;
  const std::string what = agent.takes_foreign_routes && agent.takes_foreign_rules
                               ? "routes and routing rules"
                           : agent.takes_foreign_routes ? "routes"
                                                        : "routing rules";
  Finding finding = make(kOtherAgent.rule, "host/agent/" + agent.name, situation.model().host.place,
                         agent.name + " removes " + what + " that others made, whenever it is restarted");
  finding.fix =
      "write ManageForeignRoutes=no and ManageForeignRoutingPolicyRules=no under [Network] in "
      "/etc/systemd/networkd.conf.d/steadfast.conf, then restart systemd-networkd";
  findings.push_back(std::move(finding));
}

void find_manager(const Situation& situation, const host::Agent& agent, Findings& findings) {
  for (const auto& interface : situation.model().host.interfaces) {
    if (!manages(agent, *interface)) continue;
    Finding finding = make(kOtherAgent.rule, doctor::interface_object(*interface), interface.place,
                           agent.name + " manages " + *interface +
                               ": it may take it down, or set its addresses and routes anew");
    finding.fix = "nmcli device set " + *interface + " managed no";
    findings.push_back(std::move(finding));
  }
}

void find_policy_rules(const Situation& situation, Findings& findings) {
  if (!situation.facts().policy_rules) return;
  for (const host::PolicyRule& rule : *situation.facts().policy_rules) {
    const std::string command = rule.family == Family::v4 ? "ip rule" : "ip -6 rule";
    Finding finding =
        make(kOtherAgent.rule, "host/rule/" + std::to_string(rule.priority), situation.model().host.place,
             "routing rule " + std::to_string(rule.priority) + ": " + rule.text +
                 ": some packets take other routes than the balancer looks up");
    finding.fix = "see whether backends are meant by it; else: " + command + " del priority " +
                  std::to_string(rule.priority);
    findings.push_back(std::move(finding));
  }
}

void find_other_agents(const Situation& situation, Findings& findings) {
  if (!situation.is_whole()) return;
  find_policy_rules(situation, findings);
  if (!situation.facts().agents) return;
  for (const host::Agent& agent : *situation.facts().agents) {
    find_networkd(situation, agent, findings);
    if (agent.name == "NetworkManager") find_manager(situation, agent, findings);
  }
}

}  // namespace

const HostCheck kOtherAgent{
    {
        "SF716",
        Severity::warn,
        "somebody else manages this host's network",
        "a restart or an update of that program takes away routes, addresses or rules the balancer lives on; "
        "a "
        "routing rule may send health checks another way than packets",
        "tell the program to leave foreign routes and the balancer's interfaces alone",
        {},
        {},
        "INC-24",
    },
    find_other_agents,
};

}  // namespace steadfast::rules
