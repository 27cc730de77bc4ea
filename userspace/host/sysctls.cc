// SPDX-License-Identifier: Apache-2.0
// Sysctls, read where the kernel shows them.
#include <cerrno>
#include <fstream>

#include "host/readers.h"

namespace steadfast::host {
namespace {

namespace fs = std::filesystem;

// Nothing when the kernel has no such sysctl.
Result<std::optional<std::string>> read_one(const fs::path& path) {
  errno = 0;
  std::ifstream file(path);
  std::string value;
  if (file && std::getline(file, value)) return std::optional(std::move(value));
  if (errno == ENOENT) return std::optional<std::string>();
  return Error::from_errno("reading " + path.string());
}

}  // namespace

Result<Sysctls> read_sysctls(const std::set<std::string>& interfaces, const fs::path& root) {
  std::map<std::string, fs::path> wanted;
  for (const char* family : {"ipv4", "ipv6"})
    for (const char* threshold : {"gc_thresh2", "gc_thresh3"})
      wanted["net." + std::string(family) + ".neigh.default." + threshold] =
          root / "net" / family / "neigh/default" / threshold;
  for (const std::string& interface : interfaces)
    for (const char* key : {"rp_filter", "arp_ignore"})
      wanted["net.ipv4.conf." + interface + "." + key] = root / "net/ipv4/conf" / interface / key;
  Sysctls sysctls;
  for (const auto& [name, path] : wanted) {
    auto value = read_one(path);
    if (!value) return value.error();
    if (*value) sysctls.emplace(name, std::move(**value));
  }
  return sysctls;
}

}  // namespace steadfast::host
