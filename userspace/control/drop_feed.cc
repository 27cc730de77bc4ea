// SPDX-License-Identifier: Apache-2.0
#include "control/drop_feed.h"

#include <algorithm>

namespace steadfast {
namespace {

// Well within the source's lease, and short enough for a daemon that stops.
constexpr int kRoundMs = 200;

}  // namespace

DropFeed::DropFeed(DropSource& source) : source_(source), thread_([this] { follow(); }) {}

DropFeed::~DropFeed() {
  {
    const std::lock_guard guard(mutex_);
    ending_ = true;
  }
  wanted_.notify_all();
  thread_.join();
}

// Renewed here already: what is dropped once this has returned is seen.
Result<std::unique_ptr<DropFeed::Listener>> DropFeed::listen() {
  const std::lock_guard guard(mutex_);
  if (listeners_.size() >= kMostListeners)
    return Error{std::to_string(kMostListeners) + " listen to drops already, and no more may"};
  auto listener = std::make_unique<Listener>(*this, source_.missed().all());
  listeners_.push_back(listener.get());
  problem_.reset();
  source_.renew();
  wanted_.notify_all();
  return listener;
}

void DropFeed::leave(const Listener& listener) {
  const std::lock_guard guard(mutex_);
  std::erase(listeners_, &listener);
  if (listeners_.empty()) source_.end();
}

// One thread for as long as the daemon lives; it sleeps while nobody listens.
void DropFeed::follow() {
  const auto take = [this](const sf_sample& sample) { give(sample); };
  std::unique_lock lock(mutex_);
  while (true) {
    wanted_.wait(lock, [this] { return ending_ || (!listeners_.empty() && !problem_); });
    if (ending_) return;
    source_.renew();
    lock.unlock();
    auto waited = source_.wait(kRoundMs, take);
    lock.lock();
    if (waited) continue;
    problem_ = waited.error();
    source_.end();
    arrived_.notify_all();
  }
}

void DropFeed::give(const sf_sample& sample) {
  const std::lock_guard guard(mutex_);
  for (Listener* const listener : listeners_)
    if (listener->waiting_.size() < kMostWaiting)
      listener->waiting_.push_back(sample);
    else
      listener->overflowed_++;
  arrived_.notify_all();
}

Result<std::vector<sf_sample>> DropFeed::Listener::take(std::chrono::milliseconds patience) {
  std::unique_lock lock(feed_.mutex_);
  feed_.arrived_.wait_for(lock, patience, [this] { return !waiting_.empty() || feed_.problem_; });
  std::vector<sf_sample> taken(waiting_.begin(), waiting_.end());
  waiting_.clear();
  if (taken.empty() && feed_.problem_) return *feed_.problem_;
  return taken;
}

std::uint64_t DropFeed::Listener::missed() const {
  const std::lock_guard guard(feed_.mutex_);
  return feed_.source_.missed().all() - missed_before_ + overflowed_;
}

}  // namespace steadfast
