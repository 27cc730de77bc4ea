// SPDX-License-Identifier: Apache-2.0
// Receiver: somebody who is told of alarms over HTTP, with a thread of its own, so
// that one who does not answer delays nobody.
//
// Must not enter: what is due when (outbox.h).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "notify/outbox.h"

namespace steadfast::notify {

enum class Kind { alertmanager, webhook };
const char* name(Kind kind);

// "http://HOST[:PORT][/PATH]", or https.
struct Address {
  std::string origin;  // "http://HOST:PORT"
  std::string path;    // "" or "/…", without a slash at its end
  static Result<Address> parse(const std::string& url);
};

class Receiver {
 public:
  Receiver(Kind kind, Address address, std::string instance);
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  // Ends a request that is under way, one that is still connecting too.
  ~Receiver();

  // Every alarm that stands now; returns at once.
  void take(const std::vector<detect::Alarm>& alarms, double now_s);

  Kind kind() const { return kind_; }
  std::string address() const { return address_.origin + address_.path; }
  std::uint64_t sent() const { return sent_; }
  std::uint64_t failed() const { return failed_; }
  // Why the latest attempt failed; empty: it did not.
  std::string problem() const;

 private:
  class Connection;

  void deliver_until_stopped();
  void end_requests();
  void deliver(const std::vector<Message>& messages);
  Result<void> send(const std::vector<Message>& messages);
  Result<void> post(const std::string& path, const std::string& body);

  const Kind kind_;
  const Address address_;
  const std::string instance_;
  std::unique_ptr<Connection> connection_;

  mutable std::mutex mutex_;
  std::condition_variable news_;
  Outbox outbox_;
  std::string problem_;
  bool stopping_ = false, ended_ = false;
  std::atomic<std::uint64_t> sent_{0}, failed_{0};
  std::thread thread_;
};

}  // namespace steadfast::notify
