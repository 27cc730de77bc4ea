// SPDX-License-Identifier: Apache-2.0
#include "control/server.h"

#include <fcntl.h>
#include <httplib.h>
#include <malloc.h>
#include <pthread.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <thread>

#include "base/thread_name.h"
#include "control/api.h"
#include "control/listener.h"
#include "control/live_drops.h"
#include "control/routes.h"
#include "dashboard/assets.h"

namespace steadfast {
namespace {

// What such an answer was made of is many times as much, and the library would keep it,
// in every thread that has given one.
constexpr std::size_t kLargeAnswer = 1 << 20;
// A listener to drops keeps its thread; the others are for requests that end.
constexpr std::size_t kThreads = 4 + DropFeed::kMostListeners;
constexpr std::chrono::milliseconds kStreamRound{500};  // how soon a stream sees that it has to end
constexpr std::chrono::milliseconds kDescriptorPause{10};
constexpr time_t kPatienceSeconds = 5;  // for a client that connects and says nothing

void fill(httplib::Response& response, const Reply& reply) {
  response.status = reply.status;
  response.set_content(reply.body, reply.content_type);
}

// The library answers some errors (413, a broken request line) with no body.
std::string sentence(int status) {
  switch (status) {
    case 400:
      return "the request is not well-formed HTTP";
    case 404:
      return "no such endpoint; GET /api/v1/ lists them";
    case 413:
      return "the body is larger than " + std::to_string(api::kMaxBodyBytes >> 20) + " MiB";
    default:
      return "the request failed with status " + std::to_string(status);
  }
}

// The library's accept loop on a socket it did not open.
class AdoptingServer : public httplib::Server {
 public:
  // Returns when accepting ends. The library closes what it was given.
  void serve(int fd) {
    svr_sock_ = fd;
    listen_after_bind();
  }
};

// Streams end when their server waits for its requests to end: for good, or because
// accepting has failed and begins anew.
class Tasks : public httplib::ThreadPool {
 public:
  explicit Tasks(std::atomic<bool>& ending) : httplib::ThreadPool(kThreads), ending_(ending) {
    ending_ = false;
  }
  void shutdown() override {
    ending_ = true;
    httplib::ThreadPool::shutdown();
  }

 private:
  std::atomic<bool>& ending_;
};

// A signal must not end an accept(): signals belong to the daemon's main thread.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

}  // namespace

// One listener with its HTTP server and its thread.
class ControlServer::Endpoint {
 public:
  // `drops` may be null.
  Endpoint(Balancer& balancer, Listener listener, bool takes_changes, DropFeed* drops)
      : balancer_(balancer), listener_(std::move(listener)), takes_changes_(takes_changes), drops_(drops) {
    configure();
    add_routes();
    const SignalsBlocked inherited_by_the_thread;
    thread_ = std::thread([this] { accept_until_stopped(); });
  }
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;
  ~Endpoint() {
    stopping_ = true;
    listener_.shut_down();
    thread_.join();
  }

  const std::string& name() const { return listener_.name(); }

 private:
  void configure() {
    http_.new_task_queue = [this] { return new Tasks(streams_end_); };
    // One request per connection: an idle one would hold a thread, and stop().
    http_.set_keep_alive_max_count(1);
    http_.set_keep_alive_timeout(kPatienceSeconds);
    http_.set_read_timeout(kPatienceSeconds);
    http_.set_write_timeout(kPatienceSeconds);
    http_.set_payload_max_length(api::kMaxBodyBytes);
    http_.set_default_headers({{"Content-Security-Policy", dashboard::kContentPolicy},
                               {"X-Content-Type-Options", "nosniff"},
                               {"Referrer-Policy", "no-referrer"},
                               {"Cache-Control", "no-store"}});
    http_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      return admit(request, response);
    });
    http_.set_error_handler([](const httplib::Request&, httplib::Response& response) {
      if (response.body.empty()) fill(response, failure(response.status, sentence(response.status)));
    });
  }

  void add_routes() {
    for (const Route& route : routes()) {
      const auto answer = [this, &route](const httplib::Request& request, httplib::Response& response) {
        fill(response, steadfast::answer(route, balancer_, request.body,
                                         {request.params.begin(), request.params.end()}));
        if (response.body.size() >= kLargeAnswer) malloc_trim(0);
      };
      if (!route.changes)
        http_.Get(route.path, answer);
      else if (takes_changes_)
        http_.Post(route.path, answer);
    }
    for (const dashboard::Asset& asset : dashboard::assets())
      http_.Get(std::string(asset.path), [&asset](const httplib::Request&, httplib::Response& response) {
        response.set_content(asset.body.data(), asset.body.size(), std::string(asset.content_type));
      });
    if (takes_changes_)
      http_.Get(LiveDrops::kPath, [this](const httplib::Request& request, httplib::Response& response) {
        stream_drops({request.params.begin(), request.params.end()}, response);
      });
  }

  void stream_drops(const Query& query, httplib::Response& response) {
    auto opened = LiveDrops::open(balancer_, drops_, query);
    if (!opened.stream) return fill(response, opened.refusal);
    const auto write = [this, stream = std::shared_ptr(std::move(opened.stream))](std::size_t,
                                                                                  httplib::DataSink& sink) {
      const auto lines = streams_end_ ? Error{"stopping"} : stream->next(kStreamRound);
      if (!lines) return sink.done(), true;
      return lines->empty() || sink.write(lines->data(), lines->size());
    };
    response.set_chunked_content_provider(LiveDrops::kContentType, write);
  }

  // Before any body is read, so that a refused change costs nothing.
  httplib::Server::HandlerResponse admit(const httplib::Request& request, httplib::Response& response) const {
    const bool reads = request.method == "GET" || request.method == "HEAD";
    const Route* const route = find_route(request.path);
    if (!takes_changes_ && !reads)
      return refuse(response, 405, "this address only answers reads; changes go over the control socket",
                    "GET, HEAD");
    if (request.path == LiveDrops::kPath) return admit_listener(reads, response);
    if (route == nullptr && dashboard::find_asset(request.path) == nullptr)
      return refuse(response, 404, sentence(404), nullptr);
    if (route == nullptr)
      return reads ? httplib::Server::HandlerResponse::Unhandled
                   : refuse(response, 405, "this endpoint takes GET", "GET, HEAD");
    if (!takes_changes_ && route->changes)
      return refuse(response, 403, "changes go over the control socket", nullptr);
    if (route->changes && request.method != "POST")
      return refuse(response, 405, "this endpoint takes POST", "POST");
    if (!route->changes && !reads) return refuse(response, 405, "this endpoint takes GET", "GET, HEAD");
    return httplib::Server::HandlerResponse::Unhandled;
  }

  // Being able to reach the host must not be enough to read users' packets.
  httplib::Server::HandlerResponse admit_listener(bool reads, httplib::Response& response) const {
    if (!takes_changes_) return refuse(response, 403, "packets go over the control socket", nullptr);
    if (!reads) return refuse(response, 405, "this endpoint takes GET", "GET, HEAD");
    return httplib::Server::HandlerResponse::Unhandled;
  }

  static httplib::Server::HandlerResponse refuse(httplib::Response& response, int status,
                                                 const std::string& what, const char* allow) {
    if (allow != nullptr) response.set_header("Allow", allow);
    fill(response, failure(status, what));
    return httplib::Server::HandlerResponse::Handled;
  }

  // The library ends its loop on any error of accept(), even one client's
  // ECONNABORTED, and closes the socket: it gets a duplicate, again and again.
  void accept_until_stopped() {
    name_thread("http");
    while (!stopping_) {
      const int copy = fcntl(listener_.fd(), F_DUPFD_CLOEXEC, 0);
      if (copy >= 0)
        http_.serve(copy);
      else  // out of descriptors: others must close some first
        std::this_thread::sleep_for(kDescriptorPause);
    }
  }

  Balancer& balancer_;
  Listener listener_;
  const bool takes_changes_;
  DropFeed* const drops_;
  std::atomic<bool> streams_end_{false};
  AdoptingServer http_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

ControlServer::ControlServer(Balancer& balancer, Options options)
    : balancer_(balancer), options_(std::move(options)) {}

ControlServer::~ControlServer() = default;

Result<void> ControlServer::start() {
  std::unique_ptr<Listener> control, reads;
  if (!options_.socket.empty()) {
    auto opened = Listener::unix_socket(options_.socket);
    if (!opened) return opened.error();
    control = std::make_unique<Listener>(std::move(*opened));
  }
  if (!options_.listen.empty()) {
    auto opened = Listener::tcp(options_.listen);
    if (!opened) return opened.error();
    reads = std::make_unique<Listener>(std::move(*opened));
  }
  if (control) unix_ = std::make_unique<Endpoint>(balancer_, std::move(*control), true, options_.drops);
  if (reads) tcp_ = std::make_unique<Endpoint>(balancer_, std::move(*reads), false, nullptr);
  return {};
}

void ControlServer::stop() {
  tcp_.reset();
  unix_.reset();
}

std::string ControlServer::tcp_address() const { return tcp_ ? tcp_->name() : ""; }

}  // namespace steadfast
