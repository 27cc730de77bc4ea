// SPDX-License-Identifier: Apache-2.0
#include "control/client.h"

#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "control/listener.h"
#include "tests/unit/control/temp_dir.h"

namespace steadfast {
namespace {

// Reads until the client hangs up: a request's body may come after its head,
// and a socket closed with bytes unread resets the client's end.
void read_all(int fd) {
  char bytes[4096];
  while (recv(fd, bytes, sizeof bytes, 0) > 0) continue;
}

// Answers one connection with `bytes`, whatever it asks.
class OneAnswer {
 public:
  OneAnswer(const std::string& path, std::string bytes)
      : listener_(*Listener::unix_socket(path)), thread_([this, answer = std::move(bytes)] {
          const int fd = accept(listener_.fd(), nullptr, nullptr);
          send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
          shutdown(fd, SHUT_WR);
          read_all(fd);
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
