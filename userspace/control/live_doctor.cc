// SPDX-License-Identifier: Apache-2.0
// LiveBalancer and the doctor. The lock is held only to see what runs: looking at
// a host and probing take their time.
#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <string_view>

#include "base/bug.h"
#include "base/clock.h"
#include "control/live_balancer.h"
#include "doctor/backend_rules.h"

namespace steadfast {
namespace {

struct Named {
  const Pool* pool = nullptr;
  const Backend* backend = nullptr;
};

// So many ways that do not work are named one by one.
constexpr std::size_t kWaysNamed = 32;

using Names = std::map<std::pair<std::string_view, std::string_view>, Named>;

Names names_of(const Model& model) {
  Names names;
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends) names[{pool.name, backend.name}] = {&pool, &backend};
  return names;
}

Result<Named> find(const Model& model, const DoctorQuestion& question) {
  const Names names = names_of(model);
  if (const auto found = names.find({question.pool, question.backend}); found != names.end())
    return found->second;
  return Error{"no backend \"" + question.backend + "\" in pool \"" + question.pool + "\" of what runs"};
}

const Service* find_service(const Model& model, const std::string& name) {
  const auto found = std::find_if(model.services.begin(), model.services.end(),
                                  [&](const Service& service) { return service.name == name; });
  return found == model.services.end() ? nullptr : &*found;
}

// A check that follows the packets does not pass where they do not: "healthy but deaf"
// is a backend whose check asks its own address.
bool passes_for_healthy(const Pool& pool, const Examined& found) {
  return found.deaf && pool.health && pool.health->independent;
}

Findings findings_of(const Model& model, const Examined& one, const Pool& pool, const Backend& backend,
                     bool deaf) {
  const Service* service = find_service(model, one.service);
  if (one.code.empty() || service == nullptr) return {};
  return doctor::backend_findings(model, *service, pool, backend, {one.code, one.sentence, one.fix, deaf});
}

void append(Findings more, Findings& findings) {
  std::move(more.begin(), more.end(), std::back_inserter(findings));
}

// Thousands of gates would be read by nobody: the rest of each rule is one of them. Of each
// rule, because who accepts the rest accepts it by its code.
Findings named(const Findings& all) {
  struct Alike {
    std::size_t count = 0;
    const Finding* last = nullptr;
  };
  Findings named;
  std::map<std::pair<std::string, Severity>, Alike> kinds;
  for (const Finding& finding : all) {
    Alike& alike = kinds[{finding.code, finding.severity}];
    alike.last = &finding;
    if (++alike.count <= kWaysNamed) named.push_back(finding);
  }
  for (const auto& [kind, alike] : kinds) {
    if (alike.count <= kWaysNamed) continue;
    Finding rest = *alike.last;
    rest.object = "host";
    rest.message =
        std::to_string(alike.count - kWaysNamed) + " more like these, the last of them: " + rest.message;
    named.push_back(std::move(rest));
  }
  return named;
}

// What nobody could see is in the way like what was seen to be wrong.
Finding unseen(const Model& model, const std::string& what) {
  return make(rules::kPathBroken, "host", model.host.place,
              "before users are sent there nobody could see whether they are answered: " + what);
}

Findings findings_of(const Model& model, const std::vector<ExaminedMember>& members) {
  const Names names = names_of(model);
  Findings findings;
  std::size_t blind = 0;
  for (const ExaminedMember& member : members) {
    const auto of_model = names.find({member.pool, member.backend});
    invariant(of_model != names.end(), "what is examined is of the model");
    const auto& [pool, backend] = of_model->second;
    if (!member.found)
      ++blind;
    else
      append(findings_of(model, *member.found, *pool, *backend, passes_for_healthy(*pool, *member.found)),
             findings);
  }
  findings = named(findings);
  if (blind != 0)
    findings.push_back(unseen(model, std::to_string(blind) + " of " + std::to_string(members.size()) +
                                         " new or altered ways to backends could not be probed in time"));
  return findings;
}

}  // namespace

// What cannot go live anyway is not probed; nor the very first generation, for which
// nobody watches yet.
void LiveBalancer::probe_unlocked(std::unique_lock<std::mutex>& lock, const Change& change,
                                  Admission& admission) {
  const bool could_run = admission.ending == Ending::applied || admission.ending == Ending::gated;
  const HealthWitness* const witness = witness_;
  if (!could_run || witness == nullptr || !deployment_.running()) return;
  const auto start = std::chrono::steady_clock::now();
  const Model before = deployment_.running()->model;
  const Model& after = *admission.model;
  lock.unlock();
  const auto members = witness->examine_change(after, admission.next_hops, &before);
  Findings found = members ? findings_of(after, *members) : Findings{unseen(after, members.error().what)};
  lock.lock();
  settle();
  add_objections(std::move(found), change, admission);
  admission.check_ms += ms_since(start);
}

void LiveBalancer::add_strangers(const Model& model, const DoctorQuestion& question, Findings& findings) {
  const HealthWitness* asked = witness();
  if (asked == nullptr) return;
  const Names names = names_of(model);
  for (const PoolHealth& pool : asked->report().pools)
    for (const BackendHealth& backend : pool.backends) {
      const bool wanted =
          question.backend.empty() || (pool.name == question.pool && backend.name == question.backend);
      if (!wanted || backend.stranger.empty()) continue;
      if (const auto named = names.find({pool.name, backend.name}); named != names.end())
        findings.push_back(
            doctor::stranger_finding(model, *named->second.pool, *named->second.backend, backend.stranger));
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
    for (Finding& finding : findings_of(model, one, *named->pool, *named->backend, one.deaf))
      report.findings.push_back(std::move(finding));
  }
  return report;
}

}  // namespace steadfast
