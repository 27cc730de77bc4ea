// SPDX-License-Identifier: Apache-2.0
// LiveDrops: one client's stream of dropped packets as lines of JSON, in names
// instead of numbers, and only those the client asked for.
//
//   GET /api/v1/drops/live?service=NAME&verdict=LABEL     lines of report::DropLine
//
// Packets belong to users, so this endpoint answers on the control socket alone.
//
// Must not enter: HTTP, sockets.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "control/balancer.h"
#include "control/drop_feed.h"
#include "control/routes.h"
#include "report/live_drop.h"

namespace steadfast {

class LiveDrops {
 public:
  static constexpr char kPath[] = "/api/v1/drops/live";
  static constexpr char kContentType[] = "application/jsonl";

  // `feed` is null where no program samples. An answer instead: there is no stream.
  struct Opened {
    std::unique_ptr<LiveDrops> stream;
    Reply refusal;
  };
  static Opened open(Balancer& balancer, DropFeed* feed, const Query& query);

  // The lines that are due, after waiting for at most `patience`. They begin with a
  // sign of life: from then on no drop is overlooked.
  Result<std::string> next(std::chrono::milliseconds patience);

 private:
  struct Wish {
    std::optional<std::string> service;
    std::optional<sf_verdict> verdict;
  };
  LiveDrops(Balancer& balancer, std::unique_ptr<DropFeed::Listener> listener, Wish wish);
  static Result<Wish> wish_in(const Query& query);
  bool is_wished(const report::LiveDrop& drop) const;
  report::LiveDrop describe(const sf_sample& sample);
  const std::string& service_name(std::uint32_t id);
  void learn_names();

  Balancer& balancer_;
  std::unique_ptr<DropFeed::Listener> listener_;
  Wish wish_;
  std::map<std::uint32_t, std::string> services_;  // by id
  std::chrono::steady_clock::time_point learnt_;
  std::chrono::steady_clock::time_point last_line_;
  std::uint64_t missed_told_ = 0;
};

}  // namespace steadfast
