// SPDX-License-Identifier: Apache-2.0
#include "control/client.h"

#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "control/listener.h"
#include "tests/unit/control/temp_dir.h"

namespace steadfast {
namespace {

// Answers one connection with `bytes`, whatever it asks.
class OneAnswer {
 public:
  OneAnswer(const std::string& path, std::string bytes)
      : listener_(*Listener::unix_socket(path)), thread_([this, answer = std::move(bytes)] {
          const int fd = accept(listener_.fd(), nullptr, nullptr);
          char request[4096];
          if (recv(fd, request, sizeof request, 0) > 0) send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
          close(fd);
        }) {}
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;
  ~OneAnswer() { thread_.join(); }

 private:
  Listener listener_;
  std::thread thread_;
};

std::string http(const std::string& status, const std::string& body) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(Client, SaysThatNoDaemonIsThere) {
  const TempDir dir;
  const auto answer = ControlClient(dir / "control.sock").get("/api/v1/status");
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().what.find("asking the daemon: control socket " + (dir / "control.sock")),
            std::string::npos);
  EXPECT_NE(answer.error().what.find("No such file"), std::string::npos) << answer.error().what;
}

TEST(Client, PassesOnWhatTheDaemonSaysIsWrong) {
  const TempDir dir;
  const OneAnswer daemon(dir / "s", http("500 x", R"({"error": "no kernel"})"));
  const auto answer = ControlClient(dir / "s").get("/api/v1/status");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().what, "the daemon: no kernel");
}

TEST(Client, AnAnswerThatIsNoneIsAnError) {
  const TempDir dir;
  const OneAnswer daemon(dir / "s", http("502 x", "<html>"));
  const auto outcome = ControlClient(dir / "s").apply({});
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().what, "the daemon: HTTP status 502");
}

TEST(Client, ADaemonThatDiesMidAnswerIsAnError) {
  const TempDir dir;
  const OneAnswer daemon(dir / "s", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
  EXPECT_FALSE(ControlClient(dir / "s").get("/api/v1/status"));
}

}  // namespace
}  // namespace steadfast
