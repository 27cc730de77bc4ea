// SPDX-License-Identifier: Apache-2.0
// The packets the balancer sends itself, byte for byte, and how many of them.
#include <algorithm>

#include "datapath.h"
#include "support/frames.h"

namespace steadfast {
namespace {

using frames::get16;
using frames::kIpAt;
using frames::wrong_checksum;

const std::string kServices = kTwoBackends + R"(
[[service]]
name = "web6"
vip = "2001:db8::10"
protocol = "tcp"
port = 80
forward = "gue"
pool = "web6"
[[pool]]
name = "web6"
[[pool.backend]]
name = "v6-01"
address = "2001:db8:2::1"
weight = 1
)";

Frame without_link(const Frame& frame, std::size_t link = kIpAt) {
  return Frame(frame.begin() + static_cast<long>(link), frame.end());
}

Packet large(bool ipv6, std::uint16_t bytes = 1440) {
  Packet packet =
      ack(tcp(ipv6 ? "2001:db8:c::7" : "203.0.113.7", 40000, ipv6 ? "2001:db8::10" : "192.0.2.10"));
  packet.payload_bytes = bytes;
  return packet;
}

class Answers : public Datapath {
 protected:
  static std::uint32_t verdict(const Answer& answer) { return answer.decision.verdict; }
  Lab lab_{GetParam(), lab_config(kServices)};
};

TEST_P(Answers, AnEchoRequestTurnedRound) {
  for (const bool ipv6 : {false, true}) {
    const Address client = ip(ipv6 ? "2001:db8:c::7" : "203.0.113.7"),
                  vip = ip(ipv6 ? "2001:db8::10" : "192.0.2.10");
    const Frame request = frames::echo_request(client, vip, 56);
    const Answer answer = lab_.run(request);
    ASSERT_EQ(verdict(answer), SF_ECHO_ANSWERED);
    Frame expected = frames::echo_request(vip, client, 56);
    expected[ipv6 ? 54 : 34] = ipv6 ? 129 : 0;
    std::copy_n(request.begin(), 6, expected.begin() + 6);
    std::copy_n(request.begin() + 6, 6, expected.begin());
    frames::put16(expected, ipv6 ? 56 : 36, get16(answer.frame, ipv6 ? 56 : 36));
    EXPECT_EQ(answer.frame, expected);
    EXPECT_EQ(wrong_checksum(without_link(answer.frame)), "");
  }
}

// One word of a sum may become 0 or 0xffff: every payload byte is tried.
TEST_P(Answers, EchoChecksumsAreRightWhateverTheyAre) {
  for (unsigned value = 0; value < 256; ++value) {
    Frame request = frames::echo_request(ip("203.0.113.7"), ip("192.0.2.10"), 1);
    request.back() = static_cast<std::uint8_t>(value);
    request[kIpAt + 8] = static_cast<std::uint8_t>(value);
    frames::put16(request, kIpAt + 10, 0);
    frames::put16(request, kIpAt + 10, static_cast<std::uint16_t>(~internet_sum(&request[kIpAt], 20)));
    frames::put16(request, 36, 0);
    frames::put16(request, 36, static_cast<std::uint16_t>(~internet_sum(&request[34], request.size() - 34)));
    EXPECT_EQ(wrong_checksum(without_link(lab_.run(request).frame)), "") << value;
  }
}

TEST_P(Answers, EchoOnlyToVips) {
  for (const char* address : {"192.0.2.11", "10.0.2.11", "198.51.100.1"})
    EXPECT_EQ(verdict(lab_.run(frames::echo_request(ip("203.0.113.7"), ip(address)))), SF_NOT_SERVICE)
        << address;
  EXPECT_EQ(verdict(lab_.run(frames::echo_request(ip("2001:db8:c::7"), ip("c000:20a::")))), SF_NOT_SERVICE)
      << "the bytes of an IPv4 VIP are no IPv6 VIP";
}

TEST_P(Answers, EchoKeepsItsTags) {
  const Frame request =
      frames::tagged(frames::echo_request(ip("203.0.113.7"), ip("192.0.2.10")), {{0x88a8, 5}, {0x8100, 7}});
  const Answer answer = lab_.run(request);
  ASSERT_EQ(verdict(answer), SF_ECHO_ANSWERED);
  EXPECT_TRUE(std::equal(request.begin() + 12, request.begin() + 22, answer.frame.begin() + 12));
  EXPECT_EQ(wrong_checksum(without_link(answer.frame, 22)), "");
}

TEST_P(Answers, FragmentationNeededTellsTheSizeThatFits) {
  const Frame in = build_frame(large(false, 1450));
  const Answer answer = lab_.run(in);
  ASSERT_EQ(verdict(answer), SF_TOO_BIG_ANSWERED);
  const Frame& out = answer.frame;
  ASSERT_EQ(out.size(), kIpAt + 576);
  EXPECT_EQ(out[kIpAt + 9], 1);
  EXPECT_TRUE(std::equal(out.begin() + kIpAt + 12, out.begin() + kIpAt + 16, in.begin() + kIpAt + 16))
      << "from the VIP";
  EXPECT_TRUE(std::equal(out.begin() + kIpAt + 16, out.begin() + kIpAt + 20, in.begin() + kIpAt + 12))
      << "to the client";
  EXPECT_EQ(out[kIpAt + 20], 3);
  EXPECT_EQ(out[kIpAt + 21], 4);
  EXPECT_EQ(get16(out, kIpAt + 26), 1480u) << "1500 less the outer header";
  EXPECT_TRUE(std::equal(out.begin() + kIpAt + 28, out.end(), in.begin() + kIpAt)) << "quotes the packet";
  EXPECT_EQ(wrong_checksum(without_link(out)), "");
  EXPECT_TRUE(std::equal(out.begin(), out.begin() + 6, in.begin() + 6)) << "back to the sender's MAC";
}

TEST_P(Answers, PacketTooBigTellsTheSizeThatFits) {
  const Frame in = build_frame(large(true, 1420));
  const Answer answer = lab_.run(in);
  ASSERT_EQ(verdict(answer), SF_TOO_BIG_ANSWERED);
  const Frame& out = answer.frame;
  ASSERT_EQ(out.size(), kIpAt + 1280);
  EXPECT_EQ(out[kIpAt + 6], 58);
  EXPECT_EQ(out[kIpAt + 40], 2);
  EXPECT_EQ(get16(out, kIpAt + 46), 1452u) << "1500 less 48";
  EXPECT_TRUE(std::equal(out.begin() + kIpAt + 48, out.end(), in.begin() + kIpAt));
  EXPECT_EQ(wrong_checksum(without_link(out)), "");
}

TEST_P(Answers, TooBigKeepsItsTags) {
  const Frame in = frames::tagged(build_frame(large(false, 1450)), {{0x8100, 7}});
  const Answer answer = lab_.run(in);
  ASSERT_EQ(verdict(answer), SF_TOO_BIG_ANSWERED);
  EXPECT_TRUE(std::equal(in.begin() + 12, in.begin() + 18, answer.frame.begin() + 12));
  EXPECT_EQ(wrong_checksum(without_link(answer.frame, 18)), "");
}

// A packet of any length and its answer: the quote ends where the packet or the answer must.
TEST_P(Answers, TooBigQuotesNoMoreThanThereIs) {
  for (sf_backend& row : lab_.memory().backends) row.mtu = 300;
  for (std::uint16_t bytes = 241; bytes < 700; bytes = static_cast<std::uint16_t>(bytes + 13)) {
    const Frame in = build_frame(large(false, bytes));
    const Answer answer = lab_.run(in);
    ASSERT_EQ(verdict(answer), SF_TOO_BIG_ANSWERED) << bytes;
    const std::size_t quoted = std::min<std::size_t>((in.size() - kIpAt) & ~3u, 548);
    EXPECT_EQ(answer.frame.size(), kIpAt + 28 + quoted);
    EXPECT_EQ(wrong_checksum(without_link(answer.frame)), "");
  }
}

TEST_P(Answers, AreBoundedPerSecond) {
  constexpr unsigned kLimit = 6;
  for (sf_slot& slot : lab_.memory().slots) slot.echo_limit = slot.too_big_limit = kLimit;
  begin_second(lab_);
  unsigned answered = 0, told = 0;
  for (int i = 0; i < 20; ++i) {
    answered +=
        verdict(lab_.run(frames::echo_request(ip("203.0.113.7"), ip("192.0.2.10")))) == SF_ECHO_ANSWERED;
    told += verdict(lab_.run(build_frame(large(false, 1450)))) == SF_TOO_BIG_ANSWERED;
  }
  EXPECT_EQ(answered, kLimit);
  EXPECT_EQ(told, kLimit);
}

TEST_P(Answers, NothingGoesToManyOrToNobody) {
  for (const char* source :
       {"0.0.0.0", "127.0.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "ff02::1"}) {
    const bool ipv6 = !ip(source).is_v4();
    const Address vip = ip(ipv6 ? "2001:db8::10" : "192.0.2.10");
    EXPECT_EQ(verdict(lab_.run(frames::echo_request(ip(source), vip))), SF_BAD_ICMP) << source;
    Packet packet = large(ipv6, 1450);
    packet.source = ip(source);
    EXPECT_EQ(verdict(lab_.run(packet)), SF_TOO_BIG) << source;
  }
  Frame to_all = frames::echo_request(ip("203.0.113.7"), ip("192.0.2.10"));
  std::fill_n(to_all.begin(), 6, 0xff);
  EXPECT_EQ(verdict(lab_.run(to_all)), SF_BAD_ICMP);
}

// The kernel's: an answer must neither repeat a routing header nor do without the rest.
TEST_P(Answers, PingsInPiecesOrWithExtensionHeadersAreNotAnswered) {
  const Frame ping = frames::echo_request(ip("2001:db8:c::7"), ip("2001:db8::10"), 200);
  EXPECT_EQ(verdict(lab_.run(frames::with_extension(ping, 43))), SF_NOT_TRANSPORT);
  const Frame ping4 = frames::echo_request(ip("203.0.113.7"), ip("192.0.2.10"), 200);
  EXPECT_EQ(verdict(lab_.run(frames::fragment(ping4, 0, 80, 3))), SF_NOT_TRANSPORT);
  EXPECT_EQ(verdict(lab_.run(frames::fragment(ping4, 80, 0, 3))), SF_NOT_TRANSPORT);
}

TEST_P(Answers, ADryRunTakesNothingFromTheSecond) {
  for (sf_slot& slot : lab_.memory().slots) slot.echo_limit = 1;
  const Frame request = frames::echo_request(ip("203.0.113.7"), ip("192.0.2.10"));
  begin_second(lab_);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(verdict(lab_.dry(request)), SF_ECHO_ANSWERED);
}

ON_BOTH_ENGINES(Answers);

}  // namespace
}  // namespace steadfast
