// SPDX-License-Identifier: Apache-2.0
// LiveBalancer and the doctor. The lock is held only to see what runs: looking at
// a host and probing take their time.
#include <algorithm>

#include "control/live_balancer.h"
#include "doctor/backend_rules.h"

namespace steadfast {
namespace {

struct Named {
  const Pool* pool = nullptr;
  const Backend* backend = nullptr;
};

Result<Named> find(const Model& model, const DoctorQuestion& question) {
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends)
      if (pool.name == question.pool && backend.name == question.backend) return Named{&pool, &backend};
  return Error{"no backend \"" + question.backend + "\" in pool \"" + question.pool + "\" of what runs"};
}

const Service* find_service(const Model& model, const std::string& name) {
  const auto found = std::find_if(model.services.begin(), model.services.end(),
                                  [&](const Service& service) { return service.name == name; });
  return found == model.services.end() ? nullptr : &*found;
}

}  // namespace

void LiveBalancer::add_strangers(const Model& model, const DoctorQuestion& question, Findings& findings) {
  const HealthWitness* asked = witness();
  if (asked == nullptr) return;
  for (const PoolHealth& pool : asked->report().pools)
    for (const BackendHealth& backend : pool.backends) {
      const bool wanted =
          question.backend.empty() || (pool.name == question.pool && backend.name == question.backend);
      if (!wanted || backend.stranger.empty()) continue;
      if (const auto named = find(model, {pool.name, backend.name}))
        findings.push_back(doctor::stranger_finding(model, *named->pool, *named->backend, backend.stranger));
    }
}

Result<DoctorReport> LiveBalancer::doctor(const DoctorQuestion& question) {
  std::unique_lock lock(mutex_);
  settle();
  if (!deployment_.running()) return Error{"nothing runs yet"};
  if (!deployment_.around().has_host) return Error{"this balancer has no host to look at"};
  const Model model = deployment_.running()->model;
  DoctorReport report{generation_running(), running_record().file, {}, {}};
  lock.unlock();
  add_strangers(model, question, report.findings);
  if (question.backend.empty()) {
    for (Finding& finding : deployment_.around().examine_host(model))
      report.findings.push_back(std::move(finding));
    return report;
  }
  const auto named = find(model, question);
  if (!named) return named.error();
  const auto examined = examine(question.pool, question.backend);
  if (!examined) return examined.error();
  for (const Examined& one : *examined) {
    report.examined.push_back(one.service);
    const Service* service = find_service(model, one.service);
    if (one.code.empty() || service == nullptr) continue;
    for (Finding& finding : doctor::backend_findings(model, *service, *named->pool, *named->backend,
                                                     {one.code, one.sentence, one.fix, one.deaf}))
      report.findings.push_back(std::move(finding));
  }
  return report;
}

}  // namespace steadfast
