// SPDX-License-Identifier: Apache-2.0
// What a Keeper leaves to the next one, and takes over from the one before.
#include <algorithm>

#include "keeper/keeper.h"

namespace steadfast {
namespace {

constexpr char kPassing[] = "passing";

bool by_probes(const health::BackendView& backend) {
  return backend.reason == health::Reason::probes_fail || backend.reason == health::Reason::path_fails;
}

bool has_somebody_out(const health::PoolView& pool) {
  return std::any_of(pool.backends.begin(), pool.backends.end(),
                     [](const auto& backend) { return !backend.share.in && by_probes(backend); });
}

bool passes(const health::BackendView& backend) {
  return backend.reason == health::Reason::passed || backend.reason == health::Reason::warming;
}

std::string address_of(const Model& model, const std::string& pool_name, const std::string& backend_name) {
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends)
      if (pool.name == pool_name && backend.name == backend_name) return backend.address->text();
  return {};
}

}  // namespace

Recollection Keeper::recollection() const {
  const std::lock_guard guard(mutex_);
  Recollection remembered;
  for (const health::PoolView& pool : board_.view(clock_()).pools) {
    if (!has_somebody_out(pool)) continue;
    for (const health::BackendView& backend : pool.backends) {
      if (!by_probes(backend) && !passes(backend)) continue;
      const std::string standing = passes(backend) ? kPassing : std::string(name(backend.state));
      remembered.push_back({pool.name, backend.name, address_of(what_runs_.model, pool.name, backend.name),
                            standing, passes(backend) ? "" : backend.detail, !backend.share.in});
    }
  }
  return remembered;
}

const Remembered* Keeper::find(const Recollection& remembered, const Pool& pool, const Backend& backend) {
  const auto found = std::find_if(remembered.begin(), remembered.end(), [&](const Remembered& one) {
    return one.pool == pool.name && one.backend == backend.name && one.address == backend.address->text();
  });
  return found == remembered.end() ? nullptr : &*found;
}

// As if its probes had just said so: the path of a deaf one fails, its own address answers.
void Keeper::recall(const Remembered& one, const std::vector<health::Task>& tasks, const Health& check) {
  const health::Time now = clock_();
  for (const health::Task& task : tasks) {
    if (task.target.pool != one.pool || task.target.backend != one.backend) continue;
    const bool deaf = one.standing == name(health::State::deaf);
    const bool pass = one.standing == kPassing || (deaf && task.target.kind == health::Kind::address);
    const health::ProbeResult result{
        pass ? health::Outcome::passed : health::Outcome::no_answer, "before steadfastd started", {}};
    for (unsigned i = 0; i < check.fall; ++i) board_.take(task.target, result, now);
  }
  if (one.out) board_.begin_out(one.pool, one.backend);
}

void Keeper::recall(const Recollection& remembered) {
  const std::lock_guard guard(mutex_);
  const std::vector<health::Task> tasks = health::tasks_of(what_runs_.model);
  for (const Pool& pool : what_runs_.model.pools)
    for (const Backend& backend : pool.backends)
      if (const Remembered* one = find(remembered, pool, backend); one != nullptr && pool.health)
        recall(*one, tasks, *pool.health);
  board_.tick(clock_());
  board_.published(overlay_of(remembered));
}

}  // namespace steadfast
