// SPDX-License-Identifier: Apache-2.0
// What could not be looked at.
#include "doctor/rules.h"

namespace steadfast::rules {
namespace {

using doctor::Situation;

// A fact that nobody asked for is no fault.
template <typename T>
void look_at(const host::Fact<T>& fact, const char* name, const char* rules, const Situation& situation,
             Findings& findings) {
  if (fact || !fact.was_read()) return;
  Finding finding = make(kFactUnreadable.rule, std::string("host/") + name, situation.model().host.place,
                         std::string(name) + " of this host could not be read, so " + rules +
                             " cannot be judged: " + fact.error().what);
  findings.push_back(std::move(finding));
}

void find_unread(const Situation& situation, Findings& findings) {
  const host::HostFacts& facts = situation.facts();
  look_at(facts.interfaces, "interfaces", "SF701 to SF707", situation, findings);
  look_at(facts.addresses, "addresses", "SF708 and SF711", situation, findings);
  look_at(facts.paths, "routes", "SF606, SF709 and SF710", situation, findings);
  look_at(facts.policy_rules, "rules", "SF716", situation, findings);
  look_at(facts.sysctls, "sysctls", "SF606 and SF708", situation, findings);
  look_at(facts.nft, "netfilter", "SF712", situation, findings);
  look_at(facts.kernel, "kernel", "SF713 to SF715", situation, findings);
  look_at(facts.agents, "agents", "SF716", situation, findings);
  look_at(facts.most_files, "files", "SF608", situation, findings);
  look_at(facts.bpffs, "bpffs", "SF704 and SF717", situation, findings);
}

}  // namespace

const HostCheck kFactUnreadable{
    {
        "SF718",
        Severity::error,
        "part of the host could not be looked at",
        "what nobody could see is not sound, only unknown: the rules that need it say nothing. On apply it "
        "is a "
        "warning",
        "run the doctor as root, in the network namespace of the balancer",
        {},
        {},
    },
    find_unread,
};

}  // namespace steadfast::rules
