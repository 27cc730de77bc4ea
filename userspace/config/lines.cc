// SPDX-License-Identifier: Apache-2.0
#include "config/lines.h"

#include <algorithm>

namespace steadfast::config {
namespace {

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

Lines::Lines(std::string_view text) : text_(text) {
  if (!text.empty()) starts_.push_back(0);
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if (text[i] == '\n') starts_.push_back(i + 1);
}

std::string_view Lines::line(std::uint32_t number) const {
  std::string_view found = text_.substr(begin(number), begin(number + 1) - begin(number));
  if (!found.empty() && found.back() == '\n') found.remove_suffix(1);
  if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
  return found;
}

std::size_t Lines::begin(std::uint32_t number) const {
  return number == 0 || number > starts_.size() ? text_.size() : starts_[number - 1];
}

std::size_t Lines::offset(Place place) const {
  std::size_t at = begin(place.line);
  const std::size_t stop = begin(place.line + 1);
  for (std::uint32_t column = 1; column < place.column && at < stop; ++column) {
    ++at;
    while (at < stop && continues_character(text_[at])) ++at;
  }
  return at;
}

Place Lines::place(std::size_t offset) const {
  if (starts_.empty()) return {1, 1};
  const auto after = std::upper_bound(starts_.begin(), starts_.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - starts_.begin());
  std::uint32_t column = 1;
  for (std::size_t at = starts_[line - 1]; at < offset && at < text_.size(); ++at)
    if (at + 1 >= text_.size() || at + 1 >= offset || !continues_character(text_[at + 1])) ++column;
  return {line, column};
}

}  // namespace steadfast::config
