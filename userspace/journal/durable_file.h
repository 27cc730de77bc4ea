// SPDX-License-Identifier: Apache-2.0
// Files that are whole or absent: written beside their name, synced, renamed,
// and the directory synced, so that a crash at any point leaves the old file or
// the new one. A sync costs tens of milliseconds on a slow disk; files that belong
// together share the last one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace steadfast {

struct NewFile {
  std::filesystem::path path;
  std::string bytes;
};

// The files appear in this order; all lie in one directory.
Result<void> write_durably(const std::vector<NewFile>& files);
Result<void> write_durably(const std::filesystem::path& path, const std::string& bytes);
// `path` with the bytes that `existing` has, durable once the directory is synced.
Result<void> link_file(const std::filesystem::path& existing, const std::filesystem::path& path);
Result<std::string> read_whole(const std::filesystem::path& path);

}  // namespace steadfast
