// SPDX-License-Identifier: Apache-2.0
#include "audit/tables.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "audit/fields.h"
#include "audit/owners.h"
#include "base/bug.h"

namespace steadfast::audit {
namespace {

constexpr std::size_t kPieceBytes = 64 * 1024;
// Enough to tell what happened; a table that was overwritten whole is one finding, not a million.
constexpr std::size_t kMostDifferences = 256;

constexpr std::string_view kMaps[] = {
#define X(symbol, map) map,
    SF_AUDITED_TABLES(X)
#undef X
};

template <typename Row>
std::span<const Row> slot_rows(std::span<Row> all, std::uint32_t slot) {
  const std::size_t rows = all.size() / SF_SLOTS;
  return all.subspan(slot * rows, rows);
}

template <typename Row>
Row row_or_empty(const std::vector<Row>& rows, std::size_t at) {
  return at < rows.size() ? rows[at] : Row{};
}

template <typename Row>
bool same(const Row& a, const Row& b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

template <typename Row>
DifferenceKind kind_of(const Row& desired, const Row& found) {
  const Row nothing{};
  if (same(desired, nothing)) return DifferenceKind::extra;
  return same(found, nothing) ? DifferenceKind::missing : DifferenceKind::different;
}

// One comparison: where it is, and who owns what it finds.
class Comparison {
 public:
  Comparison(const Memory& memory, const Written& written, const Piece& piece, std::vector<Difference>& out)
      : memory_(memory), written_(written), piece_(piece), out_(out) {}

  bool run() {
    look();
    return right_;
  }

 private:
  void look() {
    switch (piece_.table) {
      case Table::slot:
        return row(0, written_.tables->slot, memory_.slots[written_.slot],
                   [](auto&, auto&) { return Owner{}; });
      case Table::index:
        return rows(written_.tables->index, memory_.index,
                    [this](const sf_bucket& desired, const sf_bucket& found) {
                      return owner_of_bucket(desired, found);
                    });
      case Table::services:
        return rows(*written_.services, memory_.services,
                    [this](auto&, auto&) { return owner_of_service(written_, at_); });
      case Table::backends:
        return rows(written_.tables->backends, memory_.backends,
                    [this](auto&, auto&) { return owner_of_backend(written_, at_); });
      case Table::ranges:
        return rows(written_.tables->ranges, memory_.ranges,
                    [this](auto&, auto&) { return owner_of_range(written_, at_); });
      case Table::rings:
        return ring();
    }
  }

  // The service of the first word that differs: what must be there, or else what is.
  Owner owner_of_bucket(const sf_bucket& desired, const sf_bucket& found) const {
    const auto [word, other] =
        std::mismatch(std::begin(desired.way), std::end(desired.way), std::begin(found.way));
    const std::uint64_t known = *word != 0 ? *word : *other;
    return owner_of_service(written_, known & UINT32_MAX);
  }

  template <typename Row, typename OwnerOf>
  void rows(const std::vector<Row>& desired, std::span<Row> table, OwnerOf owner_of) {
    const auto found = slot_rows(table, written_.slot);
    for (at_ = piece_.first; at_ < piece_.first + piece_.count; ++at_)
      row(at_, row_or_empty(desired, at_), found[at_], owner_of);
  }

  template <typename Row, typename OwnerOf>
  void row(std::uint32_t entry, const Row& desired, const Row& found, OwnerOf owner_of) {
    if (same(desired, found)) return;
    right_ = false;
    if (out_.size() >= kMostDifferences) return;
    // A copy: the memory may change while it is looked at.
    const Row seen = found;
    const Owner owner = owner_of(desired, seen);
    for (FieldDifference& field : differing(desired, seen))
      add(entry, kind_of(desired, seen), std::move(field), owner);
  }

  void ring() {
    const TableRing& ring = written_.tables->rings[piece_.ring];
    const std::uint32_t line = (*written_.services)[ring.service].ring_line;
    for (std::uint32_t i = piece_.first; i < piece_.first + piece_.count; ++i) {
      sf_ring_line desired{};
      std::memcpy(desired.backend, &ring.backends[std::size_t{i} * SF_RING_LINE_ENTRIES],
                  sizeof desired.backend);
      row(line + i, desired, memory_.rings[line + i],
          [&](auto&, auto&) { return owner_of_service(written_, ring.service); });
    }
  }

  void add(std::uint32_t entry, DifferenceKind kind, FieldDifference field, const Owner& owner) {
    Difference& difference = out_.emplace_back();
    difference.kind = kind;
    difference.map = name(piece_.table);
    difference.slot = written_.slot;
    difference.entry = entry;
    difference.field = std::move(field.field);
    difference.desired = std::move(field.desired);
    difference.found = std::move(field.found);
    difference.object = owner.object;
    difference.place = owner.place;
    difference.file = written_.model->file;
  }

  const Memory& memory_;
  const Written& written_;
  const Piece& piece_;
  std::vector<Difference>& out_;
  std::uint32_t at_ = 0;
  bool right_ = true;
};

void add_pieces(std::size_t written, Table table, std::size_t rows, std::size_t row_bytes, std::size_t ring,
                std::vector<Piece>& pieces) {
  const auto most = static_cast<std::uint32_t>(std::max<std::size_t>(1, kPieceBytes / row_bytes));
  for (std::uint32_t first = 0; first < rows; first += most)
    pieces.push_back({written, table, first, std::min(most, static_cast<std::uint32_t>(rows) - first), ring});
}

}  // namespace

std::string_view name(Table table) { return kMaps[static_cast<std::size_t>(table)]; }

std::vector<Piece> pieces_of(const Memory& memory, const std::vector<Written>& written) {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < written.size(); ++i) {
    add_pieces(i, Table::slot, 1, sizeof(sf_slot), 0, pieces);
    add_pieces(i, Table::index, memory.index.size() / SF_SLOTS, sizeof(sf_bucket), 0, pieces);
    add_pieces(i, Table::services, memory.services.size() / SF_SLOTS, sizeof(sf_service), 0, pieces);
    add_pieces(i, Table::backends, memory.backends.size() / SF_SLOTS, sizeof(sf_backend), 0, pieces);
    add_pieces(i, Table::ranges, memory.ranges.size() / SF_SLOTS, sizeof(sf_range), 0, pieces);
    const auto& rings = written[i].tables->rings;
    for (std::size_t ring = 0; ring < rings.size(); ++ring)
      add_pieces(i, Table::rings, rings[ring].backends.size() / SF_RING_LINE_ENTRIES, sizeof(sf_ring_line),
                 ring, pieces);
  }
  return pieces;
}

bool compare(const Memory& memory, const std::vector<Written>& written, const Piece& piece,
             std::vector<Difference>& differences) {
  return Comparison(memory, written[piece.written], piece, differences).run();
}

std::vector<Difference> compare(const Memory& memory, const std::vector<Written>& written) {
  std::vector<Difference> differences;
  for (const Piece& piece : pieces_of(memory, written)) compare(memory, written, piece, differences);
  return differences;
}

std::string sentence(const Difference& difference) {
  const std::string entry = difference.map + " entry " + std::to_string(difference.entry) + " of slot " +
                            std::to_string(difference.slot);
  const std::string values =
      difference.field + " is " + difference.found + " and must be " + difference.desired;
  switch (difference.kind) {
    case DifferenceKind::missing:
      return entry + " is missing: " + values;
    case DifferenceKind::extra:
      return entry + " belongs to nothing in the file: " + values;
    case DifferenceKind::different:
      return entry + ": " + values;
  }
  bug("every kind of difference has a sentence");
}

}  // namespace steadfast::audit
