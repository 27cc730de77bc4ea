// SPDX-License-Identifier: Apache-2.0
// Journal: every generation that ran, on disk, immutable: the file's bytes, who
// wrote it and why, and what became of it. The directory holds NNNNNNNN.toml and
// NNNNNNNN.json per generation, and `running`, which names the one that runs.
//
// Must not enter: the meaning of a configuration, the kernel.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"

namespace steadfast {

inline constexpr std::size_t kGenerationsKept = 50;

struct Generation {
  std::uint64_t number = 0;
  std::string digest;  // hex SHA-256 of the bytes
  std::string author;
  std::string reason;
  std::string file;
  std::string time;     // RFC 3339, UTC
  std::string outcome;  // "written" | "running" | "replaced" | "rolled-back"
  std::vector<std::string> accepted;
};

class Journal {
 public:
  // Creates the directory; reads what is there. A damaged entry is an Error that
  // names it: history is never skipped in silence.
  static Result<Journal> open(const std::filesystem::path& directory);

  // Writes the bytes and the record of a generation that is about to run.
  Result<void> write(Generation generation, const std::string& text);
  // Marks it as the one that runs and the former one with `former_outcome`;
  // forgets the oldest beyond kGenerationsKept.
  Result<void> set_running(std::uint64_t number, const std::string& former_outcome);

  std::uint64_t running() const { return running_; }  // 0 = none
  std::uint64_t last_number() const { return generations_.empty() ? 0 : generations_.back().number; }
  const std::vector<Generation>& generations() const { return generations_; }
  const Generation* find(std::uint64_t number) const;
  // The bytes, checked against their digest.
  Result<std::string> text(std::uint64_t number) const;

 private:
  explicit Journal(std::filesystem::path directory) : directory_(std::move(directory)) {}
  std::filesystem::path path_of(std::uint64_t number, const char* suffix) const;
  Result<void> read_record(const std::filesystem::path& path);
  Result<void> write_record(const Generation& generation) const;
  void forget_oldest();

  std::filesystem::path directory_;
  std::vector<Generation> generations_;  // by number
  std::uint64_t running_ = 0;
};

}  // namespace steadfast
