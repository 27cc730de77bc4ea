// SPDX-License-Identifier: Apache-2.0
// Files: one NNNN.json for every incident, whole or absent. The latest kKept stay. A
// number is the file's name, so that a damaged record still has one and nobody else
// ever gets it.
//
// Must not enter: what is in a record.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

#include "base/result.h"

namespace steadfast::incident {

class Files {
 public:
  static constexpr std::size_t kKept = 200;

  // Creates the directory.
  static Result<Files> open(const std::filesystem::path& directory);

  const std::set<std::uint64_t>& numbers() const { return numbers_; }
  std::filesystem::path path_of(std::uint64_t number) const;
  Result<std::string> read(std::uint64_t number) const;
  // Then the oldest beyond kKept go; they are no longer among the numbers.
  Result<void> write(std::uint64_t number, const std::string& bytes);

 private:
  explicit Files(std::filesystem::path directory) : directory_(std::move(directory)) {}

  std::filesystem::path directory_;
  std::set<std::uint64_t> numbers_;
};

}  // namespace steadfast::incident
