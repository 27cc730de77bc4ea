// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/input.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "control/api.h"

namespace steadfast::cli {
namespace {

Result<std::string> read_all(int fd, const std::string& name) {
  std::string text;
  std::array<char, 65536> part;
  for (;;) {
    const ssize_t bytes = read(fd, part.data(), part.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return Error::from_errno("reading " + name);
    if (bytes == 0) return text;
    text.append(part.data(), static_cast<std::size_t>(bytes));
    if (text.size() > api::kMaxBodyBytes)
      return Error{"reading " + name + ": larger than the daemon takes", EFBIG};
  }
}

}  // namespace

Result<Input> read_input(const std::string& path) {
  const std::string name = path == "-" ? "<stdin>" : path;
  const int fd = path == "-" ? dup(STDIN_FILENO) : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Error::from_errno("opening " + name);
  auto text = read_all(fd, name);
  close(fd);
  if (!text) return text.error();
  return Input{std::move(*text), name};
}

}  // namespace steadfast::cli
