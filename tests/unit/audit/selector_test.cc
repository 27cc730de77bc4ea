// SPDX-License-Identifier: Apache-2.0
#include "audit/selector.h"

#include <gtest/gtest.h>

#include <thread>

namespace steadfast::audit {
namespace {

sf_selector settled() {
  sf_selector row{};
  row.live = 1;
  row.previous = 0;
  row.confirmed = 1;
  row.ticks = 5;
  row.clock_s = 6;
  return row;
}

TEST(SelectorAudit, IsAsItWasLeft) { EXPECT_TRUE(compare_selector(settled(), settled()).empty()); }

TEST(SelectorAudit, TheTimersOwnWordsMayMove) {
  sf_selector now = settled();
  now.ticks += 100;
  now.clock_s += 1;
  EXPECT_TRUE(compare_selector(settled(), now).empty());
}

TEST(SelectorAudit, TheTimerMayTickWhileOneLooks) {
  sf_selector row = settled();
  const sf_selector left = row;
  const std::jthread timer([&row](const std::stop_token& over) {
    while (!over.stop_requested()) __atomic_fetch_add(&row.ticks, 1, __ATOMIC_RELAXED);
  });
  for (int look = 0; look < 100'000; ++look) ASSERT_TRUE(compare_selector(left, row).empty()) << look;
}

TEST(SelectorAudit, AnotherSlotIsNamed) {
  sf_selector now = settled();
  now.live = 3;
  const auto found = compare_selector(settled(), now);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].map, "sf_control");
  EXPECT_EQ(found[0].field, "selector.live");
  EXPECT_EQ(found[0].found, "0x3");
  EXPECT_EQ(found[0].object, "host");
}

TEST(SelectorAudit, EveryByteIsNamedThatDoesNotMoveByItself) {
  for (std::size_t at = 0; at < sizeof(sf_selector); ++at) {
    sf_selector now = settled();
    reinterpret_cast<unsigned char*>(&now)[at] ^= 0x40;
    const bool moves = now.ticks != settled().ticks || now.clock_s != settled().clock_s ||
                       now.sample_until_s != settled().sample_until_s;
    EXPECT_EQ(compare_selector(settled(), now).size(), moves ? 0u : 1u) << at;
  }
}

// While a change is pending the kernel may undo it at any time.
TEST(SelectorAudit, TheWayBackIsNoForeignWrite) {
  sf_selector left = settled();
  left.deadline_ns = 1000;
  left.live = 2;
  sf_selector now = left;
  now.deadline_ns = 0;
  now.live = 1;
  now.fallbacks = 1;
  now.fell_back_ns = 1001;
  EXPECT_TRUE(compare_selector(left, now).empty());
}

TEST(SelectorAudit, ADeadlineThatNobodySetIsForeign) {
  sf_selector now = settled();
  now.deadline_ns = 5;
  const auto found = compare_selector(settled(), now);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].field, "selector.deadline_ns");
}

}  // namespace
}  // namespace steadfast::audit
