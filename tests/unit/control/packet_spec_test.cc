// SPDX-License-Identifier: Apache-2.0
#include "config/packet_spec.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

namespace steadfast {
namespace {

std::string error_of(const std::string& words) {
  const auto spec = parse_packet_spec(words);
  return spec ? "no error" : spec.error().what;
}

TEST(PacketSpec, ReadsATcpSyn) {
  const auto spec = parse_packet_spec("tcp 203.0.113.7:40000 > 192.0.2.10:443 syn");
  ASSERT_TRUE(spec) << spec.error().what;
  EXPECT_EQ(spec->packet.protocol, IPPROTO_TCP);
  EXPECT_EQ(spec->packet.source, *Address::parse("203.0.113.7"));
  EXPECT_EQ(spec->packet.source_port, 40000);
  EXPECT_EQ(spec->packet.destination, *Address::parse("192.0.2.10"));
  EXPECT_EQ(spec->packet.destination_port, 443);
  EXPECT_TRUE(spec->packet.syn);
  EXPECT_FALSE(spec->packet.ack || spec->packet.fin || spec->packet.rst);
  EXPECT_FALSE(spec->any_source_port);
}

TEST(PacketSpec, WhatItWritesItReadsBack) {
  for (const char* words : {"tcp 203.0.113.7:40000 > 192.0.2.10:443",
                            "tcp 203.0.113.7:* > 192.0.2.10:443 syn ack fin rst len 1460",
                            "udp [2001:db8::7]:5353 > [2001:db8::1]:53 len 512"}) {
    const auto spec = parse_packet_spec(words);
    ASSERT_TRUE(spec) << spec.error().what;
    EXPECT_EQ(text(*spec), words);
  }
}

TEST(PacketSpec, BlanksBetweenWordsAreFree) {
  const auto spec = parse_packet_spec("  udp \t 203.0.113.7:1  >  192.0.2.10:53 ");
  ASSERT_TRUE(spec) << spec.error().what;
  EXPECT_EQ(text(*spec), "udp 203.0.113.7:1 > 192.0.2.10:53");
}

TEST(PacketSpec, AStarIsEverySourcePort) {
  const auto spec = parse_packet_spec("tcp 203.0.113.7:* > 192.0.2.10:443 syn");
  ASSERT_TRUE(spec);
  EXPECT_TRUE(spec->any_source_port);
  EXPECT_EQ(spec->packet.source_port, 0);
}

TEST(PacketSpec, NamesTheWordThatIsWrong) {
  const struct {
    const char* words;
    const char* names;
  } cases[] = {
      {"", "empty"},
      {"icmp 203.0.113.7:1 > 192.0.2.10:1", "\"icmp\": expected tcp or udp"},
      {"tcp 203.0.113.7:1 >", "incomplete"},
      {"tcp 203.0.113.7:1 to 192.0.2.10:443", "\"to\": expected >"},
      {"tcp 203.0.113.7 > 192.0.2.10:443", "\"203.0.113.7\": expected ADDRESS:PORT"},
      {"tcp 203.0.113:1 > 192.0.2.10:443", "\"203.0.113\": expected an IPv4 address"},
      {"tcp example.org:1 > 192.0.2.10:443", "\"example.org\": expected"},
      {"tcp 2001:db8::1:1 > [2001:db8::2]:443",
       "\"2001:db8::1\": expected an IPv4 address, or an IPv6 address in"},
      {"tcp [203.0.113.7]:1 > 192.0.2.10:443", "\"[203.0.113.7]\": expected"},
      {"tcp 203.0.113.7:1 > [2001:db8::2]:443", "same family"},
      {"tcp 203.0.113.7:0 > 192.0.2.10:443", "\"0\": expected a port from 1 to 65535"},
      {"tcp 203.0.113.7:1 > 192.0.2.10:65536", "\"65536\": expected a port"},
      {"tcp 203.0.113.7:1 > 192.0.2.10:*", "only the source port may be *"},
      {"tcp 203.0.113.7:1 > 192.0.2.10:443 SYN", "\"SYN\": expected syn, ack"},
      {"tcp 203.0.113.7:1 > 192.0.2.10:443 syn syn", "\"syn\": expected each flag once"},
      {"udp 203.0.113.7:1 > 192.0.2.10:53 syn", "no TCP flag on a UDP packet"},
      {"tcp 203.0.113.7:1 > 192.0.2.10:443 len", "a number of payload bytes after it"},
      {"tcp 203.0.113.7:1 > 192.0.2.10:443 len -1", "\"-1\": expected payload bytes"},
      {"tcp 203.0.113.7:1 > 192.0.2.10:443 len 65535", "payload bytes from 0 to 65475"},
      {"tcp 203.0.113.7:1 > 192.0.2.10:443 len 1 len 2", "len once"},
  };
  for (const auto& [words, names] : cases)
    EXPECT_NE(error_of(words).find(names), std::string::npos) << words << "\n" << error_of(words);
}

TEST(PacketSpec, TheLargestPayloadStillMakesAFrame) {
  const auto spec = parse_packet_spec("tcp [2001:db8::7]:1 > [2001:db8::1]:2 len 65475");
  ASSERT_TRUE(spec) << spec.error().what;
  EXPECT_EQ(build_frame(spec->packet).size(), 14u + 40 + 20 + 65475);
}

}  // namespace
}  // namespace steadfast
