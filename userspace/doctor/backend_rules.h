// SPDX-License-Identifier: Apache-2.0
// The rules over one backend that was examined: what its host lacks. Probes find
// them (probe/doctor.h); here is what each means and what is done about it.
//
// Must not enter: probing, evidence.
#pragma once

#include <string>

#include "config/finding.h"
#include "model/model.h"

namespace steadfast::rules {

// X(symbol)
#define SF_BACKEND_RULES(X) \
  X(kPortClosed)            \
  X(kPathBroken)            \
  X(kWrongSource)           \
  X(kMtuHole)               \
  X(kHealthyButDeaf)        \
  X(kResetByVip)            \
  X(kStranger)

#define X(rule) extern const Rule rule;
SF_BACKEND_RULES(X)
#undef X

}  // namespace steadfast::rules

namespace steadfast::doctor {

// What an examination said about a backend of one service.
struct Verdict {
  std::string code;  // of SF_BACKEND_RULES
  std::string sentence;
  std::string fix;
  bool deaf = false;  // its own address answers
};

// One finding, and SF805 beside it for a backend that passes for healthy.
Findings backend_findings(const Model& model, const Service& service, const Pool& pool,
                          const Backend& backend, const Verdict& verdict);
// SF807: `difference` is how its server differs from those of its pool.
Finding stranger_finding(const Model& model, const Pool& pool, const Backend& backend,
                         const std::string& difference);

}  // namespace steadfast::doctor
