// SPDX-License-Identifier: Apache-2.0
#include "journal/state_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <utility>

namespace steadfast {

Result<StateLock> StateLock::take(const std::filesystem::path& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) return Error::from_errno("creating " + directory.string(), failed.value());
  const auto file = directory / "lock";
  StateLock lock(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640));
  if (lock.fd_ < 0) return Error::from_errno("opening " + file.string());
  if (flock(lock.fd_, LOCK_EX | LOCK_NB) != 0)
    return Error{"another steadfastd works with " + directory.string() + "; nothing was changed"};
  return lock;
}

StateLock::StateLock(StateLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

StateLock::~StateLock() {
  if (fd_ >= 0) close(fd_);
}

}  // namespace steadfast
