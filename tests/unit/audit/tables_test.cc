// SPDX-License-Identifier: Apache-2.0
// Every entry of the slot that packets use: what was written is found, and
// whatever else stands there is named with its entry, its field and whose it is.
#include "audit/tables.h"

#include <gtest/gtest.h>

#include "audited.h"

namespace steadfast::audit {
namespace {

TEST(Tables, AreAsTheyWereWritten) {
  Audited audited;
  EXPECT_TRUE(audited.differences().empty());
}

TEST(Tables, AChangedServiceIsNamed) {
  Audited audited;
  audited.row(audited.lab.memory().services, 1).ring_mask ^= 1;
  const auto found = audited.differences();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].map, "sf_services");
  EXPECT_EQ(found[0].entry, 1u);
  EXPECT_EQ(found[0].field, "ring_mask");
  EXPECT_EQ(found[0].object, "service/web");
  EXPECT_EQ(sentence(found[0]), "sf_services entry 1 of slot 0: ring_mask is 254 and must be 255");
  EXPECT_TRUE(found[0].place);
}

TEST(Tables, AChangedBackendIsNamedByItsPool) {
  Audited audited;
  audited.row(audited.lab.memory().backends, 3).mtu = 9000;
  const auto found = audited.differences();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].object, "backend/dns/dns-01");
  EXPECT_EQ(found[0].field, "mtu");
}

TEST(Tables, AMissingEntryIsSaidToBeMissing) {
  Audited audited;
  audited.row(audited.lab.memory().backends, 2) = {};
  const auto found = audited.differences();
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].kind, DifferenceKind::missing);
  EXPECT_EQ(found[0].object, "backend/web/web-02");
}

TEST(Tables, AnEntryTooManyBelongsToNothing) {
  Audited audited;
  audited.row(audited.lab.memory().backends, 4).state = SF_BACKEND_ACTIVE;
  const auto found = audited.differences();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, DifferenceKind::extra);
  EXPECT_EQ(found[0].object, "host");
  EXPECT_EQ(sentence(found[0]),
            "sf_backends entry 4 of slot 0 belongs to nothing in the file: state is 1 and must be 0");
}

TEST(Tables, AnIndexWordSpeaksOfTheServiceItMustName) {
  Audited audited;
  for (sf_bucket& bucket : audited.lab.memory().index)
    for (__u64& way : bucket.way)
      if ((way & UINT32_MAX) == 2) {
        way = 0;
        const auto found = audited.differences();
        ASSERT_EQ(found.size(), 1u);
        EXPECT_EQ(found[0].map, "sf_index");
        EXPECT_EQ(found[0].object, "service/dns");
        return;
      }
  FAIL() << "the index does not name service 2";
}

TEST(Tables, ARingEntryBelongsToItsService) {
  Audited audited;
  const std::uint32_t line = audited.row(audited.lab.memory().services, 2).ring_line;
  audited.lab.memory().rings[line + 1].backend[7] = 1;
  const auto found = audited.differences();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].map, "sf_rings");
  EXPECT_EQ(found[0].entry, line + 1);
  EXPECT_EQ(found[0].field, "backend[7]");
  EXPECT_EQ(found[0].desired, "3");
  EXPECT_EQ(found[0].object, "service/dns");
}

TEST(Tables, ARangeBelongsToTheServiceThatListsIt) {
  Audited audited;
  const sf_span sources = audited.row(audited.lab.memory().services, 1).sources;
  ASSERT_NE(sources.count, 0u);
  audited.row(audited.lab.memory().ranges, sources.first + sources.count - 1).value ^= 0xff;
  const auto found = audited.differences();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].map, "sf_ranges");
  EXPECT_EQ(found[0].object, "service/web");
}

TEST(Tables, TheSlotIsTheHosts) {
  Audited audited;
  audited.lab.memory().slots[audited.slot()].echo_limit = 1;
  const auto found = audited.differences();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].map, "sf_control");
  EXPECT_EQ(found[0].field, "echo_limit");
  EXPECT_EQ(found[0].object, "host");
}

// Nobody reads a slot that does not run; it is written anew before it does.
TEST(Tables, OtherSlotsMayHoldAnything) {
  Audited audited;
  audited.lab.memory().slots[audited.slot() + 1].echo_limit = 1;
  EXPECT_TRUE(audited.differences().empty());
}

// Flips every byte of a table's part of the running slot, one at a time.
template <typename Row>
void flip_every_byte(Audited& audited, std::span<Row> table, const char* map) {
  const std::size_t rows = table.size() / SF_SLOTS;
  auto* bytes = reinterpret_cast<unsigned char*>(&table[rows * audited.slot()]);
  for (std::size_t at = 0; at < rows * sizeof(Row); ++at) {
    bytes[at] ^= 0x10;
    const auto found = audited.differences();
    bytes[at] ^= 0x10;
    ASSERT_EQ(found.size(), 1u) << map << " byte " << at;
    EXPECT_EQ(found[0].map, map);
    EXPECT_EQ(found[0].entry, at / sizeof(Row));
    EXPECT_FALSE(found[0].field.empty());
  }
}

TEST(Tables, EveryByteThatIsFlippedIsFound) {
  Audited audited;
  Memory& memory = audited.lab.memory();
  flip_every_byte(audited, memory.services.first(memory.services.size()), "sf_services");
}

TEST(Tables, EveryByteOfARingThatIsFlippedIsFound) {
  Audited audited;
  const sf_service& row = audited.row(audited.lab.memory().services, 1);
  for (std::uint32_t i = 0; i <= row.ring_mask; ++i) {
    __u16& entry = audited.lab.memory()
                       .rings[row.ring_line + i / SF_RING_LINE_ENTRIES]
                       .backend[i % SF_RING_LINE_ENTRIES];
    entry ^= 0x100;
    const auto found = audited.differences();
    entry ^= 0x100;
    ASSERT_EQ(found.size(), 1u) << i;
    EXPECT_EQ(found[0].object, "service/web");
  }
}

TEST(Tables, PiecesAreEveryRowOnce) {
  Audited audited;
  const Memory& memory = audited.lab.memory();
  std::size_t rows[6] = {};
  for (const Piece& piece : pieces_of(memory, audited.written()))
    rows[static_cast<std::size_t>(piece.table)] += piece.count;
  EXPECT_EQ(rows[static_cast<std::size_t>(Table::slot)], 1u);
  EXPECT_EQ(rows[static_cast<std::size_t>(Table::index)], memory.capacity.index_buckets);
  EXPECT_EQ(rows[static_cast<std::size_t>(Table::services)], memory.capacity.services);
  EXPECT_EQ(rows[static_cast<std::size_t>(Table::backends)], memory.capacity.backends);
  EXPECT_EQ(rows[static_cast<std::size_t>(Table::ranges)], memory.capacity.ranges);
  EXPECT_EQ(rows[static_cast<std::size_t>(Table::rings)], (256u + 128) / SF_RING_LINE_ENTRIES);
}

// A table that was overwritten whole is told in short.
TEST(Tables, ManyDifferencesAreCutShort) {
  Audited audited;
  auto& memory = audited.lab.memory();
  for (sf_range& row : memory.ranges) row.count = 77;
  const auto found = audited.differences();
  EXPECT_GE(found.size(), 100u);
  EXPECT_LE(found.size(), 300u);
}

}  // namespace
}  // namespace steadfast::audit
