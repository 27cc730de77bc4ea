// SPDX-License-Identifier: Apache-2.0
// A flood of ten times the table's size: what is established stays.
#include "datapath.h"

namespace steadfast {
namespace {

class Flood : public Datapath {
 protected:
  static constexpr std::uint16_t kEstablished = 2000;
  static constexpr std::uint32_t kFlood = 10 * 4096 * 5 / 4;

  static Packet client(std::uint16_t port) { return tcp("203.0.113.7", port, "192.0.2.10"); }
  // The n-th packet of the flood, of its own flow.
  static Packet stranger(std::uint32_t n) {
    Packet packet = tcp("198.18.0.0", static_cast<std::uint16_t>(n), "192.0.2.10");
    packet.source.bytes[2] = static_cast<std::uint8_t>(n >> 16);
    return packet;
  }
  // Ports of the clients whose flows found room in the table, nearly all of them.
  static std::vector<std::uint16_t> establish(Lab& lab) {
    for (std::uint16_t port = 1; port <= kEstablished; ++port) {
      lab.run(syn(client(port)));
      lab.run(ack(client(port)));
    }
    std::vector<std::uint16_t> remembered;
    for (std::uint16_t port = 1; port <= kEstablished; ++port)
      if (is_hit(lab, port)) remembered.push_back(port);
    EXPECT_GT(remembered.size(), kEstablished * 99 / 100);
    return remembered;
  }
  // By the dry twin, so that a lost flow is not remembered by being looked for.
  static bool is_hit(Lab& lab, std::uint16_t port) {
    return lab.dry(build_frame(ack(client(port)))).decision.role == SF_ROLE_HIT;
  }
};

TEST_P(Flood, OfSynsDisplacesOnlyHalfOpenFlows) {
  Lab lab(GetParam(), lab_config(kTwoBackends));
  const auto remembered = establish(lab);
  for (std::uint32_t n = 0; n < kFlood; ++n) lab.run(syn(stranger(n)));
  for (const std::uint16_t port : remembered) EXPECT_TRUE(is_hit(lab, port)) << port;
}

TEST_P(Flood, OfAcksWithoutAHandshakeDisplacesNoneEither) {
  Lab lab(GetParam(), lab_config(kTwoBackends));
  const auto remembered = establish(lab);
  for (std::uint32_t n = 0; n < kFlood; ++n) lab.run(ack(stranger(n)));
  for (const std::uint16_t port : remembered) EXPECT_TRUE(is_hit(lab, port)) << port;
}

ON_BOTH_ENGINES(Flood);

}  // namespace
}  // namespace steadfast
