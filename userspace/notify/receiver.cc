// SPDX-License-Identifier: Apache-2.0
#include "notify/receiver.h"

#include <fcntl.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

#include "base/clock.h"
#include "base/thread_name.h"

namespace steadfast::notify {
namespace {

constexpr time_t kPatience_s = 5;
constexpr std::chrono::milliseconds kEndAgain{20};
constexpr double kAlertmanagerRepeat_s = 60;
constexpr char kAlerts[] = "/api/v2/alerts";
constexpr int kGood = 200, kNoLongerGood = 300;

// The library throws for a scheme that it does not know.
bool is_origin(const std::string& text) {
  try {
    return httplib::Client(text).is_valid();
  } catch (const std::invalid_argument&) {
    return false;
  }
}

}  // namespace

const char* name(Kind kind) { return kind == Kind::alertmanager ? "alertmanager" : "webhook"; }

Result<Address> Address::parse(const std::string& url) {
  const auto authority = url.find("://");
  const auto path = authority == url.npos ? url.npos : url.find('/', authority + 3);
  Address address{url.substr(0, path), path == url.npos ? "" : url.substr(path)};
  while (address.path.ends_with('/')) address.path.pop_back();
  const bool names_host = authority != url.npos && address.origin.size() > authority + 3;
  if (names_host && is_origin(address.origin)) return address;
  return Error{"\"" + url + "\" is no address: http://HOST:PORT[/PATH] is expected"};
}

// The library's own stop() waits until a connection that is being made stands.
class Receiver::Connection : public httplib::Client {
 public:
  explicit Connection(const std::string& origin) : httplib::Client(origin) {
    set_connection_timeout(kPatience_s);
    set_read_timeout(kPatience_s);
    set_write_timeout(kPatience_s);
    set_socket_options([this](int socket) { note(socket); });
  }
  ~Connection() { note(-1); }

  void end() {
    const std::lock_guard guard(mutex_);
    if (latest_ >= 0) shutdown(latest_, SHUT_RDWR);
  }

 private:
  // A number of its own: the library's may be somebody else's by then.
  void note(int socket) {
    const std::lock_guard guard(mutex_);
    if (latest_ >= 0) close(latest_);
    latest_ = socket < 0 ? -1 : fcntl(socket, F_DUPFD_CLOEXEC, 0);
  }

  std::mutex mutex_;
  int latest_ = -1;
};

Receiver::Receiver(Kind kind, Address address, std::string instance)
    : kind_(kind),
      address_(std::move(address)),
      instance_(std::move(instance)),
      connection_(std::make_unique<Connection>(address_.origin)),
      outbox_(kind == Kind::alertmanager ? kAlertmanagerRepeat_s : 0) {
  thread_ = std::thread([this] { deliver_until_stopped(); });
}

Receiver::~Receiver() {
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  news_.notify_all();
  end_requests();
  thread_.join();
}

// Again and again: one may be between two steps, where nothing can be ended.
void Receiver::end_requests() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    lock.unlock();
    connection_->end();
    lock.lock();
    news_.wait_for(lock, kEndAgain, [this] { return ended_; });
  }
}

void Receiver::take(const std::vector<detect::Alarm>& alarms, double now_s) {
  const std::lock_guard guard(mutex_);
  outbox_.take(alarms, now_s);
  if (!outbox_.due(now_s).empty()) news_.notify_all();
}

void Receiver::deliver_until_stopped() {
  name_thread("alerting");
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    const double now_s = unix_now_s();
    if (const auto messages = outbox_.due(now_s); !messages.empty()) {
      lock.unlock();
      deliver(messages);
      lock.lock();
      continue;
    }
    const auto next_s = outbox_.next_s();
    if (next_s)
      news_.wait_for(lock, std::chrono::duration<double>(*next_s - now_s));
    else
      news_.wait(lock);
  }
  ended_ = true;
  news_.notify_all();
}

void Receiver::deliver(const std::vector<Message>& messages) {
  const auto done = send(messages);
  const std::lock_guard guard(mutex_);
  problem_ = done ? "" : done.error().what;
  if (done) return;
  ++failed_;
  outbox_.failed(unix_now_s());
}

// A webhook is told of one at a time, so that it is not told twice of those that it
// took before it failed.
Result<void> Receiver::send(const std::vector<Message>& messages) {
  const auto note = [this](const std::vector<Message>& taken) {
    const std::lock_guard guard(mutex_);
    outbox_.sent(taken, unix_now_s());
    sent_ += taken.size();
  };
  if (kind_ == Kind::alertmanager) {
    auto posted = post(address_.path + kAlerts, alertmanager_body(messages, instance_));
    if (posted) note(messages);
    return posted;
  }
  for (const Message& message : messages) {
    const std::string path = address_.path.empty() ? "/" : address_.path;
    if (auto posted = post(path, webhook_body(message, instance_)); !posted) return posted;
    note({message});
  }
  return {};
}

Result<void> Receiver::post(const std::string& path, const std::string& body) {
  const auto answer = connection_->Post(path, body, "application/json");
  const std::string where = std::string(name(kind_)) + " " + address_.origin + path + ": ";
  if (!answer) return Error{where + httplib::to_string(answer.error())};
  if (answer->status < kGood || answer->status >= kNoLongerGood)
    return Error{where + "HTTP status " + std::to_string(answer->status) + " " + answer->body.substr(0, 200)};
  return {};
}

std::string Receiver::problem() const {
  const std::lock_guard guard(mutex_);
  return problem_;
}

}  // namespace steadfast::notify
