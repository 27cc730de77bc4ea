// SPDX-License-Identifier: Apache-2.0
// ControlClient: the daemon's HTTP interface as calls, over its Unix socket.
//
// Must not enter: terminals, what a change means.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/result.h"
#include "control/api.h"

namespace steadfast {

class ControlClient {
 public:
  explicit ControlClient(std::string socket) : socket_(std::move(socket)) {}

  // One read; `View` is what userspace/control/api.h has for the path.
  template <typename View>
  Result<View> read(const std::string& path) const {
    const auto body = get(path);
    if (!body) return body.error();
    auto view = api::decode<View>(*body);
    return view ? std::move(view) : view.error().while_doing("reading " + path);
  }
  // Its body alone.
  Result<std::string> get(const std::string& path) const;
  // A stream of lines until the daemon ends it, or `take` returns false.
  Result<void> follow(const std::string& path, const std::map<std::string, std::string>& query,
                      const std::function<bool(const std::string& line)>& take) const;

  // A refused change is an Outcome, not an Error: the daemon has answered.
  Result<Outcome> apply(const Change& change) const;
  Result<Outcome> edit(const BackendEdit& edit) const;
  Result<Outcome> rollback(const api::RollbackRequest& request) const;
  Result<Outcome> confirm(const api::ConfirmRequest& request) const;
  Result<Outcome> extend(const api::ExtendRequest& request) const;
  Result<Outcome> cancel(const api::CancelRequest& request) const;
  Result<PlanAnswer> plan(const Change& change) const;
  Result<DoctorReport> doctor(const DoctorQuestion& question) const;
  Result<rehearsal::TestReport> test(const std::vector<rehearsal::TestText>& tests) const;
  Result<std::string> generation_text(std::uint64_t number) const;
  Result<api::TraceReply> trace(const api::TraceRequest& request) const;

 private:
  struct Answer {
    int status = 0;
    std::string body;
  };
  Result<Answer> post(const std::string& path, const std::string& body) const;
  template <typename Request>
  Result<Outcome> change(const std::string& path, const Request& request) const;
  template <typename Reply, typename Request>
  Result<Reply> ask(const std::string& path, const Request& request) const;

  std::string socket_;
};

// One read of another balancer, by the address of its TCP listener ("http://edge-02:9464").
Result<std::string> get_from(const std::string& url, const std::string& path);

}  // namespace steadfast
