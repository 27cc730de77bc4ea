// SPDX-License-Identifier: Apache-2.0
#include "health/schedule.h"

#include <algorithm>

#include "base/bug.h"

namespace steadfast::health {
namespace {

constexpr double kJitter = 0.1;

std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

// FNV-1a: the same on every machine, as std::hash is not.
std::uint64_t add_text(std::uint64_t hash, const std::string& text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return (hash ^ 0xff) * 0x100000001b3u;
}

Time part(Time time, double factor) {
  return Time(static_cast<Time::rep>(static_cast<double>(time.count()) * factor));
}

}  // namespace

// 0…1, from the seed, the target and the number of its run alone.
double Schedule::noise(const Target& target, std::uint64_t run) const {
  std::uint64_t hash = add_text(add_text(0xcbf29ce484222325u ^ mix(seed_), target.pool), target.backend);
  hash = add_text(hash, target.service) + static_cast<std::uint64_t>(target.kind);
  return static_cast<double>(mix(hash + mix(run)) >> 11) * 0x1p-53;
}

// Targets that stay keep their time; a shorter interval counts from now on, a longer
// one from the next run on.
void Schedule::assign(const std::vector<Task>& tasks, Time now) {
  std::map<Target, Entry> kept;
  for (const Task& task : tasks) {
    const auto old = entries_.find(task.target);
    Entry& entry = kept[task.target];
    if (old != entries_.end()) entry = old->second;
    const bool is_new = entry.number == kGone;
    if (is_new || task.interval < entry.interval) entry.number = ++numbers_;
    if (!entry.running && (is_new || task.interval < entry.interval))
      due_.push({now + part(task.interval, noise(task.target, entry.runs)), task.target, entry.number});
    entry.interval = task.interval;
  }
  keep_running(kept);
  entries_ = std::move(kept);
  std::erase_if(groups_, [](const auto& g) { return g.second.running == 0 && g.second.waiting.empty(); });
}

// A probe that runs while its target goes away still holds its pool's place.
void Schedule::keep_running(std::map<Target, Entry>& kept) const {
  for (const auto& [target, entry] : entries_)
    if (entry.running && !kept.contains(target)) kept.emplace(target, entry).first->second.number = kGone;
}

bool Schedule::is_current(const Due& due) const {
  const auto found = entries_.find(due.target);
  return found != entries_.end() && found->second.number == due.number && !found->second.running;
}

std::optional<Time> Schedule::next() const {
  return due_.empty() ? std::nullopt : std::optional(due_.top().time);
}

void Schedule::start(const Due& due, Time now, std::vector<Target>& started) {
  if (!is_current(due)) return;
  Group& group = groups_[due.target.pool];
  if (group.running >= limit_) return group.waiting.push_back(due);
  Entry& entry = entries_[due.target];
  ++group.running;
  entry.running = true;
  entry.started = now;
  started.push_back(due.target);
}

std::vector<Target> Schedule::take_due(Time now) {
  std::vector<Target> started;
  while (!due_.empty() && due_.top().time <= now) {
    const Due due = due_.top();
    due_.pop();
    start(due, now, started);
  }
  return started;
}

void Schedule::finish(const Target& target, Time now) {
  const auto found = entries_.find(target);
  invariant(found != entries_.end() && found->second.running, "a probe ended that was not running");
  Entry& entry = found->second;
  entry.running = false;
  free_place(groups_[target.pool], now);
  if (entry.number == kGone) {
    entries_.erase(found);
    return;
  }
  const double factor = 1 + kJitter * (2 * noise(target, ++entry.runs) - 1);
  due_.push({std::max(now, entry.started + part(entry.interval, factor)), target, entry.number});
}

void Schedule::free_place(Group& group, Time now) {
  --group.running;
  while (!group.waiting.empty()) {
    Due due = std::move(group.waiting.front());
    group.waiting.pop_front();
    if (!is_current(due)) continue;
    due.time = now;
    return due_.push(std::move(due));
  }
}

std::size_t Schedule::running() const {
  std::size_t sum = 0;
  for (const auto& [pool, group] : groups_) sum += group.running;
  return sum;
}

}  // namespace steadfast::health
