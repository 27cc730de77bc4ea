// SPDX-License-Identifier: Apache-2.0
// What a backend lacks, judged from a host made by hand. netns.decap_check makes
// the same faults on a real one.
#include "check.h"

#include <gtest/gtest.h>

#include "listeners.h"

namespace steadfast::decap {
namespace {

Address ip(const char* text) { return *Address::parse(text); }

Wanted web() {
  Wanted wanted;
  wanted.device = "eth0";
  wanted.vips = {ip("192.0.2.10"), ip("2001:db8::10")};
  wanted.ports = {{Protocol::tcp, 443}};
  wanted.local = {ip("10.0.2.11"), ip("2001:db8:2::b1")};
  return wanted;
}

// A host on which nothing is missing.
BackendHost ready() {
  BackendHost host;
  host.mtu = 1600;
  host.way_back = "eth0";
  host.addresses = {{ip("10.0.2.11"), "eth0"},
                    {ip("2001:db8:2::b1"), "eth0"},
                    {ip("192.0.2.10"), "lo"},
                    {ip("2001:db8::10"), "lo"}};
  host.listeners = {{ip("192.0.2.10"), {Protocol::tcp, 443}}, {ip("2001:db8::10"), {Protocol::tcp, 443}}};
  host.arp_ignore = 1;
  host.arp_announce = 2;
  return host;
}

std::string codes(const Wanted& wanted, const BackendHost& host) {
  std::string text;
  for (const Finding& finding : check(wanted, host)) text += finding.code + " " + finding.object + "\n";
  return text;
}

void forget(BackendHost& host, const char* address) {
  std::erase_if(host.addresses, [&](const HostAddress& own) { return own.address == ip(address); });
}

TEST(DecapCheck, FindsNothingOnAHostThatIsReady) { EXPECT_EQ(codes(web(), ready()), ""); }

TEST(DecapCheck, NamesAVipThatIsNoAddressOfTheHost) {
  BackendHost host = ready();
  forget(host, "2001:db8::10");
  const Findings findings = check(web(), host);
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF802");
  EXPECT_EQ(findings[0].object, "vip/2001:db8::10");
  EXPECT_EQ(findings[0].fix, "ip address add 2001:db8::10/128 dev lo");
}

TEST(DecapCheck, AVipOnAnyDeviceWillDoForATunnel) {
  BackendHost host = ready();
  host.addresses[2].device = "dummy0";
  EXPECT_EQ(codes(web(), host), "");
}

TEST(DecapCheck, NamesATunnelEndThatIsNoAddressOfTheHost) {
  BackendHost host = ready();
  forget(host, "10.0.2.11");
  EXPECT_EQ(codes(web(), host), "SF802 local/10.0.2.11\n");
}

TEST(DecapCheck, NamesAPortNobodyListensOn) {
  BackendHost host = ready();
  host.listeners.erase(host.listeners.begin());
  EXPECT_EQ(codes(web(), host), "SF801 listener/tcp 192.0.2.10:443\n");
  host.listeners.push_back({ip("192.0.2.10"), {Protocol::udp, 443}});
  EXPECT_EQ(codes(web(), host), "SF801 listener/tcp 192.0.2.10:443\n");
}

TEST(DecapCheck, AWildcardListenerServesEveryVip) {
  BackendHost host = ready();
  host.listeners = {{ip("::"), {Protocol::tcp, 443}}};
  EXPECT_EQ(codes(web(), host), "");
  host.listeners = {{ip("0.0.0.0"), {Protocol::tcp, 443}}};
  EXPECT_EQ(codes(web(), host), "SF801 listener/tcp [2001:db8::10]:443\n");
}

TEST(DecapCheck, StrictReversePathMattersWhereRepliesLeaveElsewhere) {
  BackendHost host = ready();
  host.rp_filter = 1;
  EXPECT_EQ(codes(web(), host), "");
  host.way_back = "eth1";
  EXPECT_EQ(codes(web(), host), "SF708 device/eth0\n");
  host.rp_filter = 2;
  EXPECT_EQ(codes(web(), host), "");
  host.rp_filter = 0;
  EXPECT_EQ(codes(web(), host), "");
}

TEST(DecapCheck, LooseReversePathStillWantsARoute) {
  BackendHost host = ready();
  host.rp_filter = 2;
  host.way_back = "";
  EXPECT_EQ(codes(web(), host), "SF708 device/eth0\n");
}

TEST(DecapCheck, ReversePathIsIpv4sAlone) {
  BackendHost host = ready();
  host.rp_filter = 1;
  host.way_back = "eth1";
  Wanted wanted = web();
  wanted.vips = {ip("2001:db8::10")};
  EXPECT_EQ(codes(wanted, host), "");
}

TEST(DecapCheck, ArpMattersWithL2Alone) {
  BackendHost host = ready();
  host.arp_ignore = 0;
  host.arp_announce = 0;
  EXPECT_EQ(codes(web(), host), "");
  Wanted wanted = web();
  wanted.forward = Forward::l2;
  EXPECT_EQ(codes(wanted, host), "SF708 vip/192.0.2.10\nSF708 vip/192.0.2.10\n");
  host.arp_ignore = 1;
  host.arp_announce = 1;
  EXPECT_EQ(codes(wanted, host), "SF708 vip/192.0.2.10\n");
}

TEST(DecapCheck, AVipOnTheWireIsNamedWithL2) {
  BackendHost host = ready();
  host.addresses[3].device = "eth0";
  Wanted wanted = web();
  EXPECT_EQ(codes(wanted, host), "");
  wanted.forward = Forward::l2;
  EXPECT_EQ(codes(wanted, host), "SF708 vip/2001:db8::10\n");
}

TEST(DecapCheck, TheMtuMustTakeTheOuterHeader) {
  BackendHost host = ready();
  Wanted wanted = web();
  host.mtu = 1540;
  EXPECT_EQ(codes(wanted, host), "");
  host.mtu = 1539;
  EXPECT_EQ(codes(wanted, host), "SF804 device/eth0\n");
  wanted.local = {ip("10.0.2.11")};
  host.mtu = 1520;
  EXPECT_EQ(codes(wanted, host), "");
  wanted.forward = Forward::gue;
  EXPECT_EQ(codes(wanted, host), "SF804 device/eth0\n");
  wanted.path_mtu = 1500;
  EXPECT_EQ(codes(wanted, host), "");
  wanted.path_mtu.reset();
  wanted.forward = Forward::l2;
  host.mtu = 1500;
  EXPECT_EQ(codes(wanted, host), "");
}

TEST(DecapCheck, NamesADeviceThatIsDownOccupiedOrJoinsSegments) {
  BackendHost host = ready();
  host.up = false;
  host.foreign_program = "firewall";
  host.lro = true;
  EXPECT_EQ(codes(web(), host), "SF701 device/eth0\nSF704 device/eth0\nSF705 device/eth0\n");
}

// The IPv6 words are those of a little-endian host, as are all we build for.
TEST(Listeners, AreReadFromTheKernelsTables) {
  const char* tcp =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
      "   0: 0A0200C0:01BB 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n"
      "   1: 0A0200C0:01BB 0102000A:7530 01 00000000:00000000 00:00000000 00000000     0\n";
  EXPECT_EQ(read_listeners(tcp, Protocol::tcp),
            (std::vector<Listener>{{ip("192.0.2.10"), {Protocol::tcp, 443}}}));
  const char* udp6 =
      "   7: B80D0120000000000000000010000000:0035 00000000000000000000000000000000:0000 07 0\n";
  EXPECT_EQ(read_listeners(udp6, Protocol::udp),
            (std::vector<Listener>{{ip("2001:db8::10"), {Protocol::udp, 53}}}));
}

TEST(Listeners, LinesThatAreNoSocketsArePassedOver) {
  EXPECT_TRUE(read_listeners("", Protocol::tcp).empty());
  EXPECT_TRUE(
      read_listeners("0: 0A0200C0 x 0A\n1: 0A02:01BB x 0A\n2: GG0200C0:01BB x 0A\n", Protocol::tcp).empty());
}

}  // namespace
}  // namespace steadfast::decap
