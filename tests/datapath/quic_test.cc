// SPDX-License-Identifier: Apache-2.0
// Connection ids that name their backend (QUIC-LB, unencrypted).
#include "datapath.h"
#include "support/frames.h"

namespace steadfast {
namespace {

std::string service() {
  std::string text =
      "[[service]]\nname = \"quic\"\nvip = \"192.0.2.10\"\nprotocol = \"udp\"\nport = 443\nforward = "
      "\"ipip\"\npool = \"p\"\nquic = { server_id_bytes = 3, config_id = 2 }\n"
      "[[pool]]\nname = \"p\"\n";
  for (int i = 1; i <= 8; ++i)
    text += "[[pool.backend]]\nname = \"b" + std::to_string(i) + "\"\naddress = \"10.0.2." +
            std::to_string(i) + "\"\nweight = 1\nserver_id = " + std::to_string(i * 1000) + "\n";
  return lab_config(text);
}

std::vector<std::uint8_t> connection_id(unsigned server, std::uint8_t config = 2) {
  return {static_cast<std::uint8_t>(config << 5 | 7),
          static_cast<std::uint8_t>(server >> 16),
          static_cast<std::uint8_t>(server >> 8),
          static_cast<std::uint8_t>(server),
          0xaa,
          0xbb,
          0xcc,
          0xdd};
}

Frame quic(std::uint8_t host, std::uint16_t port, std::vector<std::uint8_t> head) {
  Packet packet = udp(tcp(("203.0.113." + std::to_string(host)).c_str(), port, "192.0.2.10", 443));
  packet.payload_bytes = 64;
  Frame frame = build_frame(packet);
  std::copy(head.begin(), head.end(), frame.begin() + 42);
  return frame;
}

Frame short_header(std::uint8_t host, std::uint16_t port, const std::vector<std::uint8_t>& id) {
  std::vector<std::uint8_t> head{0x40};
  head.insert(head.end(), id.begin(), id.end());
  return quic(host, port, head);
}

Frame long_header(std::uint8_t host, std::uint16_t port, std::uint8_t type,
                  const std::vector<std::uint8_t>& id, std::vector<std::uint8_t> version = {0, 0, 0, 1}) {
  std::vector<std::uint8_t> head{static_cast<std::uint8_t>(0xc0 | type << 4)};
  head.insert(head.end(), version.begin(), version.end());
  head.push_back(static_cast<std::uint8_t>(id.size()));
  head.insert(head.end(), id.begin(), id.end());
  return quic(host, port, head);
}

class Quic : public Datapath {
 protected:
  std::string backend(const Frame& frame) { return lab_.backend(lab_.run(frame)); }
  Lab lab_{GetParam(), service()};
};

TEST_P(Quic, AClientThatMovesKeepsItsBackend) {
  for (unsigned server = 1; server <= 8; ++server)
    for (std::uint8_t host = 1; host <= 10; ++host) {
      const Answer answer = lab_.run(
          short_header(host, static_cast<std::uint16_t>(server * 100 + host), connection_id(server * 1000)));
      EXPECT_EQ(lab_.backend(answer), "b" + std::to_string(server));
      EXPECT_EQ(answer.decision.verdict, static_cast<std::uint32_t>(SF_FORWARDED));
    }
}

// What was learned from an id holds for the next packet without one.
TEST_P(Quic, AFlowFoundByItsIdIsRemembered) {
  EXPECT_EQ(backend(short_header(7, 1, connection_id(5000))), "b5");
  const Answer next = lab_.run(quic(7, 1, {0x00}));
  EXPECT_EQ(lab_.backend(next), "b5");
  EXPECT_EQ(next.decision.role, static_cast<std::uint32_t>(SF_ROLE_HIT));
}

// An address and port that belonged to another client a moment ago.
TEST_P(Quic, TheIdOutweighsTheFlow) {
  EXPECT_EQ(backend(short_header(7, 1, connection_id(5000))), "b5");
  for (const char* server : {"b2", "b4", "b5", "b1"}) {
    EXPECT_EQ(backend(short_header(7, 1, connection_id(static_cast<unsigned>(server[1] - '0') * 1000))),
              server);
    EXPECT_EQ(backend(quic(7, 1, {0x00})), server) << "and is remembered";
  }
}

TEST_P(Quic, HandshakesAreRoutedByIdInBothVersions) {
  EXPECT_EQ(backend(long_header(7, 1, 2, connection_id(3000))), "b3");
  EXPECT_EQ(backend(long_header(7, 2, 3, connection_id(4000), {0x6b, 0x33, 0x43, 0xcf})), "b4");
}

// The client invents the id of its first packets: they go by their hash.
TEST_P(Quic, InitialPacketsGoByHash) {
  for (std::uint16_t port = 1; port <= 40; ++port) {
    const std::string by_hash = lab_.backend(lab_.dry(quic(9, port, {0x00})));
    EXPECT_EQ(backend(long_header(9, port, 0, connection_id(1000))), by_hash);
    EXPECT_EQ(backend(long_header(9, port, 1, connection_id(2000))), by_hash);
    EXPECT_EQ(backend(long_header(9, port, 1, connection_id(2000), {0x6b, 0x33, 0x43, 0xcf})), by_hash);
    EXPECT_EQ(backend(long_header(9, port, 2, connection_id(2000), {0xff, 0, 0, 1})), by_hash)
        << "an unknown version";
  }
}

TEST_P(Quic, IdsThatNameNobodyGoByHash) {
  for (std::uint16_t port = 1; port <= 40; ++port) {
    const std::string by_hash = lab_.backend(lab_.dry(quic(9, port, {0x00})));
    EXPECT_EQ(backend(short_header(9, port, connection_id(1001))), by_hash) << "no such server";
    EXPECT_EQ(backend(short_header(9, port, connection_id(999))), by_hash);
    EXPECT_EQ(backend(short_header(9, port, connection_id(1000, 1))), by_hash) << "another configuration";
  }
}

TEST_P(Quic, ADrainingBackendKeepsItsConnectionsAndARemovedOneLosesThem) {
  lab_.publish(replaced(service(), "server_id = 5000\n", "server_id = 5000\nstate = \"drain\"\n"));
  EXPECT_EQ(backend(short_header(7, 1, connection_id(5000))), "b5");
  lab_.publish(replaced(service(), "server_id = 5000\n", "server_id = 5000\nstate = \"disabled\"\n"));
  EXPECT_NE(backend(short_header(7, 1, connection_id(5000))), "b5");
}

TEST_P(Quic, AFrameTooShortForAnIdGoesByHash) {
  Packet packet = udp(tcp("203.0.113.9", 1, "192.0.2.10", 443));
  for (std::uint16_t bytes = 0; bytes < 16; ++bytes) {
    packet.payload_bytes = bytes;
    EXPECT_EQ(lab_.run(packet).decision.verdict, static_cast<std::uint32_t>(SF_FORWARDED));
  }
}

ON_BOTH_ENGINES(Quic);

}  // namespace
}  // namespace steadfast
