// SPDX-License-Identifier: Apache-2.0
// From a backend's compiled row to what its probe's socket carries.
#include "probe/record.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include "compile/rows.h"
#include "support/lab.h"

namespace steadfast::probe {
namespace {

sf_backend row(const std::string& vip, const std::string& backend, const std::string& forward) {
  const Model model = model_of(lab_config(
      "[[service]]\nname = \"web\"\nvip = \"" + vip + "\"\nprotocol = \"tcp\"\nport = 443\nforward = \"" +
      forward +
      "\"\npool = \"web\"\n[[pool]]\nname = \"web\"\n[[pool.backend]]\nname = \"b1\"\naddress = \"" +
      backend + "\"\nweight = 1\n"));
  return backend_row(model, model.services[0], 1, model.pools[0].backends[0], nullptr);
}

std::string address_in(const __be32 (&words)[4], Family family) {
  Address address;
  address.family = family;
  std::memcpy(address.bytes.data(), words, sizeof words);
  return address.text();
}

TEST(ProbeRecord, NamesVipAndBackendAndCarriesTheOuterHeader) {
  const sf_backend from = row("192.0.2.10", "10.0.2.11", "ipip");
  const auto path = path_to_vip(from, 6, 443, {});
  ASSERT_TRUE(path);
  EXPECT_EQ(address_in(path->record.vip, Family::v4), "192.0.2.10");
  EXPECT_EQ(address_in(path->record.address, Family::v4), "10.0.2.11");
  EXPECT_EQ(ntohs(path->record.vip_port), 443);
  EXPECT_EQ(path->record.outer_bytes, 20);
  EXPECT_EQ(std::memcmp(path->record.outer, from.outer, SF_OUTER_MAX), 0);
  EXPECT_EQ(path->inner_mtu, 1480);
  EXPECT_EQ(backend_of(from, 443).text(), "10.0.2.11:443");
}

TEST(ProbeRecord, AVipOfTheOtherFamilyNeedsASource) {
  const sf_backend from = row("192.0.2.10", "2001:db8::b1", "ipip");
  EXPECT_FALSE(path_to_vip(from, 6, 443, {}));
  EXPECT_FALSE(path_to_vip(from, 6, 443, Address::parse("2001:db8::1")));
  const auto path = path_to_vip(from, 6, 443, Address::parse("10.0.2.2"));
  ASSERT_TRUE(path);
  EXPECT_EQ(path->record.vip_family, SF_IPV4);
  EXPECT_EQ(path->record.address_family, SF_IPV6);
  EXPECT_EQ(address_in(path->record.inner_source, Family::v4), "10.0.2.2");
}

TEST(ProbeRecord, ToItselfTheTunnelCarriesTheBackendsFamily) {
  const auto six_in_four = path_to_itself(row("2001:db8::10", "10.0.2.11", "ipip"), 6, 443);
  ASSERT_TRUE(six_in_four);
  EXPECT_EQ(six_in_four->record.outer[9], 4);
  EXPECT_EQ(six_in_four->record.vip_family, SF_IPV4);
  EXPECT_EQ(address_in(six_in_four->record.vip, Family::v4), "10.0.2.11");
  const auto four_in_six = path_to_itself(row("192.0.2.10", "2001:db8::b1", "ipip"), 6, 443);
  EXPECT_EQ(four_in_six->record.outer[6], 41);
  const auto gue = path_to_itself(row("2001:db8::10", "10.0.2.11", "gue"), 6, 443);
  EXPECT_EQ(gue->record.outer[9], 17);
}

TEST(ProbeRecord, ToItselfTheOuterSourceIsLeftToTheSocket) {
  const auto path = path_to_itself(row("192.0.2.10", "10.0.2.11", "ipip"), 6, 443);
  EXPECT_EQ(path->record.own_outer_source, 1);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(path->record.outer) + 12, 4), std::string(4, '\0'));
  std::uint32_t sum = 0;
  for (int at = 0; at < 20; at += 2) {
    std::uint16_t word = 0;
    std::memcpy(&word, path->record.outer + at, sizeof word);
    sum += word;
  }
  EXPECT_EQ(path->record.outer_sum % 0xffff, sum % 0xffff);
}

TEST(ProbeRecord, WithoutATunnelNothingLeadsToItself) {
  EXPECT_FALSE(path_to_itself(row("192.0.2.10", "10.0.2.11", "l2"), 6, 443));
}

TEST(ProbeRecord, TheWireIsReadFromWhatTheProgramSaw) {
  sf_probe_seen seen{};
  seen.sent = 2;
  EXPECT_FALSE(wire_of(seen, SF_IPV4).wrong_source);
  EXPECT_FALSE(wire_of(seen, SF_IPV4).icmp);
  seen.wrong_sources = 1;
  seen.wrong_source[0] = inet_addr("10.0.2.77");
  seen.wrong_port = htons(8080);
  seen.icmp_errors = 1;
  seen.icmp_family = SF_IPV4;
  seen.icmp_source[0] = inet_addr("10.0.2.1");
  seen.icmp_type = 3;
  seen.icmp_code = 4;
  seen.icmp_mtu = 1400;
  const Wire wire = wire_of(seen, SF_IPV4);
  EXPECT_EQ(wire.sent, 2u);
  EXPECT_EQ(wire.wrong_source->text(), "10.0.2.77:8080");
  EXPECT_EQ(wire.icmp, (IcmpError{*Address::parse("10.0.2.1"), 3, 4, false, 1400}));
}

}  // namespace
}  // namespace steadfast::probe
