// SPDX-License-Identifier: Apache-2.0
#include "journal/durable_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "base/fault_point.h"

namespace steadfast {
namespace {

class File {
 public:
  File(const std::filesystem::path& path, int flags) : fd_(open(path.c_str(), flags | O_CLOEXEC, 0640)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }

 private:
  int fd_;
};

Result<void> write_all(int fd, const std::string& bytes) {
  for (std::size_t done = 0; done < bytes.size();) {
    const ssize_t written = write(fd, bytes.data() + done, bytes.size() - done);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Error::from_errno("writing");
    done += static_cast<std::size_t>(written);
  }
  return {};
}

Result<void> sync_directory(const std::filesystem::path& directory) {
  const File handle(directory, O_RDONLY | O_DIRECTORY);
  if (handle.fd() < 0 || fsync(handle.fd()) != 0) return Error::from_errno("syncing " + directory.string());
  return {};
}

std::filesystem::path beside(const std::filesystem::path& path) { return path.string() + ".new"; }

Result<void> write_beside(const NewFile& wanted) {
  const auto path = beside(wanted.path);
  const File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.fd() < 0) return Error::from_errno("creating " + path.string());
  if (auto written = write_all(file.fd(), wanted.bytes); !written)
    return written.error().while_doing(path.string());
  fault_point("file written");
  if (fsync(file.fd()) != 0) return Error::from_errno("syncing " + path.string());
  fault_point("file synced");
  return {};
}

}  // namespace

Result<void> write_durably(const std::vector<NewFile>& files) {
  for (const NewFile& file : files)
    if (auto written = write_beside(file); !written) return written;
  for (const NewFile& file : files) {
    if (rename(beside(file.path).c_str(), file.path.c_str()) != 0)
      return Error::from_errno("renaming " + beside(file.path).string());
    fault_point("file renamed");
  }
  return sync_directory(files.front().path.parent_path());
}

Result<void> write_durably(const std::filesystem::path& path, const std::string& bytes) {
  return write_durably({NewFile{path, bytes}});
}

Result<void> link_file(const std::filesystem::path& existing, const std::filesystem::path& path) {
  unlink(path.c_str());  // left by a daemon that died before it wrote the record
  if (link(existing.c_str(), path.c_str()) != 0) return Error::from_errno("linking " + path.string());
  fault_point("file linked");
  return {};
}

Result<std::string> read_whole(const std::filesystem::path& path) {
  const File file(path, O_RDONLY);
  if (file.fd() < 0) return Error::from_errno("opening " + path.string());
  std::string bytes;
  std::array<char, 65536> chunk{};
  for (;;) {
    const ssize_t got = read(file.fd(), chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return Error::from_errno("reading " + path.string());
    if (got == 0) return bytes;
    bytes.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

}  // namespace steadfast
