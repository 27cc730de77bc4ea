// SPDX-License-Identifier: Apache-2.0
// Journal: every generation there was, on disk. NNNNNNNN.toml has the file's
// bytes, NNNNNNNN.json who wrote it and why; neither ever changes. `ledger`
// says what became of each and which one was confirmed last: that one is what a
// start-up loads.
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
  std::string time;           // RFC 3339, UTC
  std::string outcome;        // one of outcome::
  bool confirmed = false;     // it was final at some time, whatever became of it
  std::string confirmed_by;   // of a change that was pending
  std::string ended_because;  // of a rolled-back or cancelled one
  std::vector<std::string> accepted;
};

// What became of a generation.
namespace outcome {
inline constexpr char kWritten[] = "written";  // never ran: the change failed, or the daemon died
inline constexpr char kPending[] = "pending";  // runs, unconfirmed
inline constexpr char kRunning[] = "running";  // runs, confirmed
inline constexpr char kReplaced[] = "replaced";
inline constexpr char kRolledBack[] = "rolled-back";  // its bytes are in quarantine
inline constexpr char kCancelled[] = "cancelled";
}  // namespace outcome

class Journal {
 public:
  // Creates the directory; reads what is there. A damaged entry is an Error that
  // names it: history is never skipped in silence.
  static Result<Journal> open(const std::filesystem::path& directory);

  // Writes the bytes and the record of a generation that is about to run.
  Result<void> write(Generation generation, const std::string& text);
  // What became of one generation; the others stay as they are.
  Result<void> set_outcome(std::uint64_t number, const std::string& outcome, const std::string& because = {});
  // From now on a start-up loads this one; the former gets `former_outcome`.
  // Forgets the oldest beyond kGenerationsKept.
  Result<void> confirm(std::uint64_t number, const std::string& confirmed_by,
                       const std::string& former_outcome, const std::string& because = {});

  // Writes the ledger again, after a failure.
  Result<void> save();

  std::uint64_t confirmed() const { return confirmed_; }  // 0 = none
  const std::vector<Generation>& generations() const { return generations_; }
  const Generation* find(std::uint64_t number) const;
  // The bytes, checked against their digest.
  Result<std::string> text(std::uint64_t number) const;

 private:
  explicit Journal(std::filesystem::path directory) : directory_(std::move(directory)) {}
  std::filesystem::path path_of(std::uint64_t number, const char* suffix) const;
  Result<void> read_record(const std::filesystem::path& path);
  Result<void> read_ledger();
  Generation* known(std::uint64_t number);
  const Generation* with_bytes(const std::string& digest) const;
  std::vector<std::uint64_t> forgettable() const;
  void forget_oldest();

  std::filesystem::path directory_;
  std::vector<Generation> generations_;  // by number
  std::uint64_t confirmed_ = 0;
  std::string ledger_;  // as it stands on the disk
};

}  // namespace steadfast
