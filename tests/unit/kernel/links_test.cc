// SPDX-License-Identifier: Apache-2.0
// What carries a frame, from link tables and link messages made by hand: this
// host need not have such devices.
#include "kernel/links.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

namespace steadfast {
namespace {

constexpr std::uint16_t kCustomer = 0x8100;  // 802.1Q
constexpr std::uint16_t kService = 0x88a8;   // 802.1ad

Link device(const char* name, const char* kind = "") {
  Link link;
  link.name = name;
  link.kind = kind;
  link.up = true;
  link.ethernet = true;
  link.mtu = 1500;
  return link;
}

Link vlan(const char* name, std::uint32_t lower, std::uint16_t id, std::uint16_t type = kCustomer) {
  Link link = device(name, "vlan");
  link.lower = lower;
  link.tag = {type, id};
  return link;
}

Link member(const char* name, std::uint32_t master) {
  Link link = device(name);
  link.master = master;
  return link;
}

TEST(Egress, OfAPlainDeviceIsItself) {
  const Egress egress = egress_of({{3, device("eth0")}}, 3);
  EXPECT_EQ(egress.problem, "");
  EXPECT_EQ(egress.ifindex, 3u);
  EXPECT_TRUE(egress.tags.empty());
  EXPECT_TRUE(egress.members.empty());
}

// A veth names its peer where a VLAN device names what is below it.
TEST(Egress, OfAVethIsItselfAndNotItsPeer) {
  Link veth = device("eth0", "veth");
  veth.lower = 7;
  veth.lower_elsewhere = true;
  const Egress egress = egress_of({{3, veth}}, 3);
  EXPECT_EQ(egress.problem, "");
  EXPECT_EQ(egress.ifindex, 3u);
}

TEST(Egress, OfAVlanDeviceIsItsParentWithATag) {
  const Egress egress = egress_of({{3, device("eth0")}, {4, vlan("eth0.100", 3, 100)}}, 4);
  EXPECT_EQ(egress.problem, "");
  EXPECT_EQ(egress.ifindex, 3u);
  EXPECT_EQ(egress.tags, (std::vector<VlanTag>{{kCustomer, 100}}));
}

TEST(Egress, OfQinqNamesTheOuterTagFirst) {
  const Links links{
      {3, device("eth0")}, {4, vlan("outer", 3, 100, kService)}, {5, vlan("inner", 4, 200, kCustomer)}};
  const Egress egress = egress_of(links, 5);
  EXPECT_EQ(egress.problem, "");
  EXPECT_EQ(egress.ifindex, 3u);
  EXPECT_EQ(egress.tags, (std::vector<VlanTag>{{kService, 100}, {kCustomer, 200}}));
}

TEST(Egress, OfABondNamesItsMembers) {
  const Links links{
      {3, member("eth0", 5)}, {4, member("eth1", 5)}, {5, device("bond0", "bond")}, {6, device("eth2")}};
  const Egress egress = egress_of(links, 5);
  EXPECT_EQ(egress.problem, "");
  EXPECT_EQ(egress.ifindex, 5u);
  EXPECT_EQ(egress.members, (std::vector<std::uint32_t>{3, 4}));
}

TEST(Egress, OfAVlanOnABondHasTagAndMembers) {
  const Links links{{3, member("eth0", 5)}, {5, device("bond0", "bond")}, {6, vlan("bond0.7", 5, 7)}};
  const Egress egress = egress_of(links, 6);
  EXPECT_EQ(egress.problem, "");
  EXPECT_EQ(egress.ifindex, 5u);
  EXPECT_EQ(egress.tags, (std::vector<VlanTag>{{kCustomer, 7}}));
  EXPECT_EQ(egress.members, (std::vector<std::uint32_t>{3}));
}

TEST(Egress, ABondWithoutMembersIsNamed) {
  EXPECT_EQ(egress_of({{5, device("bond0", "bond")}}, 5).problem, "bond bond0 has no member");
}

TEST(Egress, ThreeTagsAreOneTooMany) {
  const Links links{{3, device("eth0")}, {4, vlan("a", 3, 1)}, {5, vlan("b", 4, 2)}, {6, vlan("c", 5, 3)}};
  EXPECT_EQ(egress_of(links, 6).problem, "more than 2 VLAN tags above a");
}

TEST(Egress, AVlanOnABridgeNamesTheBridge) {
  const Links links{{3, device("br0", "bridge")}, {4, vlan("br0.100", 3, 100)}};
  EXPECT_EQ(egress_of(links, 4).problem,
            "interface br0 (bridge) decides itself how frames leave: XDP cannot send in its place");
}

TEST(Egress, ATunnelIsNamed) {
  EXPECT_NE(egress_of({{3, device("vx0", "vxlan")}}, 3).problem.find("vx0 (vxlan)"), std::string::npos);
  Link raw = device("wwan0");
  raw.ethernet = false;
  EXPECT_NE(egress_of({{3, raw}}, 3).problem.find("wwan0 (no Ethernet)"), std::string::npos);
}

TEST(Egress, AParentThatIsDownIsNamedAndNotItsVlanDevice) {
  Link parent = device("eth0");
  parent.up = false;
  EXPECT_EQ(egress_of({{3, parent}, {4, vlan("eth0.100", 3, 100)}}, 4).problem, "interface eth0 is down");
}

TEST(Egress, AParentElsewhereOrGoneIsNamed) {
  Link moved = vlan("eth0.100", 3, 100);
  moved.lower_elsewhere = true;
  EXPECT_EQ(egress_of({{3, device("other")}, {4, moved}}, 4).problem,
            "the device below eth0.100 is in another network namespace");
  EXPECT_EQ(egress_of({{4, vlan("eth0.100", 3, 100)}}, 4).problem, "the device below eth0.100 has gone");
}

TEST(Egress, AnUnknownDeviceIsNamed) { EXPECT_EQ(egress_of({}, 9).problem, "the device has gone"); }

// One RTM_NEWLINK message as the kernel would send it.
class LinkMessage {
 public:
  LinkMessage(int ifindex, const char* name) : header_(mnl_nlmsg_put_header(buffer_)) {
    header_->nlmsg_type = RTM_NEWLINK;
    auto* info = static_cast<ifinfomsg*>(mnl_nlmsg_put_extra_header(header_, sizeof(ifinfomsg)));
    info->ifi_index = ifindex;
    info->ifi_type = ARPHRD_ETHER;
    info->ifi_flags = IFF_UP;
    mnl_attr_put_strz(header_, IFLA_IFNAME, name);
    mnl_attr_put_u32(header_, IFLA_MTU, 1496);
    mnl_attr_put(header_, IFLA_ADDRESS, 6, "\x02\0\0\0\0\x01");
  }
  nlmsghdr* header() { return header_; }

  void put_vlan(std::uint16_t id, std::uint16_t type) {
    nlattr* info = mnl_attr_nest_start(header_, IFLA_LINKINFO);
    mnl_attr_put_strz(header_, IFLA_INFO_KIND, "vlan");
    nlattr* data = mnl_attr_nest_start(header_, IFLA_INFO_DATA);
    mnl_attr_put_u16(header_, IFLA_VLAN_ID, id);
    mnl_attr_put_u16(header_, IFLA_VLAN_PROTOCOL, htons(type));
    mnl_attr_nest_end(header_, data);
    mnl_attr_nest_end(header_, info);
  }

 private:
  alignas(nlmsghdr) char buffer_[1024];
  nlmsghdr* header_;
};

TEST(LinkMessages, GiveAVlanDeviceItsTagAndParent) {
  LinkMessage message(4, "eth0.100");
  mnl_attr_put_u32(message.header(), IFLA_LINK, 3);
  message.put_vlan(100, kService);
  Links links;
  read_link(message.header(), links);
  ASSERT_EQ(links.count(4), 1u);
  const Link& link = links.at(4);
  EXPECT_EQ(link.name, "eth0.100");
  EXPECT_EQ(link.kind, "vlan");
  EXPECT_EQ(link.lower, 3u);
  EXPECT_EQ(link.tag, (VlanTag{kService, 100}));
  EXPECT_EQ(link.mtu, 1496u);
  EXPECT_EQ(link.mac.text(), "02:00:00:00:00:01");
  EXPECT_TRUE(link.up);
  EXPECT_TRUE(link.ethernet);
  EXPECT_FALSE(link.lower_elsewhere);
}

TEST(LinkMessages, GiveAMemberItsMaster) {
  LinkMessage message(3, "eth0");
  mnl_attr_put_u32(message.header(), IFLA_MASTER, 5);
  Links links;
  read_link(message.header(), links);
  EXPECT_EQ(links.at(3).master, 5u);
  EXPECT_EQ(links.at(3).kind, "");
}

TEST(LinkMessages, TellWhenTheParentIsElsewhere) {
  LinkMessage message(4, "eth0.100");
  mnl_attr_put_u32(message.header(), IFLA_LINK_NETNSID, 0);
  message.put_vlan(100, kCustomer);
  Links links;
  read_link(message.header(), links);
  EXPECT_TRUE(links.at(4).lower_elsewhere);
}

}  // namespace
}  // namespace steadfast
