// SPDX-License-Identifier: Apache-2.0
#include "host/occupancy.h"

#include <algorithm>
#include <fstream>

namespace steadfast::host {
namespace {

namespace fs = std::filesystem;

constexpr double kBytesPerKibibyte = 1024;

// Nothing when the file is absent, or says something else ("max").
std::optional<double> number_in(const fs::path& path) {
  std::ifstream file(path);
  double number = 0;
  return file >> number ? std::optional(number) : std::nullopt;
}

// Of a file with a name and a number in each line.
std::optional<double> number_after(const fs::path& path, const std::string& name) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(name)) return std::strtod(line.c_str() + name.size(), nullptr);
  return std::nullopt;
}

// The first column of any line but the heading: each repeats the entries of all processors.
std::optional<double> neighbours(const fs::path& path) {
  std::ifstream file(path);
  std::string heading, entries;
  if (!std::getline(file, heading) || !(file >> entries)) return std::nullopt;
  return static_cast<double>(std::strtoull(entries.c_str(), nullptr, 16));
}

std::optional<Occupancy> neighbours_of(const fs::path& root, const std::string& family,
                                       const std::string& statistics) {
  const auto used = neighbours(root / "proc/net/stat" / statistics);
  const auto most = number_in(root / "proc/sys/net" / family / "neigh/default/gc_thresh3");
  if (!used || !most) return std::nullopt;
  return Occupancy{"table/neighbours-" + family, *used, *most};
}

// It has what it uses, and what the host has left.
std::optional<Occupancy> memory_of_process(const fs::path& root) {
  const auto resident = number_after(root / "proc/self/status", "VmRSS:");
  const auto available = number_after(root / "proc/meminfo", "MemAvailable:");
  if (!resident || !available) return std::nullopt;
  return Occupancy{"memory", *resident * kBytesPerKibibyte, (*resident + *available) * kBytesPerKibibyte};
}

std::optional<fs::path> control_group(const fs::path& root) {
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("0::/")) return root / "sys/fs/cgroup" / line.substr(sizeof "0::/" - 1);
  return std::nullopt;
}

// Pages of files that nobody used lately are given back before the limit is met.
std::optional<Occupancy> memory_of_group(const fs::path& root) {
  const auto group = control_group(root);
  if (!group) return std::nullopt;
  const auto most = number_in(*group / "memory.max"), used = number_in(*group / "memory.current");
  if (!most || !used) return std::nullopt;
  return Occupancy{"memory", *used - number_after(*group / "memory.stat", "inactive_file ").value_or(0),
                   *most};
}

double share(const Occupancy& one) { return one.capacity > 0 ? one.used / one.capacity : 0; }

// The one that is met first.
std::optional<Occupancy> memory(const fs::path& root) {
  const auto process = memory_of_process(root), group = memory_of_group(root);
  if (!process || !group) return process ? process : group;
  return share(*group) > share(*process) ? group : process;
}

}  // namespace

std::vector<Occupancy> read_occupancies(const fs::path& root) {
  std::vector<Occupancy> all;
  for (auto& one :
       {memory(root), neighbours_of(root, "ipv4", "arp_cache"), neighbours_of(root, "ipv6", "ndisc_cache")})
    if (one) all.push_back(*one);
  return all;
}

}  // namespace steadfast::host
