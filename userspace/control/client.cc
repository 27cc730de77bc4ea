// SPDX-License-Identifier: Apache-2.0
#include "control/client.h"

#include <httplib.h>

#include "control/listener.h"

namespace steadfast {
namespace {

// A change of a large configuration is compiled, written and read back first.
constexpr time_t kReadTimeoutSeconds = 120;
constexpr time_t kPeerTimeoutSeconds = 5;
constexpr int kOkStatus = 200;

// The library's client on a Unix socket, which it cannot open itself.
class UnixClient : public httplib::ClientImpl {
 public:
  explicit UnixClient(std::string path) : httplib::ClientImpl("steadfast", 80), path_(std::move(path)) {
    set_read_timeout(kReadTimeoutSeconds);
  }
  // The library says only that connecting failed; this says why.
  const std::string& problem() const { return problem_; }

 private:
  bool create_and_connect_socket(Socket& socket, httplib::Error& error) override {
    const auto connected = connect_unix(path_);
    if (!connected) {
      problem_ = connected.error().what;
      error = httplib::Error::Connection;
      return false;
    }
    socket.sock = *connected;
    return true;
  }

  std::string path_;
  std::string problem_;
};

Error unreachable(const UnixClient& client, const std::string& socket, httplib::Error error) {
  const std::string why = client.problem().empty()
                              ? "control socket " + socket + ": " + httplib::to_string(error)
                              : client.problem();
  return Error{"asking the daemon: " + why};
}

// What the daemon says is wrong, or at least that it said something else.
Error refused(int status, const std::string& body) {
  const std::string what = api::decode_error(body);
  return Error{"the daemon: " + (what.empty() ? "HTTP status " + std::to_string(status) : what)};
}

}  // namespace

Result<std::string> ControlClient::get(const std::string& path) const {
  UnixClient client(socket_);
  const auto answer = client.Get(path);
  if (!answer) return unreachable(client, socket_, answer.error());
  if (answer->status != 200) return refused(answer->status, answer->body);
  return answer->body;
}

Result<void> ControlClient::follow(const std::string& path, const std::map<std::string, std::string>& query,
                                   const std::function<bool(const std::string& line)>& take) const {
  UnixClient client(socket_);
  int status = 0;
  bool ended = false;
  std::string rest;
  const auto on_answer = [&](const httplib::Response& answer) { return (status = answer.status) != 0; };
  const auto on_bytes = [&](const char* bytes, std::size_t count) {
    rest.append(bytes, count);
    for (std::size_t end = 0; status == kOkStatus && !ended && (end = rest.find('\n')) != rest.npos;) {
      ended = !take(rest.substr(0, end));
      rest.erase(0, end + 1);
    }
    return !ended;
  };
  const auto answer = client.Get(path, httplib::Params(query.begin(), query.end()), {}, on_answer, on_bytes);
  if (ended) return {};
  if (!answer) return unreachable(client, socket_, answer.error());
  if (status != kOkStatus) return refused(status, rest);
  return {};
}

Result<std::string> get_from(const std::string& url, const std::string& path) {
  httplib::Client client(url);
  if (!client.is_valid()) return Error{url + " is no address of a balancer: http://HOST:PORT"};
  client.set_connection_timeout(kPeerTimeoutSeconds);
  client.set_read_timeout(kPeerTimeoutSeconds);
  const auto answer = client.Get(path);
  if (!answer) return Error{"asking " + url + ": " + httplib::to_string(answer.error())};
  if (answer->status != 200) return refused(answer->status, answer->body).while_doing(url);
  return answer->body;
}

Result<ControlClient::Answer> ControlClient::post(const std::string& path, const std::string& body) const {
  UnixClient client(socket_);
  const auto answer = client.Post(path, body, "application/json");
  if (!answer) return unreachable(client, socket_, answer.error());
  return Answer{answer->status, answer->body};
}

template <typename Request>
Result<Outcome> ControlClient::change(const std::string& path, const Request& request) const {
  const auto answer = post(path, api::encode(request));
  if (!answer) return answer.error();
  auto outcome = api::decode<Outcome>(answer->body);
  if (!outcome) return refused(answer->status, answer->body);
  return outcome;
}

Result<Outcome> ControlClient::apply(const Change& wish) const { return change("/api/v1/apply", wish); }
Result<Outcome> ControlClient::edit(const BackendEdit& wish) const { return change("/api/v1/backend", wish); }
Result<Outcome> ControlClient::rollback(const api::RollbackRequest& wish) const {
  return change("/api/v1/rollback", wish);
}

Result<Outcome> ControlClient::confirm(const api::ConfirmRequest& wish) const {
  return change("/api/v1/confirm", wish);
}
Result<Outcome> ControlClient::extend(const api::ExtendRequest& wish) const {
  return change("/api/v1/extend", wish);
}
Result<Outcome> ControlClient::cancel(const api::CancelRequest& wish) const {
  return change("/api/v1/cancel", wish);
}

template <typename Reply, typename Request>
Result<Reply> ControlClient::ask(const std::string& path, const Request& request) const {
  const auto answer = post(path, api::encode(request));
  if (!answer) return answer.error();
  if (answer->status != 200) return refused(answer->status, answer->body);
  return api::decode<Reply>(answer->body);
}

Result<api::TraceReply> ControlClient::trace(const api::TraceRequest& request) const {
  return ask<api::TraceReply>("/api/v1/trace", request);
}

Result<DoctorReport> ControlClient::doctor(const DoctorQuestion& question) const {
  return ask<DoctorReport>("/api/v1/doctor", question);
}

Result<PlanAnswer> ControlClient::plan(const Change& change) const {
  return ask<PlanAnswer>("/api/v1/plan", change);
}

Result<rehearsal::TestReport> ControlClient::test(const std::vector<rehearsal::TestText>& tests) const {
  const auto reply = ask<api::TestReply>("/api/v1/test", api::TestRequest{tests});
  if (!reply) return reply.error();
  return reply->report;
}

Result<std::string> ControlClient::generation_text(std::uint64_t number) const {
  auto reply = read<api::GenerationText>("/api/v1/generation?number=" + std::to_string(number));
  if (!reply) return reply.error();
  return std::move(reply->text);
}

}  // namespace steadfast
