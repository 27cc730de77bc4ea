// SPDX-License-Identifier: Apache-2.0
// Programs that configure the network this process is in.
#include <algorithm>
#include <charconv>
#include <fstream>

#include "host/readers.h"

namespace steadfast::host {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kNetworkManager = "NetworkManager";
constexpr std::string_view kNetworkd = "systemd-networkd";
constexpr std::size_t kCommLength = 15;  // the kernel cuts a process's name there

// Empty when it is not there: a file of an agent that has none to write, or of a
// process that ended between open and read, where an istreambuf_iterator would throw.
std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::string text;
  std::getline(file, text, '\0');
  return text;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

template <typename Each>
void for_each_setting(std::string_view text, Each each) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trimmed(text.substr(at, end - at));
    const std::size_t equals = line.find('=');
    if (equals != line.npos && line.front() != '#' && line.front() != ';')
      each(trimmed(line.substr(0, equals)), trimmed(line.substr(equals + 1)));
    at = end + 1;
  }
}

bool says(std::string_view text, std::string_view key, std::string_view value) {
  bool found = false;
  for_each_setting(text, [&](std::string_view k, std::string_view v) { found |= k == key && v == value; });
  return found;
}

// systemd's words for a boolean (systemd.syntax(7)).
bool is_no(std::string_view value) {
  return value == "no" || value == "false" || value == "off" || value == "0";
}

// The main file first, then drop-ins by their file name, wherever they are.
std::vector<fs::path> networkd_files(const fs::path& root) {
  std::map<std::string, fs::path> drop_ins;
  std::error_code absent;
  for (const char* folder : {"usr/lib/systemd", "run/systemd", "etc/systemd"})
    for (const auto& entry : fs::directory_iterator(root / folder / "networkd.conf.d", absent))
      if (entry.path().extension() == ".conf") drop_ins[entry.path().filename()] = entry.path();
  std::vector<fs::path> files{root / "etc/systemd/networkd.conf"};
  for (const auto& [name, path] : drop_ins) files.push_back(path);
  return files;
}

Agent networkd(std::uint32_t pid, const std::vector<Interface>& interfaces, const fs::path& root) {
  Agent agent{std::string(kNetworkd), pid, true, true, {}};
  for (const fs::path& file : networkd_files(root)) read_networkd_setting(text_of(file), agent);
  for (const Interface& interface : interfaces) {
    const std::string state = text_of(root / "run/systemd/netif/links" / std::to_string(interface.ifindex));
    if (!state.empty() && !says(state, "ADMIN_STATE", "unmanaged"))
      agent.interfaces.push_back(interface.name);
  }
  return agent;
}

Agent network_manager(std::uint32_t pid, const std::vector<Interface>& interfaces, const fs::path& root) {
  Agent agent{std::string(kNetworkManager), pid, false, false, {}};
  for (const Interface& interface : interfaces)
    if (says(text_of(root / "run/NetworkManager/devices" / std::to_string(interface.ifindex)), "managed",
             "true"))
      agent.interfaces.push_back(interface.name);
  return agent;
}

std::optional<std::uint32_t> pid_in(const std::string& name) {
  std::uint32_t pid = 0;
  const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (wrong != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return pid;
}

}  // namespace

void read_networkd_setting(std::string_view text, Agent& agent) {
  for_each_setting(text, [&](std::string_view key, std::string_view value) {
    if (key == "ManageForeignRoutes") agent.takes_foreign_routes = !is_no(value);
    if (key == "ManageForeignRoutingPolicyRules") agent.takes_foreign_rules = !is_no(value);
  });
}

// A process of another network namespace is none of ours; one that ends while it
// is looked at is none either.
Result<std::vector<Agent>> read_agents(const std::vector<Interface>& interfaces, const fs::path& root) {
  std::error_code failed;
  const fs::path here = fs::read_symlink(root / "proc/self/ns/net", failed);
  fs::directory_iterator processes(root / "proc", failed);
  if (failed) return Error::from_errno("reading " + (root / "proc").string(), failed.value());
  std::vector<Agent> agents;
  for (const auto& entry : processes) {
    const auto pid = pid_in(entry.path().filename());
    if (!pid) continue;
    const std::string name(trimmed(text_of(entry.path() / "comm")));
    const bool is_networkd = name == kNetworkd.substr(0, kCommLength);
    if (!is_networkd && name != kNetworkManager) continue;
    std::error_code gone;
    if (fs::read_symlink(entry.path() / "ns/net", gone) != here) continue;
    agents.push_back(is_networkd ? networkd(*pid, interfaces, root)
                                 : network_manager(*pid, interfaces, root));
  }
  return agents;
}

}  // namespace steadfast::host
