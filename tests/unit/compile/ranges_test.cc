// SPDX-License-Identifier: Apache-2.0
#include "compile/ranges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <random>

#include "compile/intervals.h"

namespace steadfast {
namespace {

Service service(const char* vip, std::uint16_t first, std::uint16_t last, Protocol protocol = Protocol::tcp) {
  Service made;
  const Prefix prefix = *Prefix::parse(vip);
  made.vip = prefix.address;
  made.vip_bits = prefix.length;
  made.protocol = protocol;
  made.port = first;
  made.last_port = last;
  return made;
}

Model model_of(std::vector<Service> services) {
  Model model;
  model.services = std::move(services);
  model.pools.resize(1);
  return model;
}

std::vector<std::uint32_t> numbered(const Model& model) {
  std::vector<std::uint32_t> ids;
  for (std::size_t i = 0; i < model.services.size(); ++i) ids.push_back(static_cast<std::uint32_t>(i + 1));
  return ids;
}

RangeTable built(const Model& model) {
  return build_ranges(model, numbered(model), [](std::size_t, std::size_t backend) {
    return static_cast<std::uint32_t>(backend + 100);
  });
}

// The program's bisection, written as abi.h describes the rows.
const sf_range* find(const RangeTable& table, sf_span span, RangeKey key) {
  const sf_range* found = nullptr;
  for (std::uint32_t i = 0; i < span.count; ++i) {
    const sf_range& row = table.rows[span.first + i];
    if (RangeKey{row.key[0], row.key[1]} <= key) found = &row;
  }
  return found;
}

std::uint32_t service_at(const RangeTable& table, const char* address, std::uint16_t port,
                         Protocol protocol = Protocol::tcp) {
  const Prefix prefix = *Prefix::parse(address);
  const sf_span wide = table.wide[prefix.address.is_v4() ? 0 : 1][protocol == Protocol::tcp ? 0 : 1];
  const sf_range* addresses = find(table, wide, first_key(prefix));
  if (addresses == nullptr || addresses->count == 0) return 0;
  return find(table, {addresses->value, addresses->count}, {0, port})->value;
}

std::uint32_t source_at(const RangeTable& table, std::uint32_t service, const char* address) {
  return find(table, table.sources[service], first_key(*Prefix::parse(address)))->value;
}

TEST(Ranges, AModelOfExactServicesNeedsNone) {
  const Model model = model_of({service("192.0.2.1", 80, 80)});
  EXPECT_TRUE(built(model).rows.empty());
  EXPECT_EQ(range_rows_needed(model), 0u);
}

TEST(Ranges, AnExactServiceIsNoWideOne) {
  const RangeTable table = built(model_of({service("192.0.2.1", 80, 80), service("192.0.2.0/24", 80, 80)}));
  EXPECT_EQ(service_at(table, "192.0.2.1", 80), 2u) << "the index answers for it before ranges are asked";
}

TEST(Ranges, AServiceEndsWithItsPrefixAndItsPorts) {
  const RangeTable table = built(model_of({service("192.0.2.0/28", 8000, 8999)}));
  EXPECT_EQ(service_at(table, "192.0.2.0", 8000), 1u);
  EXPECT_EQ(service_at(table, "192.0.2.15", 8999), 1u);
  EXPECT_EQ(service_at(table, "192.0.2.15", 7999), 0u);
  EXPECT_EQ(service_at(table, "192.0.2.15", 9000), 0u);
  EXPECT_EQ(service_at(table, "192.0.2.16", 8000), 0u);
  EXPECT_EQ(service_at(table, "192.0.1.255", 8000), 0u);
  EXPECT_EQ(service_at(table, "192.0.2.1", 8000, Protocol::udp), 0u);
}

TEST(Ranges, TheLongerPrefixWinsEvenWithTheWiderPorts) {
  const RangeTable table =
      built(model_of({service("192.0.2.0/24", 443, 443), service("192.0.2.0/28", 1, 65535)}));
  EXPECT_EQ(service_at(table, "192.0.2.1", 443), 2u);
  EXPECT_EQ(service_at(table, "192.0.2.16", 443), 1u);
}

TEST(Ranges, WithinAPrefixTheNarrowerPortsWin) {
  const RangeTable table =
      built(model_of({service("192.0.2.0/24", 1, 65535), service("192.0.2.0/24", 8000, 8999)}));
  EXPECT_EQ(service_at(table, "192.0.2.1", 8500), 2u);
  EXPECT_EQ(service_at(table, "192.0.2.1", 9000), 1u);
}

TEST(Ranges, APortTheLongerPrefixLacksIsTheShorterOnes) {
  const RangeTable table =
      built(model_of({service("192.0.2.0/24", 1, 65535), service("192.0.2.0/28", 8000, 8999)}));
  EXPECT_EQ(service_at(table, "192.0.2.1", 8000), 2u);
  EXPECT_EQ(service_at(table, "192.0.2.1", 80), 1u);
}

TEST(Ranges, ThePortsOnBothSidesOfALongerPrefixAreOneList) {
  const Model model = model_of({service("192.0.2.0/24", 1, 65535), service("192.0.2.64/26", 443, 443)});
  const RangeTable table = built(model);
  const sf_span wide = table.wide[0][0];
  const sf_range* below = find(table, wide, first_key(*Prefix::parse("192.0.2.63")));
  const sf_range* above = find(table, wide, first_key(*Prefix::parse("192.0.2.128")));
  ASSERT_NE(below, above);
  EXPECT_EQ(below->value, above->value);
  EXPECT_EQ(range_rows_needed(model), table.rows.size());
}

TEST(Ranges, ServicesWithTheSameSourcesShareOneList) {
  Model model = model_of({service("192.0.2.1", 80, 80), service("192.0.2.2", 80, 80)});
  for (Service& each : model.services) each.deny = {*Prefix::parse("10.0.0.0/8")};
  const RangeTable table = built(model);
  EXPECT_EQ(table.sources[1].first, table.sources[2].first);
  EXPECT_EQ(table.rows.size(), 3u);
}

TEST(Ranges, APrefixIsKnownWithoutAPort) {
  const RangeTable table = built(model_of({service("2001:db8::/64", 443, 443, Protocol::udp)}));
  EXPECT_EQ(find(table, table.prefixes[1], first_key(*Prefix::parse("2001:db8::7")))->value, 1u);
  EXPECT_EQ(find(table, table.prefixes[1], first_key(*Prefix::parse("2001:db8:1::")))->value, 0u);
  EXPECT_EQ(table.prefixes[0].count, 0u);
}

TEST(Ranges, AServiceWithoutARowIsNowhere) {
  Model model = model_of({service("192.0.2.0/24", 80, 80)});
  model.services[0].state = ServiceState::parked;
  EXPECT_TRUE(build_ranges(model, {0}, [](std::size_t, std::size_t) { return 0u; }).rows.empty());
  EXPECT_EQ(range_rows_needed(model), 0u);
}

TEST(Ranges, TheLongestOfAllowAndDenyDecides) {
  Model model = model_of({service("192.0.2.1", 80, 80)});
  model.services[0].deny = {*Prefix::parse("10.0.0.0/8"), *Prefix::parse("10.1.2.3")};
  model.services[0].allow = {*Prefix::parse("10.1.0.0/16")};
  const RangeTable table = built(model);
  EXPECT_EQ(source_at(table, 1, "10.0.0.1"), static_cast<std::uint32_t>(SF_SOURCE_DENIED));
  EXPECT_EQ(source_at(table, 1, "10.1.0.1"), 0u);
  EXPECT_EQ(source_at(table, 1, "10.1.2.3"), static_cast<std::uint32_t>(SF_SOURCE_DENIED));
  EXPECT_EQ(source_at(table, 1, "192.0.2.7"), static_cast<std::uint32_t>(SF_SOURCE_NOT_ALLOWED));
}

TEST(Ranges, WithoutAllowWhoIsNotDeniedIsWelcome) {
  Model model = model_of({service("192.0.2.1", 80, 80)});
  model.services[0].deny = {*Prefix::parse("10.0.0.0/8")};
  EXPECT_EQ(source_at(built(model), 1, "192.0.2.7"), 0u);
}

TEST(Ranges, ServerIdsAreSortedAndOnlyThoseThatHaveARow) {
  Model model = model_of({service("192.0.2.1", 443, 443, Protocol::udp)});
  model.services[0].quic = Quic{4, 0, {}};
  model.pools[0].backends.resize(3);
  model.pools[0].backends[0].server_id = Located<std::uint64_t>(900);
  model.pools[0].backends[1].server_id = Located<std::uint64_t>(20);
  model.pools[0].backends[2].server_id = Located<std::uint64_t>(30);
  model.pools[0].backends[2].state = BackendState::disabled;
  const RangeTable table = build_ranges(model, {1}, [](std::size_t, std::size_t backend) {
    return backend == 2 ? 0 : static_cast<std::uint32_t>(backend + 100);
  });
  const sf_span span = table.server_ids[1];
  ASSERT_EQ(span.count, 2u);
  EXPECT_EQ(table.rows[span.first].key[1], 20u);
  EXPECT_EQ(table.rows[span.first].value, 101u);
  EXPECT_EQ(table.rows[span.first + 1].key[1], 900u);
  EXPECT_EQ(range_rows_needed(model), 2u);
}

// A list per address and a port per list: more rows than any table has.
TEST(Ranges, MoreThanATableHoldsEndsEarly) {
  std::vector<Service> services;
  for (unsigned i = 0; i < 1000; ++i)
    services.push_back(
        service("10.0.0.0/8", static_cast<std::uint16_t>(1 + 2 * i), static_cast<std::uint16_t>(1 + 2 * i)));
  for (unsigned i = 0; i < 1000; ++i) {
    services.push_back(service("10.0.0.0/24", 60000, 60009));
    services.back().vip.value.bytes[2] = static_cast<std::uint8_t>(i / 250);
    services.back().vip.value.bytes[1] = static_cast<std::uint8_t>(i % 250);
  }
  const std::size_t rows = range_rows_needed(model_of(std::move(services)));
  EXPECT_GT(rows, std::size_t{SF_RANGES_MAX});
  EXPECT_LT(rows, std::size_t{2} * SF_RANGES_MAX);
}

// What the words of the precedence say, without intervals.
std::uint32_t by_hand(const Model& model, const Address& address, std::uint16_t port, Protocol protocol) {
  const Service* best = nullptr;
  const auto width = [](const Service& s) { return s.last_port - *s.port; };
  for (const Service& s : model.services) {
    if (s.is_exact() || s.protocol != protocol || !s.vip_prefix().contains(address)) continue;
    if (port < *s.port || port > s.last_port) continue;
    const bool better = best == nullptr || s.vip_bits > best->vip_bits ||
                        (s.vip_bits == best->vip_bits && width(s) < width(*best));
    if (better) best = &s;
  }
  return best == nullptr ? 0 : static_cast<std::uint32_t>(best - model.services.data() + 1);
}

TEST(Ranges, AgreeWithTheWordsOfThePrecedenceForRandomServices) {
  std::mt19937 random(2);
  for (int round = 0; round < 500; ++round) {
    std::vector<Service> services;
    for (auto i = 1 + random() % 9; i != 0; --i) {
      const auto bits = static_cast<unsigned>(26 + random() % 7);
      Prefix vip = Prefix{*Address::parse("192.0.2.0"), bits};
      vip.address.bytes[3] = static_cast<std::uint8_t>(random() % 64);
      const auto first = static_cast<std::uint16_t>(1 + random() % 10);
      const auto last = static_cast<std::uint16_t>(first + random() % 6);
      services.push_back(service(vip.network().text().c_str(), first, last,
                                 random() % 2 == 0 ? Protocol::tcp : Protocol::udp));
    }
    const Model model = model_of(std::move(services));
    const RangeTable table = built(model);
    EXPECT_EQ(range_rows_needed(model), table.rows.size());
    for (int probe = 0; probe < 200; ++probe) {
      Address at = *Address::parse("192.0.2.0");
      at.bytes[3] = static_cast<std::uint8_t>(random() % 80);
      const auto port = static_cast<std::uint16_t>(1 + random() % 17);
      const Protocol protocol = random() % 2 == 0 ? Protocol::tcp : Protocol::udp;
      ASSERT_EQ(service_at(table, at.text().c_str(), port, protocol), by_hand(model, at, port, protocol))
          << at.text() << ' ' << port;
    }
  }
}

}  // namespace
}  // namespace steadfast
