// SPDX-License-Identifier: Apache-2.0
// Table: rows of text as aligned columns, for people. Numbers align right; a
// cell may carry a colour, which costs no width and vanishes off a terminal.
//
// Must not enter: what the rows mean (report/screen.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace steadfast::report {

enum class Colour { none, bold, red, yellow, green, faint };

// `text` in `colour`, or `text` alone when `on` is false.
std::string paint(std::string_view text, Colour colour, bool on);

struct Cell {
  std::string text;
  bool right = false;
  Colour colour = Colour::none;

  Cell(std::string words, Colour paint_as = Colour::none) : text(std::move(words)), colour(paint_as) {}
  Cell(const char* words) : text(words) {}
  static Cell number(std::string digits, Colour paint_as = Colour::none);
};

class Table {
 public:
  explicit Table(std::vector<std::string> header) : header_(std::move(header)) {}

  void add(std::vector<Cell> row);
  bool empty() const { return rows_.empty(); }
  // Two spaces between columns, none at the end of a line.
  std::string text(bool colour) const;

 private:
  std::vector<std::string> header_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace steadfast::report
