// SPDX-License-Identifier: Apache-2.0
#include "incident/files.h"

#include <charconv>
#include <cstdio>

#include "journal/durable_file.h"

namespace steadfast::incident {
namespace {

namespace fs = std::filesystem;

// 0 for a name that is no record's: what a crash left of a file half written.
std::uint64_t number_of(const fs::path& path) {
  const std::string stem = path.stem().string();
  std::uint64_t number = 0;
  const auto [end, wrong] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
  return path.extension() == ".json" && wrong == std::errc() && end == stem.data() + stem.size() ? number : 0;
}

}  // namespace

fs::path Files::path_of(std::uint64_t number) const {
  char name[32];
  std::snprintf(name, sizeof name, "%04llu.json", static_cast<unsigned long long>(number));
  return directory_ / name;
}

Result<Files> Files::open(const fs::path& directory) {
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed) return Error::from_errno("creating " + directory.string(), failed.value());
  Files files(directory);
  for (const auto& entry : fs::directory_iterator(directory, failed))
    if (const std::uint64_t number = number_of(entry.path()); number != 0) files.numbers_.insert(number);
  if (failed) return Error::from_errno("reading " + directory.string(), failed.value());
  return files;
}

Result<std::string> Files::read(std::uint64_t number) const { return read_whole(path_of(number)); }

Result<void> Files::write(std::uint64_t number, const std::string& bytes) {
  if (auto written = write_durably(path_of(number), bytes); !written) return written;
  numbers_.insert(number);
  while (numbers_.size() > kKept) {
    std::error_code failed;
    fs::remove(path_of(*numbers_.begin()), failed);
    if (failed) return Error::from_errno("removing " + path_of(*numbers_.begin()).string(), failed.value());
    numbers_.erase(numbers_.begin());
  }
  return {};
}

}  // namespace steadfast::incident
