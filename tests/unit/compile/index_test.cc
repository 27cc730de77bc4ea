// SPDX-License-Identifier: Apache-2.0
#include "compile/index.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <set>

#include "compile/hash.h"

namespace steadfast {
namespace {

std::vector<sf_service> services(std::uint32_t count) {
  std::vector<sf_service> rows(count + 1);
  for (std::uint32_t id = 1; id <= count; ++id) {
    rows[id].key.addr[0] = htonl(0xc0000200u + id / 1000);
    rows[id].key.port = htons(static_cast<std::uint16_t>(1000 + id % 1000));
    rows[id].key.protocol = 6;
    rows[id].key.family = SF_IPV4;
  }
  return rows;
}

TEST(Index, FindsEveryServiceInItsOwnBucket) {
  const auto rows = services(10000);
  const ServiceIndex index = build_index(rows, 16384, "seed");
  std::set<std::uint32_t> found;
  for (std::uint32_t id = 1; id < rows.size(); ++id) {
    const std::uint64_t hash = service_hash(index.key, rows[id].key);
    for (const __u64 word : index.buckets[static_cast<std::uint32_t>(hash) & 16383].way)
      if (word >> 32 == hash >> 32 && static_cast<std::uint32_t>(word) == id) found.insert(id);
  }
  EXPECT_EQ(found.size(), 10000u);
}

// The program stops at the first empty word.
TEST(Index, BucketsFillFromTheFront) {
  const ServiceIndex index = build_index(services(1000), 256, "seed");
  for (const sf_bucket& bucket : index.buckets) {
    bool ended = false;
    for (const __u64 word : bucket.way) {
      EXPECT_FALSE(ended && word != 0);
      ended |= word == 0;
    }
  }
}

TEST(Index, TriesKeysUntilNoBucketOverflows) {
  const ServiceIndex index =
      build_index(services(256), 64, "seed");  // four per bucket: the first keys overflow
  std::size_t words = 0;
  for (const sf_bucket& bucket : index.buckets)
    for (const __u64 word : bucket.way) words += word != 0;
  EXPECT_EQ(words, 256u);
}

}  // namespace
}  // namespace steadfast
