// SPDX-License-Identifier: Apache-2.0
// VLAN tags in and out, and leaving by another interface.
#include <algorithm>
#include <set>

#include "datapath.h"
#include "support/frames.h"

namespace steadfast {
namespace {

using Tags = std::vector<std::pair<std::uint16_t, std::uint16_t>>;

std::string service(const char* forward) {
  return lab_config(
      std::string(
          "[[service]]\nname = \"web\"\nvip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = 80\nforward = \"") +
      forward +
      "\"\npool = \"web\"\n[[pool]]\nname = \"web\"\n[[pool.backend]]\nname = \"b\"\naddress = "
      "\"10.0.2.1\"\nweight = 1\n");
}

NextHops hops_with(const Model& model, const std::vector<VlanTag>& tags, std::uint32_t ifindex = 1,
                   const std::vector<std::uint32_t>& members = {}) {
  NextHops hops = hops_for(model);
  for (auto& [address, hop] : hops) {
    hop.tags = tags;
    hop.members = members;
    if (ifindex == 1) continue;
    hop.ifindex = ifindex;
    hop.interface = "eth9";
  }
  return hops;
}

class Link : public Datapath {};

TEST_P(Link, TagsComeOffAndGoOnInEveryMode) {
  const std::vector<Tags> ways_in{{}, {{0x8100, 100}}, {{0x88a8, 5}, {0x8100, 0x6007}}};
  const std::vector<std::vector<VlanTag>> ways_out{{}, {{0x8100, 7}}, {{0x88a8, 8}, {0x8100, 9}}};
  const Frame plain = build_frame(syn(tcp("203.0.113.7", 1, "192.0.2.10")));
  for (const char* mode : {"l2", "ipip", "gue"}) {
    Lab lab(GetParam(), service(mode));
    const std::size_t outer = mode[0] == 'l' ? 0 : mode[0] == 'i' ? 20 : 28;
    for (const auto& out : ways_out) {
      lab.publish(lab.model(), hops_with(lab.model(), out));
      for (const auto& in : ways_in) {
        const Answer answer = lab.run(frames::tagged(plain, in));
        ASSERT_EQ(answer.decision.verdict, static_cast<std::uint32_t>(SF_FORWARDED));
        const std::size_t link = 14 + 4 * out.size();
        ASSERT_EQ(answer.frame.size(), link + outer + plain.size() - 14) << mode;
        std::size_t at = 12;
        for (const VlanTag& tag : out) {
          EXPECT_EQ(frames::get16(answer.frame, at), tag.type);
          EXPECT_EQ(frames::get16(answer.frame, at + 2), tag.id);
          at += 4;
        }
        EXPECT_EQ(frames::get16(answer.frame, at), 0x0800u);
        EXPECT_TRUE(std::equal(plain.begin() + 14, plain.end(),
                               answer.frame.begin() + static_cast<long>(link + outer)));
      }
    }
  }
}

TEST_P(Link, ATagThatTheFrameEndsInIsTruncated) {
  Lab lab(GetParam(), service("ipip"));
  Frame frame = frames::tagged(build_frame(syn(tcp("203.0.113.7", 1, "192.0.2.10"))), {{0x8100, 1}});
  frame.resize(16);
  EXPECT_EQ(lab.run(frame).decision.verdict, static_cast<std::uint32_t>(SF_TRUNCATED));
}

TEST_P(Link, APacketLeavesByTheInterfaceOfItsNextHop) {
  Lab lab(GetParam(), service("ipip"));
  const Frame frame = build_frame(syn(tcp("203.0.113.7", 1, "192.0.2.10")));
  EXPECT_EQ(lab.run(frame).decision.egress, 0u) << "the only interface";
  lab.publish(lab.model(), hops_with(lab.model(), {}, 77));
  EXPECT_EQ(lab.run(frame).decision.egress, 77u);
  lab.publish(lab.model(), hops_with(lab.model(), {}, 77, {1, 5}));
  EXPECT_EQ(lab.run(frame).decision.egress, 0u) << "came in on a member of the bond it leaves by";
  lab.publish(lab.model(), hops_with(lab.model(), {}, 77, {4, 5}));
  EXPECT_EQ(lab.run(frame).decision.egress, 77u);
}

TEST_P(Link, OfTwoInterfacesTheOneItCameInOnIsNoRedirect) {
  Lab lab(GetParam(),
          replaced(service("ipip"), "interfaces = [\"eth0\"]", "interfaces = [\"eth0\", \"eth1\"]"));
  EXPECT_EQ(lab.run(syn(tcp("203.0.113.7", 1, "192.0.2.10"))).decision.egress, 0u);
}

// Later fragments have no ports, so no share of the hash space says which slot is theirs.
TEST_P(Link, InACanaryALateFragmentLeavesTheWayItsFirstOneDid) {
  Lab lab(GetParam(), service("ipip"));
  auto candidate = compile(lab.model(), 2, lab.identities(), hops_with(lab.model(), {}, 77, {4, 5}));
  ASSERT_TRUE(candidate);
  const auto slot = lab.publisher().write(*candidate);
  ASSERT_TRUE(slot);
  lab.publisher().flip_until(*slot, monotonic_ns() + 60'000'000'000, 0.5);
  std::set<std::uint32_t> ways;
  for (std::uint16_t port = 1; port <= 40; ++port) {
    Packet packet = syn(tcp("203.0.113.7", port, "192.0.2.10"));
    packet.payload_bytes = 2000;
    const Frame whole = build_frame(packet);
    const Answer first = lab.run(frames::fragment(whole, 0, 1000, port));
    const Answer later = lab.run(frames::fragment(whole, 1000, 0, port));
    ASSERT_EQ(later.decision.verdict, static_cast<std::uint32_t>(SF_FRAGMENT_FORWARDED));
    EXPECT_EQ(later.decision.egress, first.decision.egress) << port;
    EXPECT_EQ(later.decision.slot, first.decision.slot) << port;
    ways.insert(later.decision.egress);
  }
  EXPECT_EQ(ways, (std::set<std::uint32_t>{0, 77}));
}

ON_BOTH_ENGINES(Link);

}  // namespace
}  // namespace steadfast
