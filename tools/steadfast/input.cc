// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/input.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

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

constexpr std::string_view kTestEnding = ".test.toml";

bool ends_with(std::string_view name, std::string_view ending) {
  return name.size() > ending.size() && name.substr(name.size() - ending.size()) == ending;
}

// "edge.test.toml" and "edge.racks.test.toml" belong to "edge.toml"; "edge2.test.toml" does not.
bool belongs_to(const std::string& name, const std::string& stem) {
  return ends_with(name, kTestEnding) && name.compare(0, stem.size() + 1, stem + ".") == 0;
}

// A path as the operator would type it: in the folder of `file`.
std::vector<std::string> test_paths(const std::filesystem::path& file, std::error_code& fault) {
  const auto folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
  std::vector<std::string> all, own;
  for (std::filesystem::directory_iterator entry(folder, fault), end; !fault && entry != end;
       entry.increment(fault)) {
    const std::string name = entry->path().filename();
    if (!ends_with(name, kTestEnding) || name == file.filename()) continue;
    const std::string path = file.has_parent_path() ? entry->path().string() : name;
    all.push_back(path);
    if (belongs_to(name, file.stem())) own.push_back(path);
  }
  auto& chosen = own.empty() ? all : own;
  std::sort(chosen.begin(), chosen.end());
  return chosen;
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

Result<std::vector<rehearsal::TestText>> read_tests(const std::vector<std::string>& paths) {
  std::vector<rehearsal::TestText> tests;
  for (const std::string& path : paths) {
    auto input = read_input(path);
    if (!input) return input.error();
    tests.push_back({std::move(input->name), std::move(input->text)});
  }
  return tests;
}

Result<std::vector<rehearsal::TestText>> tests_beside(const std::string& file) {
  std::error_code fault;
  const auto paths = test_paths(file, fault);
  if (fault) return Error{"looking for tests beside " + file + ": " + fault.message(), fault.value()};
  return read_tests(paths);
}

}  // namespace steadfast::cli
