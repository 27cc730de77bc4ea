// SPDX-License-Identifier: Apache-2.0
// The hash that spreads flows: real traffic differs in a few low bits of port or
// address, and both ends of the hash must still look random.
#include "compile/hash.h"

#include <gtest/gtest.h>

#include <functional>

#include "bpf/hash.h"

namespace steadfast {
namespace {

constexpr int kBins = 256;
constexpr int kFlows = 60000;
// 255 degrees of freedom: mean 255, standard deviation 22.6; five of them above.
constexpr double kMostChiSquare = 255 + 5 * 22.6;

double chi_square(const std::function<std::uint64_t(std::uint32_t)>& hash, int shift) {
  std::vector<double> bins(kBins);
  for (std::uint32_t i = 0; i < kFlows; ++i) ++bins[hash(i) >> shift & (kBins - 1)];
  double sum = 0;
  const double expected = static_cast<double>(kFlows) / kBins;
  for (const double count : bins) sum += (count - expected) * (count - expected) / expected;
  return sum;
}

struct Pattern {
  const char* name;
  std::function<std::uint64_t(const std::uint64_t (&)[2], std::uint32_t)> hash;
};

std::uint64_t v4(const std::uint64_t (&key)[2], std::uint32_t source, std::uint16_t port) {
  const std::uint64_t addresses = std::uint64_t{sf_htonl(source)} << 32 | sf_htonl(0xc000020a);
  const std::uint64_t ports = std::uint64_t{sf_htons(port)} | std::uint64_t{sf_htons(443)} << 16;
  return sf_hash_flow4(reinterpret_cast<const __u64*>(key), addresses,
                       ports | std::uint64_t{6} << 32 | std::uint64_t{4} << 40);
}

std::uint64_t v6(const std::uint64_t (&key)[2], std::uint32_t host, std::uint16_t port) {
  const __u64 source[2] = {0x0000000000b80d01, std::uint64_t{sf_htonl(host)} << 32};
  const __u64 destination[2] = {0x00000000b80d0120, 0x1000000000000000};
  const std::uint64_t ports = std::uint64_t{sf_htons(port)} | std::uint64_t{sf_htons(443)} << 16;
  return sf_hash_flow6(reinterpret_cast<const __u64*>(key), source, destination,
                       ports | std::uint64_t{6} << 32 | std::uint64_t{6} << 40);
}

const Pattern kPatterns[] = {
    {"IPv4, one client, its ports in turn",
     [](const auto& key, std::uint32_t i) {
       return v4(key, 0xcb007107, static_cast<std::uint16_t>(1024 + i));
     }},
    {"IPv4, clients in turn, one port",
     [](const auto& key, std::uint32_t i) { return v4(key, 0xcb000000 + i, 40000); }},
    {"IPv4, clients and ports rising together",
     [](const auto& key, std::uint32_t i) { return v4(key, 0xcb000000 + i, static_cast<std::uint16_t>(i)); }},
    {"IPv6, one client, its ports in turn",
     [](const auto& key, std::uint32_t i) { return v6(key, 7, static_cast<std::uint16_t>(1024 + i)); }},
    {"IPv6, clients in turn, one port", [](const auto& key, std::uint32_t i) { return v6(key, i, 40000); }},
};

TEST(FlowHash, SpreadsRealTrafficOverRingTagAndBucket) {
  for (const char* seed : {"lab", "edge-fleet-1", ""}) {
    const auto words = derive_key("flow", seed);
    const std::uint64_t key[2] = {words[0], words[1]};
    for (const Pattern& pattern : kPatterns)
      for (const int shift : {0, 20, 40, 56})
        EXPECT_LT(chi_square([&](std::uint32_t i) { return pattern.hash(key, i); }, shift), kMostChiSquare)
            << pattern.name << ", seed \"" << seed << "\", bits from " << shift;
  }
}

TEST(FlowHash, AnotherSeedIsAnotherHash) {
  const auto a = derive_key("flow", "one");
  const auto b = derive_key("flow", "two");
  const std::uint64_t key_a[2] = {a[0], a[1]}, key_b[2] = {b[0], b[1]};
  int same = 0;
  for (std::uint16_t port = 0; port < 1000; ++port)
    same += (v4(key_a, 1, port) & 511) == (v4(key_b, 1, port) & 511);
  EXPECT_LT(same, 20);
}

}  // namespace
}  // namespace steadfast
