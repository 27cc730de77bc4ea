// SPDX-License-Identifier: Apache-2.0
// StateLock: one daemon per state directory. Two would publish over each other
// and both believe their own journal. The lock ends with the process, however it
// ends.
//
// Must not enter: what is kept in the directory.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace steadfast {

class StateLock {
 public:
  // Creates the directory. An Error when somebody else holds it.
  static Result<StateLock> take(const std::filesystem::path& directory);

  StateLock(StateLock&& other) noexcept;
  StateLock& operator=(StateLock&&) = delete;
  ~StateLock();

 private:
  explicit StateLock(int fd) : fd_(fd) {}
  int fd_;
};

}  // namespace steadfast
