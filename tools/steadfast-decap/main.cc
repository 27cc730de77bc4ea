// SPDX-License-Identifier: Apache-2.0
// steadfast-decap: opens the tunnels of Steadfast on a backend whose kernel has
// no device for them. Runs in the foreground; its program lives as long as it.
#include <signal.h>
#include <systemd/sd-daemon.h>

#include <CLI/CLI.hpp>
#include <cinttypes>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "kernel/decap_program.h"

namespace {

using namespace steadfast;

constexpr int kExitEnvironment = 2;

constexpr const char* kLabels[] = {
#define X(symbol, label, help) label,
    SF_DECAP_OUTCOMES(X)
#undef X
};

std::uint64_t decapsulated(const DecapCounts& counts) {
  std::uint64_t sum = 0;
  for (std::size_t kind = SF_DECAP_FIRST_KIND; kind < counts.size(); ++kind) sum += counts[kind];
  return sum;
}

void print_text(const DecapCounts& counts) {
  std::printf("%-14s %" PRIu64 "\n", "decapsulated", decapsulated(counts));
  for (std::size_t i = 0; i < counts.size(); ++i) std::printf("%-14s %" PRIu64 "\n", kLabels[i], counts[i]);
}

void print_json(const DecapCounts& counts) {
  nlohmann::ordered_json line{{"decapsulated", decapsulated(counts)}};
  for (std::size_t i = 0; i < counts.size(); ++i) line[kLabels[i]] = counts[i];
  std::printf("%s\n", line.dump().c_str());
}

int fail(const Error& error) {
  std::fprintf(stderr, "steadfast-decap: %s\n", error.what.c_str());
  return kExitEnvironment;
}

// Signals are blocked before anything else exists, so none can be missed.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGUSR1, SIGTERM, SIGINT}) sigaddset(&signals, signal);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int serve(const DecapProgram& program, const sigset_t& signals, bool json) {
  sd_notify(0, "READY=1");
  for (int signal = SIGUSR1; signal == SIGUSR1;) {
    while (sigwait(&signals, &signal) != 0) continue;
    const auto counts = program.counts();
    if (!counts) return fail(counts.error());
    json ? print_json(*counts) : print_text(*counts);
    std::fflush(stdout);
  }
  sd_notify(0, "STOPPING=1");
  return 0;
}

std::string not_an_address(const std::string& text) {
  return Address::parse(text) ? "" : "'" + text + "' is not an IPv4 or IPv6 address";
}

int run(int argc, char** argv) {
  DecapSettings settings;
  std::vector<std::string> local;
  std::string mode = "native";
  bool json = false;
  CLI::App app("Takes packets out of Steadfast's tunnels (IP in IP, GUE) on a backend.");
  app.add_option("--device", settings.device, "interface the tunnels arrive on")->required();
  app.add_option("--local", local, "address of this host that tunnels end at; repeat for more")
      ->required()
      ->check(not_an_address)
      ->expected(1, SF_DECAP_LOCALS);
  app.add_option("--gue-port", settings.gue_port, "UDP port of GUE; 0 leaves GUE alone")->default_val(6080);
  app.add_option("--mode", mode, "how XDP attaches: native or generic")
      ->check(CLI::IsMember({"native", "generic"}))
      ->capture_default_str();
  app.add_flag("--json", json, "print counters as JSON, one object per line");
  app.footer("SIGUSR1 prints the counters; SIGTERM prints them, detaches and ends.");
  app.set_version_flag("--version", STEADFAST_VERSION);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kExitEnvironment;
  }
  settings.generic = mode == "generic";
  for (const std::string& text : local) settings.local.push_back(*Address::parse(text));
  const sigset_t signals = block_signals();
  const auto program = DecapProgram::attach(settings);
  return program ? serve(*program, signals, json) : fail(program.error());
}

}  // namespace

int main(int argc, char** argv) { return run(argc, argv); }
