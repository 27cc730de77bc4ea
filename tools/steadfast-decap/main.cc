// SPDX-License-Identifier: Apache-2.0
// steadfast-decap: opens the tunnels of Steadfast on a backend whose kernel has
// no device for them, and says what such a backend lacks. Runs in the
// foreground; its program lives as long as it.
#include <CLI/CLI.hpp>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/exit_code.h"
#include "verbs.h"

namespace {

using namespace steadfast;
using namespace steadfast::decap;

struct Words {
  std::string device, forward = "ipip", mode = "native", client;
  std::vector<std::string> local, vips, ports;
  std::uint16_t gue_port = 0;
  std::uint32_t path_mtu = 0;
  bool json = false;
};

std::string not_an_address(const std::string& text) {
  return Address::parse(text) ? "" : "'" + text + "' is not an IPv4 or IPv6 address";
}

std::optional<Port> port_in(std::string_view text) {
  const bool tcp = text.starts_with("tcp:");
  if (!tcp && !text.starts_with("udp:")) return std::nullopt;
  Port port{tcp ? Protocol::tcp : Protocol::udp, 0};
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + 4, end, port.number);
  if (read.ec != std::errc() || read.ptr != end || port.number == 0) return std::nullopt;
  return port;
}

std::string not_a_port(const std::string& text) {
  return port_in(text) ? "" : "'" + text + "' is not a port such as tcp:443 or udp:53";
}

// What both verbs are told.
void add_shared(CLI::App& app, Words& words) {
  app.add_option("--device", words.device, "interface the tunnels arrive on")->required();
  app.add_option("--vip", words.vips, "address of a service that this host takes part in; repeat for more")
      ->check(not_an_address);
  app.add_option("--port", words.ports,
                 "port that a server listens on at each VIP, as tcp:443; repeat for more")
      ->check(not_a_port);
  app.add_option("--client", words.client,
                 "address of a client, to find the way back; else the default route")
      ->check(not_an_address);
  app.add_option(
         "--path-mtu", words.path_mtu,
         "largest packet the balancer sends here, outer header included; else 1500 and the outer header")
      ->check(CLI::Range(576, 65535));
  app.set_version_flag("--version", STEADFAST_VERSION);
}

CLI::Option* add_local(CLI::App& app, Words& words) {
  return app.add_option("--local", words.local, "address of this host that tunnels end at; repeat for more")
      ->check(not_an_address)
      ->expected(1, SF_DECAP_LOCALS);
}

Forward forward_of(const std::string& word) {
  return word == "l2" ? Forward::l2 : word == "gue" ? Forward::gue : Forward::ipip;
}

std::vector<Address> addresses_of(const std::vector<std::string>& texts) {
  std::vector<Address> addresses;
  addresses.reserve(texts.size());
  for (const std::string& text : texts) addresses.push_back(*Address::parse(text));
  return addresses;
}

Wanted wanted_of(const Words& words) {
  Wanted wanted;
  wanted.device = words.device;
  wanted.forward = forward_of(words.forward);
  wanted.vips = addresses_of(words.vips);
  wanted.local = addresses_of(words.local);
  for (const std::string& text : words.ports) wanted.ports.push_back(*port_in(text));
  if (!words.client.empty()) wanted.client = Address::parse(words.client);
  if (words.path_mtu != 0) wanted.path_mtu = words.path_mtu;
  return wanted;
}

// -1: the words are understood; else the exit code.
int parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kOk : kEnvironment;
  }
  return -1;
}

int check_verb(int argc, char** argv) {
  Words words;
  CLI::App app("Says what a backend of Steadfast lacks: VIPs, listeners, rp_filter, ARP, MTU.",
               "steadfast-decap check");
  add_shared(app, words);
  app.get_option("--vip")->required();
  add_local(app, words);
  app.add_option("--forward", words.forward, "how the balancer sends: l2, ipip or gue")
      ->check(CLI::IsMember({"l2", "ipip", "gue"}))
      ->capture_default_str();
  app.add_flag("--json", words.json, "print the findings as JSON");
  app.footer("Exit code 0: nothing is missing; 1: findings; 2: usage, or the host could not be asked.");
  const int ended = parse(app, argc, argv);
  return ended >= 0 ? ended : run_check(wanted_of(words), words.json);
}

int serve_verb(int argc, char** argv) {
  Words words;
  CLI::App app("Takes packets out of Steadfast's tunnels (IP in IP, GUE) on a backend.");
  add_shared(app, words);
  add_local(app, words)->required();
  app.add_option("--gue-port", words.gue_port, "UDP port of GUE; 0 leaves GUE alone")->default_val(6080);
  app.add_option("--mode", words.mode, "how XDP attaches: native or generic")
      ->check(CLI::IsMember({"native", "generic"}))
      ->capture_default_str();
  app.add_flag("--json", words.json, "print counters as JSON, one object per line");
  app.footer(
      "SIGUSR1 prints the counters; SIGTERM prints them, detaches and ends.\n"
      "steadfast-decap check --help: what this host lacks.");
  const int ended = parse(app, argc, argv);
  if (ended >= 0) return ended;
  const Wanted wanted = wanted_of(words);
  return run_serve({words.device, wanted.local, words.gue_port, words.mode == "generic"}, wanted, words.json);
}

}  // namespace

int main(int argc, char** argv) {
  const bool checks = argc > 1 && std::string_view(argv[1]) == "check";
  return checks ? check_verb(argc - 1, argv + 1) : serve_verb(argc, argv);
}
