// SPDX-License-Identifier: Apache-2.0
// Files that are whole or absent: written beside their name, synced, renamed,
// and the directory synced, so that a crash at any point leaves the old file or
// the new one.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"

namespace steadfast {

Result<void> write_durably(const std::filesystem::path& path, const std::string& bytes);
Result<std::string> read_whole(const std::filesystem::path& path);

}  // namespace steadfast
