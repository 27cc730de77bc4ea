// SPDX-License-Identifier: Apache-2.0
// ControlServer: the Balancer over HTTP. Two listeners: a Unix socket that takes
// every verb, and a TCP address that only answers reads, so that being able to
// reach the host is never enough to change it.
//
// Balancer is called from several threads at once and guards itself.
//
// Must not enter: what a change does (control/balancer.h), the HTTP library.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "control/balancer.h"
#include "control/drop_feed.h"

namespace steadfast {

class ControlServer {
 public:
  struct Options {
    std::string socket;         // path; empty: no Unix socket
    std::string listen;         // "127.0.0.1:9090"; empty: no TCP
    DropFeed* drops = nullptr;  // of whoever listens to drops; null: none are sampled
  };

  ControlServer(Balancer& balancer, Options options);
  ~ControlServer();

  // Returns once both listeners accept; on failure neither does.
  Result<void> start();
  // Returns once every request that had begun is answered.
  void stop();

  // "127.0.0.1:43210": where TCP listens, with the port the kernel chose.
  std::string tcp_address() const;

 private:
  class Endpoint;

  Balancer& balancer_;
  Options options_;
  std::unique_ptr<Endpoint> unix_;
  std::unique_ptr<Endpoint> tcp_;
};

}  // namespace steadfast
