// SPDX-License-Identifier: Apache-2.0
// Statements: a TOML text cut into its headers and key-value pairs, each on its
// own lines. It never fails: a bracket or string that is not closed ends with
// its line, so that one broken statement cannot swallow the ones below it.
//
// Must not enter: values, meaning.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace steadfast::config {

struct Statement {
  enum class Kind { header, pair, garbage };

  Kind kind = Kind::garbage;
  bool array = false;             // [[header]]
  std::vector<std::string> path;  // of a header or of a pair's key; empty when it cannot be told
  std::size_t begin = 0;          // of its first line
  std::size_t end = 0;            // behind the newline of its last line
  std::size_t value = 0;          // of a pair: just behind the equals sign
  std::uint32_t line = 0;         // of `begin`
  std::uint32_t lines = 1;
};

// Comments and blank lines belong to no statement.
std::vector<Statement> split_statements(std::string_view text);

// Behind the string that opens at `at`; the end of its line when it is not closed.
std::size_t skip_string(std::string_view text, std::size_t at);

// The path as a key: "pool.backend".
std::string join(const std::vector<std::string>& path);

}  // namespace steadfast::config
