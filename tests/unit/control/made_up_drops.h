// SPDX-License-Identifier: Apache-2.0
// A source of dropped packets without a program.
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "kernel/drop_source.h"

namespace steadfast {

// Drops as the test says, instead of a program's.
class MadeUpSource : public DropSource {
 public:
  void drop(sf_verdict verdict) {
    sf_sample sample{};
    sample.verdict = verdict;
    drop(sample);
  }
  void drop(const sf_sample& sample) {
    const std::lock_guard guard(mutex_);
    pending_.push_back(sample);
    changed_.notify_all();
  }
  void fail() {
    const std::lock_guard guard(mutex_);
    failed_ = true;
    changed_.notify_all();
  }
  void miss(std::uint64_t count) { beyond_ += count; }
  bool samples() {
    const std::lock_guard guard(mutex_);
    return samples_;
  }
  void wait_for_the_end() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !samples_; });
  }

  void renew() override { become(true); }
  void end() override { become(false); }
  Result<void> wait(int patience_ms, const std::function<void(const sf_sample&)>& take) override {
    std::vector<sf_sample> taken;
    {
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, std::chrono::milliseconds(patience_ms),
                        [this] { return failed_ || !pending_.empty(); });
      if (std::exchange(failed_, false)) return Error{"the ring is gone"};
      taken.swap(pending_);
    }
    for (const sf_sample& sample : taken) take(sample);
    return {};
  }
  MissedDrops missed() const override { return {beyond_, 0}; }

 private:
  void become(bool samples) {
    const std::lock_guard guard(mutex_);
    samples_ = samples;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<sf_sample> pending_;
  bool failed_ = false;
  bool samples_ = false;
  std::atomic<std::uint64_t> beyond_{0};
};

}  // namespace steadfast
