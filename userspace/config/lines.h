// SPDX-License-Identifier: Apache-2.0
// Lines: where a place (line, column) stands in the bytes of a text and back.
// Columns count characters, not bytes, as editors do.
//
// Must not enter: what the text says.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/place.h"

namespace steadfast::config {

class Lines {
 public:
  // `text` must outlive the Lines.
  explicit Lines(std::string_view text);

  // Lines, counting the piece behind the last newline when there is one.
  std::uint32_t count() const { return static_cast<std::uint32_t>(starts_.size()); }
  // Without its line end; empty for a line that does not exist.
  std::string_view line(std::uint32_t number) const;
  std::size_t begin(std::uint32_t number) const;  // offset; the end of the text beyond the last line
  std::size_t offset(Place place) const;
  Place place(std::size_t offset) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

}  // namespace steadfast::config
