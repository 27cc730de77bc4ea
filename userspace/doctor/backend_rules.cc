// SPDX-License-Identifier: Apache-2.0
#include "doctor/backend_rules.h"

#include <array>

#include "base/bug.h"
#include "doctor/words.h"

namespace steadfast::rules {

const Rule kPortClosed{
    "SF801",
    Severity::gate,
    "service port of a backend closed or unreachable",
    "users that are sent there are refused, or wait until they give up",
    "start the server, and let it listen on the VIP or on every address",
    {},
    {},
};

const Rule kPathBroken{
    "SF802",
    Severity::gate,
    "backend that does not answer what the balancer sends it",
    "the tunnel is not opened, the VIP is no address of the backend, or its reverse-path check drops what "
    "comes "
    "out of the tunnel: users wait until they give up, and nothing is dropped on the balancer",
    "see what the finding names: steadfast doctor --backend POOL/NAME",
    {},
    {},
    "INC-01",
};

const Rule kWrongSource{
    "SF803",
    Severity::error,
    "backend that answers from another address",
    "clients drop answers that do not come from the VIP",
    "let the server answer from the VIP; look for NAT on the way back",
    {},
    {},
};

const Rule kMtuHole{
    "SF804",
    Severity::gate,
    "full-size packets get lost on the way to a backend",
    "connections open and then hang as soon as somebody sends much",
    "raise the MTU on the way, or set the service's mtu to what it takes",
    {},
    {},
    "INC-30",
};

const Rule kHealthyButDeaf{
    "SF805",
    Severity::error,
    "backend healthy to its own address and deaf on the packets' path",
    "a check of the backend's own address passes, so nobody is alarmed, while its users wait",
    "check along the packets' path: no independent = true; then mend what stands beside this finding",
    {},
    {},
};

const Rule kResetByVip{
    "SF806",
    Severity::gate,
    "backend that refuses connections to the VIP",
    "users are refused, though the server runs: it listens on another address or port",
    "let the server listen on the VIP and the service's port",
    {},
    {},
};

const Rule kStranger{
    "SF807",
    Severity::note,
    "backend whose server calls itself differently from its pool's",
    "an older version answers, or somebody else's machine: some users meet another service than the rest",
    "see what runs there; during a rollout it goes away by itself",
    {},
    {},
};

}  // namespace steadfast::rules

namespace steadfast::doctor {
namespace {

constexpr std::array kRules{
#define X(rule) &rules::rule,
    SF_BACKEND_RULES(X)
#undef X
};

const Rule& rule_of(const std::string& code) {
  for (const Rule* rule : kRules)
    if (rule->code == code) return *rule;
  bug("an examination named a rule that there is not");
}

}  // namespace

Findings backend_findings(const Model& model, const Service& service, const Pool& pool,
                          const Backend& backend, const Verdict& verdict) {
  const std::string who = described(pool, backend) + ", service " + quoted(service.name) + ": ";
  Finding finding =
      make(rule_of(verdict.code), object_of(pool, backend), backend.place, who + verdict.sentence);
  finding.file = model.file;
  if (!verdict.fix.empty()) finding.fix = verdict.fix;
  Findings findings{std::move(finding)};
  if (!verdict.deaf) return findings;
  Finding deaf = make(rules::kHealthyButDeaf, object_of(pool, backend), backend.place,
                      who + "its own address answers, the packets' path does not");
  deaf.file = model.file;
  findings.push_back(std::move(deaf));
  return findings;
}

Finding stranger_finding(const Model& model, const Pool& pool, const Backend& backend,
                         const std::string& difference) {
  Finding finding = make(rules::kStranger, object_of(pool, backend), backend.place,
                         described(pool, backend) + " " + difference);
  finding.file = model.file;
  return finding;
}

}  // namespace steadfast::doctor
