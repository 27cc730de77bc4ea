// SPDX-License-Identifier: Apache-2.0
// Top: one screenful of what the balancer does, composed from two reads of it for a
// terminal of a given size. Pure, so that a test holds every size to a file.
//
// Must not enter: terminals (tools/steadfast/top_terminal.h), asking the daemon.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "report/top_tables.h"

namespace steadfast::report {

// What the person at the keyboard has chosen.
struct TopChoice {
  TopTable table = TopTable::services;
  std::size_t scroll = 0;           // rows above the first one shown
  std::optional<std::size_t> sort;  // column; none: the usual one
  bool operator==(const TopChoice&) const = default;
};

enum class TopKey { up, down, page_up, page_down, first, last, next_table, previous_table, sort };

struct TopSize {
  std::size_t width = 80;
  std::size_t height = 24;
};

struct TopPiece {
  std::string text;
  Colour colour = Colour::none;
  bool reverse = false;
};
using TopLine = std::vector<TopPiece>;

struct TopScreen {
  std::vector<TopLine> lines;  // at most `height`, each at most `width` columns
  std::size_t rows = 0;        // of the table
  std::size_t shown = 0;
  std::size_t scroll = 0;               // as far as there are rows
  std::vector<std::size_t> sortable{};  // columns there is room for
  std::size_t sort = 0;
};

TopScreen top_screen(const TopSample& before, const TopSample& now, const TopChoice& choice, TopSize size);

// The choice after a key, as `screen` shows the choice before it.
TopChoice after_key(const TopChoice& choice, TopKey key, const TopScreen& screen);

// As text, for tests; colours as escape sequences or not at all.
std::string text(const TopScreen& screen, bool colour);

}  // namespace steadfast::report
