// SPDX-License-Identifier: Apache-2.0
// ProbePath: probe_egress on the balancer's interfaces, so that sockets marked
// with a record send along the path of a service's packets. Lives as long as
// this object; what a killed daemon left attached is replaced by the next one.
//
// Must not enter: sockets' life, what a probe says, what its result means (probe/).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "bpf/probe.h"

struct probe_egress;

namespace steadfast {

class ProbePath {
 public:
  // On all of the interfaces or on none.
  static Result<ProbePath> attach(const std::vector<std::string>& interfaces);
  // On these interfaces from now on: new ones first, then those that are named no more
  // are let go. What somebody has removed meanwhile is attached again. Probes go on.
  Result<void> follow(const std::vector<std::string>& interfaces);

  ProbePath(ProbePath&& other) noexcept;
  ProbePath& operator=(ProbePath&& other) = delete;
  ~ProbePath();

  // Before the socket sends anything. The record ends with the socket.
  Result<void> mark(int socket, const sf_probe& probe) const;
  // What was seen of a probe, which is forgotten: once its socket is closed.
  Result<std::optional<sf_probe_seen>> take(const sf_probe_key& key) const;
  Result<void> forget(const sf_probe_key& key) const;

 private:
  struct Destroy {
    void operator()(probe_egress* object) const;
  };
  using Object = std::unique_ptr<probe_egress, Destroy>;

  ProbePath(Object object, int sockets, int seen);
  Result<int> attach_to(const std::string& interface);
  void let_go_of_others(const std::vector<int>& ifindexes);

  Object object_;
  int sockets_;
  int seen_;
  std::vector<int> ifindexes_;  // where both programs are attached
};

}  // namespace steadfast
