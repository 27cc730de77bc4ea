// SPDX-License-Identifier: Apache-2.0
#include "notify/receiver.h"

#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "base/clock.h"

namespace steadfast::notify {
namespace {

using nlohmann::json;

// Somebody who listens, and answers as it is told.
class Listening {
 public:
  Listening() {
    http_.Post(".*", [this](const httplib::Request& request, httplib::Response& response) {
      const std::lock_guard guard(mutex_);
      got_.push_back({request.path, json::parse(request.body), unix_now_s()});
      response.status = answer_;
      news_.notify_all();
    });
    port_ = http_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { http_.listen_after_bind(); });
  }
  ~Listening() {
    http_.stop();
    thread_.join();
  }
  struct Got {
    std::string path;
    json body;
    double at_s;
  };
  // Waits for so many.
  std::vector<Got> got(std::size_t count) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(news_.wait_for(lock, std::chrono::seconds(30), [&] { return got_.size() >= count; }));
    return got_;
  }
  void answer(int status) {
    const std::lock_guard guard(mutex_);
    answer_ = status;
  }
  std::string url(const std::string& path = {}) const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }

 private:
  httplib::Server http_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::vector<Got> got_;
  int answer_ = 200;
  int port_ = 0;
  std::thread thread_;
};

// Takes no more connections: whoever connects waits.
class Full {
 public:
  Full() {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listening_, reinterpret_cast<sockaddr*>(&at), sizeof at);
    listen(listening_, 0);
    socklen_t bytes = sizeof at;
    getsockname(listening_, reinterpret_cast<sockaddr*>(&at), &bytes);
    port_ = ntohs(at.sin_port);
    for (const int waiting : waiting_) connect(waiting, reinterpret_cast<sockaddr*>(&at), sizeof at);
  }
  ~Full() {
    close(listening_);
    for (const int waiting : waiting_) close(waiting);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  // Connections to it that are being made, as the kernel tells them.
  int connecting() const {
    char to[32];
    std::snprintf(to, sizeof to, "0100007F:%04X 02", port_);
    std::ifstream all("/proc/net/tcp");
    int count = 0;
    for (std::string line; std::getline(all, line);) count += line.find(to) != line.npos ? 1 : 0;
    return count;
  }

 private:
  static int stream(int flags) { return socket(AF_INET, SOCK_STREAM | flags, 0); }

  int listening_ = stream(0);
  std::array<int, 3> waiting_{stream(SOCK_NONBLOCK), stream(SOCK_NONBLOCK), stream(SOCK_NONBLOCK)};
  int port_ = 0;
};

detect::Alarm alarm(const std::string& key) {
  detect::Alarm alarm;
  alarm.key = key;
  alarm.verdict = "no_backend";
  alarm.object = key;
  return alarm;
}

TEST(Receivers, AnAlertmanagerIsToldOfAllTogetherAndOfTheirEnd) {
  Listening other;
  Receiver receiver(Kind::alertmanager, *Address::parse(other.url("/am/")), "edge-01");
  receiver.take({alarm("a"), alarm("b")}, unix_now_s());
  const auto first = other.got(1);
  EXPECT_EQ(first[0].path, "/am/api/v2/alerts");
  EXPECT_EQ(first[0].body.size(), 2u);
  receiver.take({alarm("b")}, unix_now_s());
  const auto second = other.got(2);
  ASSERT_EQ(second[1].body.size(), 1u);
  EXPECT_EQ(second[1].body[0]["labels"]["object"], "a");
  EXPECT_TRUE(second[1].body[0].contains("endsAt"));
}

TEST(Receivers, AWebhookIsToldOfOneAtATime) {
  Listening other;
  Receiver receiver(Kind::webhook, *Address::parse(other.url("/hook")), "edge-01");
  receiver.take({alarm("a"), alarm("b")}, unix_now_s());
  const auto got = other.got(2);
  EXPECT_EQ(got[0].path, "/hook");
  EXPECT_EQ(got[0].body["alarm"]["key"], "a");
  EXPECT_EQ(got[1].body["alarm"]["key"], "b");
}

TEST(Receivers, OneThatFailsIsAskedAgainAfterAPause) {
  Listening other;
  other.answer(503);
  Receiver receiver(Kind::alertmanager, *Address::parse(other.url()), "edge-01");
  receiver.take({alarm("a")}, unix_now_s());
  other.got(1);
  other.answer(200);
  const auto got = other.got(2);
  EXPECT_EQ(got[1].body[0]["labels"]["object"], "a");
  EXPECT_GE(got[1].at_s - got[0].at_s, kFirstPause_s);
  EXPECT_EQ(receiver.failed(), 1u);
}

TEST(Receivers, OneThatIsNotThereHoldsNobodyUp) {
  Receiver receiver(Kind::webhook, *Address::parse("http://127.0.0.1:1"), "edge-01");
  for (int i = 0; i < 1000; ++i) receiver.take({alarm("a")}, unix_now_s());
}

// Beside somebody who waits for as long as he would have waited himself, but for the end.
TEST(Receivers, OneThatIsStillConnectingIsEnded) {
  const Full other;
  const int before = other.connecting();
  std::optional<Receiver> receiver(std::in_place, Kind::webhook, *Address::parse(other.url()), "edge-01");
  receiver->take({alarm("a")}, unix_now_s());
  while (other.connecting() == before) std::this_thread::yield();
  std::atomic<bool> gave_up{false};
  std::thread patient([&] {
    httplib::Client client(other.url());
    client.set_connection_timeout(2);
    EXPECT_FALSE(client.Get("/"));
    gave_up = true;
  });
  receiver.reset();
  EXPECT_FALSE(gave_up);
  patient.join();
}

TEST(Receivers, AnAddressIsChecked) {
  EXPECT_EQ(Address::parse("http://alerts:9093")->origin, "http://alerts:9093");
  EXPECT_EQ(Address::parse("https://alerts/a/b/")->path, "/a/b");
  for (const char* wrong : {"", "alerts:9093", "ftp://alerts", "http://", "http//alerts"})
    EXPECT_FALSE(Address::parse(wrong)) << wrong;
}

}  // namespace
}  // namespace steadfast::notify
