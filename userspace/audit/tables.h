// SPDX-License-Identifier: Apache-2.0
// Tables against memory: every entry of a slot that packets use, compared with
// what was written there last. In pieces, so that a caller may spread the work;
// a piece is a few pages of one table.
//
// Must not enter: when a piece is due (read_back.h), what is done about a difference.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/place.h"
#include "compile/tables.h"
#include "kernel/memory.h"
#include "model/model.h"

namespace steadfast::audit {

// What one slot must hold.
struct Written {
  std::uint32_t slot = 0;
  const Model* model = nullptr;
  const Tables* tables = nullptr;
  const std::vector<sf_service>* services = nullptr;  // of `tables`, with the place of their rings
};

// X(symbol, name of the map)
#define SF_AUDITED_TABLES(X) \
  X(slot, "sf_control")      \
  X(index, "sf_index")       \
  X(services, "sf_services") \
  X(backends, "sf_backends") \
  X(ranges, "sf_ranges")     \
  X(rings, "sf_rings")

enum class Table {
#define X(symbol, map) symbol,
  SF_AUDITED_TABLES(X)
#undef X
};
std::string_view name(Table table);

// Rows `first` to `first + count - 1` of the slot's part of a table; of rings, lines of one ring.
struct Piece {
  std::size_t written = 0;  // index into what was written
  Table table = Table::slot;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::size_t ring = 0;  // index into Tables::rings
};

// Together they are every row of every table.
std::vector<Piece> pieces_of(const Memory& memory, const std::vector<Written>& written);

enum class DifferenceKind { missing, extra, different };

// One value in the kernel that is not the one that was written.
struct Difference {
  DifferenceKind kind = DifferenceKind::different;
  std::string map;  // "sf_backends"
  std::uint32_t slot = 0;
  std::uint32_t entry = 0;  // within the slot; of rings, the line in the arena
  std::string field;
  std::string desired;
  std::string found;
  std::string object;  // of the file
  Place place;
  std::string file;
};

// Adds the differences of a piece; true when there is none.
bool compare(const Memory& memory, const std::vector<Written>& written, const Piece& piece,
             std::vector<Difference>& differences);

// All pieces.
std::vector<Difference> compare(const Memory& memory, const std::vector<Written>& written);

// "sf_backends entry 3 (generation 7): mtu is 1400 and must be 1500"
std::string sentence(const Difference& difference);

}  // namespace steadfast::audit
