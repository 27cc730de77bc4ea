// SPDX-License-Identifier: Apache-2.0
// The engine against servers on the loopback: probes without a path. With one:
// tests/probe.
#include "probe/prober.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <map>
#include <thread>

namespace steadfast::probe {
namespace {

// A socket of the test, bound to the loopback; it listens when it is TCP.
class Peer {
 public:
  explicit Peer(bool datagram = false) : socket_(::socket(AF_INET, datagram ? SOCK_DGRAM : SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t bytes = sizeof address;
    EXPECT_EQ(bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), bytes), 0);
    EXPECT_EQ(getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &bytes), 0);
    port_ = ntohs(address.sin_port);
    if (!datagram) {
      EXPECT_EQ(listen(socket_.get(), 1024), 0);
    }
  }

  Endpoint endpoint() const { return {*Address::parse("127.0.0.1"), port_}; }
  int get() const { return socket_.get(); }

  // Takes one connection, reads something of it, says `words` and hangs up.
  std::thread answer_with(std::string words) const {
    return std::thread([this, words = std::move(words)] {
      const Fd client(accept(socket_.get(), nullptr, nullptr));
      char room[4096];
      EXPECT_GT(recv(client.get(), room, sizeof room, 0), 0);
      EXPECT_EQ(send(client.get(), words.data(), words.size(), MSG_NOSIGNAL),
                static_cast<ssize_t>(words.size()));
      shutdown(client.get(), SHUT_WR);
      while (recv(client.get(), room, sizeof room, 0) > 0) continue;
    });
  }

  // Takes one datagram and sends it back with one byte changed.
  std::thread echo(std::size_t at, std::uint8_t mask) const {
    return std::thread([this, at, mask] {
      sockaddr_in client{};
      socklen_t bytes = sizeof client;
      char room[4096];
      const auto length =
          recvfrom(socket_.get(), room, sizeof room, 0, reinterpret_cast<sockaddr*>(&client), &bytes);
      ASSERT_GT(length, static_cast<ssize_t>(at));
      room[at] = static_cast<char>(room[at] | mask);
      sendto(socket_.get(), room, static_cast<std::size_t>(length), 0, reinterpret_cast<sockaddr*>(&client),
             bytes);
    });
  }

 private:
  Fd socket_;
  std::uint16_t port_ = 0;
};

// Of a socket that is no more.
Endpoint closed_port(bool datagram) {
  const Peer peer(datagram);
  return peer.endpoint();
}

constexpr std::chrono::milliseconds kPatience{20000};

ProbeRequest request(const Endpoint& backend, HealthType type = HealthType::tcp) {
  ProbeRequest made;
  made.check.type = type;
  made.backend = backend;
  made.timeout = kPatience;
  return made;
}

std::vector<ProbeResult> run_all(Prober& prober) {
  std::vector<ProbeResult> all;
  while (!prober.idle()) {
    auto ended = prober.run(kPatience);
    EXPECT_TRUE(ended);
    for (ProbeResult& result : *ended) all.push_back(std::move(result));
  }
  return all;
}

ProbeResult run_one(ProbeRequest asked) {
  auto prober = Prober::open({});
  EXPECT_TRUE(prober);
  prober->start(std::move(asked));
  auto all = run_all(*prober);
  EXPECT_EQ(all.size(), 1u);
  return all.empty() ? ProbeResult{} : all[0];
}

TEST(Prober, TcpIsRefusedByAClosedPort) {
  EXPECT_EQ(run_one(request(closed_port(false))).outcome, Outcome::refused);
}

TEST(Prober, TcpPassesWhereSomebodyListens) {
  const Peer peer;
  EXPECT_EQ(run_one(request(peer.endpoint())).outcome, Outcome::passed);
}

TEST(Prober, HttpIsJudgedByItsStatus) {
  const std::map<std::string, Outcome> answers{{"HTTP/1.1 200 OK\r\n\r\n", Outcome::passed},
                                               {"HTTP/1.1 503 No\r\n\r\n", Outcome::bad_status},
                                               {"220 smtp\r\n", Outcome::bad_body},
                                               {"HTTP/1", Outcome::bad_body}};
  for (const auto& [words, outcome] : answers) {
    const Peer peer;
    std::thread server = peer.answer_with(words);
    EXPECT_EQ(run_one(request(peer.endpoint(), HealthType::http)).outcome, outcome) << words;
    server.join();
  }
}

TEST(Prober, TlsFailsWhereNobodySpeaksIt) {
  const Peer peer;
  std::thread server = peer.answer_with("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_EQ(run_one(request(peer.endpoint(), HealthType::https)).outcome, Outcome::tls_failed);
  server.join();
}

TEST(Prober, AFullSizeSegmentIsAcknowledgedByTheKernelAlone) {
  const Peer peer;
  ProbeRequest asked = request(peer.endpoint());
  asked.check.full_size = true;
  const ProbeResult result = run_one(asked);
  EXPECT_EQ(result.outcome, Outcome::passed) << result.detail;
  EXPECT_GT(result.full_bytes, 500);
}

TEST(Prober, UdpPassesWithAnyAnswer) {
  const Peer peer(true);
  std::thread server = peer.echo(0, 0);
  ProbeRequest asked = request(peer.endpoint(), HealthType::udp);
  asked.check.payload = "hello";
  EXPECT_EQ(run_one(asked).outcome, Outcome::passed);
  server.join();
}

TEST(Prober, UdpIsRefusedByAClosedPort) {
  EXPECT_EQ(run_one(request(closed_port(true), HealthType::udp)).outcome, Outcome::refused);
}

TEST(Prober, DnsWantsAnAnswerAndNotAnEcho) {
  for (const auto& [mask, outcome] :
       std::map<std::uint8_t, Outcome>{{0x80, Outcome::passed}, {0, Outcome::bad_body}}) {
    const Peer peer(true);
    std::thread server = peer.echo(2, mask);
    ProbeRequest asked = request(peer.endpoint(), HealthType::dns);
    asked.check.host = "health.example";
    EXPECT_EQ(run_one(asked).outcome, outcome);
    server.join();
  }
}

TEST(Prober, AQuestionThatCannotBeAskedIsOurFault) {
  const Peer peer(true);
  ProbeRequest asked = request(peer.endpoint(), HealthType::dns);
  asked.check.host = "a..b";
  EXPECT_EQ(run_one(asked).outcome, Outcome::local_error);
}

TEST(Prober, SilenceEndsWithTheTimeout) {
  const Peer peer(true);
  ProbeRequest asked = request(peer.endpoint(), HealthType::udp);
  asked.timeout = std::chrono::milliseconds(20);
  const ProbeResult result = run_one(asked);
  EXPECT_EQ(result.outcome, Outcome::no_answer);
  EXPECT_GE(result.duration, asked.timeout);
}

TEST(Prober, AServerThatTakesTheConnectionAndSaysNothingHasBegun) {
  const Peer peer;
  ProbeRequest asked = request(peer.endpoint(), HealthType::http);
  asked.timeout = std::chrono::milliseconds(200);
  EXPECT_EQ(run_one(asked).outcome, Outcome::timed_out);
}

TEST(Prober, NeverRunsMoreThanItMayAndLosesNone) {
  const Peer peer;
  auto prober = Prober::open({.concurrency = 7});
  ASSERT_TRUE(prober);
  for (std::uint64_t id = 0; id < 100; ++id) {
    ProbeRequest asked = request(peer.endpoint());
    asked.id = id;
    prober->start(std::move(asked));
  }
  std::map<std::uint64_t, Outcome> outcomes;
  while (!prober->idle()) {
    const auto ended = prober->run(kPatience);
    ASSERT_TRUE(ended);
    EXPECT_LE(prober->running() + ended->size(), 7u);
    for (const ProbeResult& result : *ended) outcomes[result.id] = result.outcome;
  }
  EXPECT_EQ(outcomes.size(), 100u);
  for (const auto& [id, outcome] : outcomes) EXPECT_EQ(outcome, Outcome::passed) << id;
}

}  // namespace
}  // namespace steadfast::probe
