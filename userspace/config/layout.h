// SPDX-License-Identifier: Apache-2.0
// Layout: where in a file's text a backend's values stand, and how to change,
// insert and remove them in the style that is there already.
//
// Must not enter: what may be changed, and whether the result makes sense (edit.cc).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/config.h"
#include "config/lines.h"
#include "config/statements.h"

namespace steadfast::config {

using Pairs = std::vector<std::pair<std::string, std::string>>;  // key, TOML literal

// `text` as a TOML string.
std::string toml_string(std::string_view text);

class Layout {
 public:
  // `text` must be a whole TOML file and outlive the Layout.
  explicit Layout(std::string_view text);

  // Replaces the value at `known`, or gives the backend the key.
  void put(const Backend& backend, const std::string& key, std::optional<Place> known,
           const std::string& literal);
  void append(const Pool& pool, const Pairs& backend);
  void remove(const Backend& backend);

  std::string result() const;

 private:
  struct Splice {
    std::size_t begin;
    std::size_t end;
    std::string text;
  };

  bool is_inline(Place place) const { return text_[lines_.offset(place)] == '{'; }
  std::string indent_of(std::size_t offset) const;
  std::size_t block_end(Place header) const;
  std::size_t closing_bracket(std::size_t opening) const;
  void splice(std::size_t begin, std::size_t end, std::string text);
  void insert_key_inline(std::size_t brace, const std::string& pair);
  void append_block(const Pool& pool, const Pairs& backend);
  void append_to_list(const Pool& pool, const std::string& item);
  void append_line(std::size_t last_end, std::size_t comma, const std::string& item);
  void remove_block(const Backend& backend);
  void remove_item(const Backend& backend);

  std::string_view text_;
  Lines lines_;
  std::vector<Statement> statements_;
  std::vector<Splice> splices_;
};

}  // namespace steadfast::config
