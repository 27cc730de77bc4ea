// SPDX-License-Identifier: Apache-2.0
#include "report/table.h"

#include <algorithm>

#include "base/bug.h"

namespace steadfast::report {
namespace {

std::string_view escape(Colour colour) {
  switch (colour) {
    case Colour::none:
      return "";
    case Colour::bold:
      return "\x1b[1m";
    case Colour::red:
      return "\x1b[31m";
    case Colour::yellow:
      return "\x1b[33m";
    case Colour::green:
      return "\x1b[32m";
    case Colour::faint:
      return "\x1b[2m";
  }
  bug("a colour without an escape sequence");
}

// Columns on the terminal: code points, so that a name in UTF-8 stays aligned.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

void put(std::string& line, const Cell& cell, std::size_t column, bool last, bool colour) {
  const std::size_t blank = column - width(cell.text);
  if (cell.right) line.append(blank, ' ');
  line += paint(cell.text, cell.colour, colour);
  if (!cell.right && !last) line.append(blank, ' ');
  line += last ? "\n" : "  ";
}

}  // namespace

std::string paint(std::string_view text, Colour colour, bool on) {
  if (!on || colour == Colour::none || text.empty()) return std::string(text);
  return std::string(escape(colour)) + std::string(text) + "\x1b[0m";
}

Cell Cell::number(std::string digits, Colour paint_as) {
  Cell cell(std::move(digits), paint_as);
  cell.right = true;
  return cell;
}

void Table::add(std::vector<Cell> row) {
  invariant(row.size() == header_.size(), "a table row has as many cells as the header");
  rows_.push_back(std::move(row));
}

std::string Table::text(bool colour) const {
  std::vector<Cell> head;
  std::vector<std::size_t> columns;
  for (std::size_t i = 0; i < header_.size(); i++) {
    head.emplace_back(header_[i], Colour::bold);
    head.back().right = !rows_.empty() && rows_.front()[i].right;
    columns.push_back(width(header_[i]));
    for (const auto& row : rows_) columns[i] = std::max(columns[i], width(row[i].text));
  }
  std::string out;
  const auto line = [&](const std::vector<Cell>& row) {
    for (std::size_t i = 0; i < row.size(); i++) put(out, row[i], columns[i], i + 1 == row.size(), colour);
  };
  line(head);
  for (const auto& row : rows_) line(row);
  return out;
}

}  // namespace steadfast::report
