// SPDX-License-Identifier: Apache-2.0
#include "keeper/keeper.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/bug.h"

namespace steadfast {
namespace {

using health::Time;

constexpr Time kLate = std::chrono::seconds(1);

bool is_failing(health::State state) {
  return state == health::State::down || state == health::State::deaf || state == health::State::held;
}

bool somebody_drains(const Model& model) {
  return std::any_of(model.pools.begin(), model.pools.end(), [](const Pool& pool) {
    return std::any_of(pool.backends.begin(), pool.backends.end(), [](const Backend& backend) {
      return backend.state != BackendState::disabled && !backend.takes_new_flows();
    });
  });
}

std::vector<std::string> problems_of(const Questions& questions) {
  std::set<std::string> problems;
  for (const auto& [target, question] : questions)
    if (!question.problem.empty()) problems.insert(question.problem);
  return {problems.begin(), problems.end()};
}

}  // namespace

Keeper::Keeper(std::uint64_t seed, std::function<Time()> clock)
    : clock_(std::move(clock)), schedule_(seed, kRunningPerPool) {}

// What is made of the model is made before the lock: probes go on meanwhile.
void Keeper::adopt(Followed what_runs, const OwnAddresses& own) {
  const std::vector<health::Task> tasks = health::tasks_of(what_runs.model);
  Questions questions = questions_of(what_runs.model, tasks, own);
  std::vector<std::string> unasked = problems_of(questions);
  const std::lock_guard guard(mutex_);
  const Time now = clock_();
  what_runs_ = std::move(what_runs);
  own_ = own;
  questions_ = std::move(questions);
  unasked_ = std::move(unasked);
  schedule_.assign(tasks, now);
  board_.adopt(what_runs_.model, now);
  cases_.adopt(what_runs_.model);
  server_names_.adopt(what_runs_.model);
  wants_flows_ = somebody_drains(what_runs_.model);
  has_news_ = true;
}

void Keeper::set_path_problem(std::string why) {
  const std::lock_guard guard(mutex_);
  path_problem_ = std::move(why);
}

void Keeper::end(const health::Target& target, const health::ProbeResult& result, Time now) {
  ++figures_.probes[static_cast<std::size_t>(result.outcome)];
  figures_.probe_s += health::seconds(result.duration);
  has_news_ = true;
  board_.take(target, result, now);
}

bool Keeper::is_current(const Asked& asked) const {
  const auto question = questions_.find(asked.target);
  return question != questions_.end() && question->second.request.backend == asked.backend;
}

void Keeper::note_lateness(std::size_t started, Time due, Time now) {
  if (now - due >= kLate) figures_.late += started;
}

std::vector<probe::ProbeRequest> Keeper::due_probes() {
  const std::lock_guard guard(mutex_);
  const Time now = clock_();
  const Time due = schedule_.next().value_or(now);
  std::vector<probe::ProbeRequest> requests;
  const std::vector<health::Target> targets = schedule_.take_due(now);
  note_lateness(targets.size(), due, now);
  for (const health::Target& target : targets) {
    const auto question = questions_.find(target);
    invariant(question != questions_.end(), "what is scheduled has a question");
    const bool path = target.kind == health::Kind::path;
    const std::string& problem = path && !path_problem_.empty() ? path_problem_ : question->second.problem;
    if (!problem.empty()) {
      end(target, {health::Outcome::local_error, problem, {}}, now);
      schedule_.finish(target, now);
      continue;
    }
    requests.push_back(question->second.request);
    requests.back().id = ++last_id_;
    asked_.emplace(last_id_, Asked{target, requests.back().backend});
  }
  figures_.running = asked_.size();
  return requests;
}

Time Keeper::until_next(Time most) const {
  const std::lock_guard guard(mutex_);
  const auto next = schedule_.next();
  return next ? std::clamp(*next - clock_(), Time(0), most) : most;
}

void Keeper::take(const std::vector<probe::ProbeResult>& ended) {
  const std::lock_guard guard(mutex_);
  const Time now = clock_();
  for (const probe::ProbeResult& result : ended) {
    const auto asked = asked_.find(result.id);
    invariant(asked != asked_.end(), "a probe ends once");
    if (is_current(asked->second)) {
      const health::Target& target = asked->second.target;
      server_names_.note(target.pool, target.backend, result.identity);
      end(target, {result.outcome, result.detail, result.duration}, now);
    }
    schedule_.finish(asked->second.target, now);
    asked_.erase(asked);
  }
  figures_.running = asked_.size();
}

bool Keeper::wants_flows() const {
  const std::lock_guard guard(mutex_);
  return wants_flows_;
}

void Keeper::count(const MembersCounted& counted) {
  const std::lock_guard guard(mutex_);
  if (counted.revision != what_runs_.revision) return;
  auto member = counted.members.begin();
  const auto& pools = what_runs_.model.pools;
  for (std::size_t pool = 0; pool < pools.size(); ++pool)
    for (std::size_t i = 0; i < pools[pool].backends.size(); ++i, ++member) {
      board_.count(pool, i, member->handshakes);
      if (member->flows) board_.set_flows(pools[pool].name, pools[pool].backends[i].name, *member->flows);
    }
  has_news_ = true;
}

void Keeper::follow(const health::Event& event) {
  const Cases::Name name{event.pool, event.backend};
  if (is_failing(event.to))
    cases_.open(name, event.time);
  else
    cases_.close(name);
}

void Keeper::tick() {
  const std::lock_guard guard(mutex_);
  const Time now = clock_();
  if (!has_news_ && now - ticked_ < kTickEvery) return;
  ticked_ = now;
  has_news_ = false;
  board_.tick(now);
  for (health::Event& event : board_.take_events()) {
    follow(event);
    events_.push_back(std::move(event));
  }
}

std::optional<health::Overlay> Keeper::overlay_due() {
  const std::lock_guard guard(mutex_);
  return board_.due(clock_());
}

void Keeper::published(const health::Overlay& overlay, Time took) {
  const std::lock_guard guard(mutex_);
  board_.published(overlay);
  publish_problem_.clear();
  ++figures_.published;
  figures_.publish_s += health::seconds(took);
  figures_.last_publish_s = health::seconds(took);
}

void Keeper::not_published(std::string why) {
  const std::lock_guard guard(mutex_);
  publish_problem_ = std::move(why);
}

std::vector<health::Event> Keeper::take_events() {
  const std::lock_guard guard(mutex_);
  return std::exchange(events_, {});
}

// While the cause of all failures is here, an examination would blame the backend for it.
std::optional<Cases::Name> Keeper::next_case() {
  const std::lock_guard guard(mutex_);
  if (board_.cause().is_frozen()) return std::nullopt;
  return cases_.take_due(clock_());
}

void Keeper::note_case(const Cases::Name& name, const std::vector<Examined>& found) {
  const std::lock_guard guard(mutex_);
  cases_.note(name, board_.cause().is_frozen() ? std::vector<Examined>() : found, clock_());
}

std::vector<Checkup> Keeper::checkups(const std::string& pool, const std::string& backend) const {
  const std::lock_guard guard(mutex_);
  return checkups_of(what_runs_.model, what_runs_.next_hops, pool, backend, own_);
}

}  // namespace steadfast
