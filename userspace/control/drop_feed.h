// SPDX-License-Identifier: Apache-2.0
// DropFeed: one source of dropped packets, several listeners. The program samples
// while there is a listener and no longer; a listener that is too slow misses drops
// and is told how many, and holds up nobody.
//
// Must not enter: names, JSON (control/live_drops.h).
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/result.h"
#include "kernel/drop_source.h"

namespace steadfast {

class DropFeed {
 public:
  static constexpr std::size_t kMostListeners = 4;
  static constexpr std::size_t kMostWaiting = 4096;  // drops, for one listener

  // Ends with its life; the feed outlives it.
  class Listener {
   public:
    Listener(DropFeed& feed, std::uint64_t missed_before) : feed_(feed), missed_before_(missed_before) {}
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener() { feed_.leave(*this); }

    // The drops since the last call; none when `patience` has passed. An Error
    // ends the stream: the source has failed.
    Result<std::vector<sf_sample>> take(std::chrono::milliseconds patience);
    std::uint64_t missed() const;  // since it listens

   private:
    friend class DropFeed;
    DropFeed& feed_;
    const std::uint64_t missed_before_;
    std::deque<sf_sample> waiting_;
    std::uint64_t overflowed_ = 0;
  };

  explicit DropFeed(DropSource& source);
  DropFeed(const DropFeed&) = delete;
  DropFeed& operator=(const DropFeed&) = delete;
  ~DropFeed();

  // What is dropped from now on; an Error when too many listen already.
  Result<std::unique_ptr<Listener>> listen();

 private:
  void leave(const Listener& listener);
  void follow();
  void give(const sf_sample& sample);

  DropSource& source_;
  mutable std::mutex mutex_;
  std::condition_variable wanted_;   // a first listener, or the end
  std::condition_variable arrived_;  // drops, or a problem
  std::vector<Listener*> listeners_;
  std::optional<Error> problem_;  // of the source; until the next listener comes
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace steadfast
