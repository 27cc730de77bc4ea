// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <systemd/sd-daemon.h>

#include <cinttypes>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/exit_code.h"
#include "check.h"
#include "host.h"
#include "verbs.h"

namespace steadfast::decap {
namespace {

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

// Signals are blocked before anything else exists, so none can be missed.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGUSR1, SIGTERM, SIGINT}) sigaddset(&signals, signal);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

int wait_for_end(const DecapProgram& program, const sigset_t& signals, bool json) {
  sd_notify(0, "READY=1");
  for (int signal = SIGUSR1; signal == SIGUSR1;) {
    while (sigwait(&signals, &signal) != 0) continue;
    const auto counts = program.counts();
    if (!counts) return fail(counts.error());
    json ? print_json(*counts) : print_text(*counts);
    std::fflush(stdout);
  }
  sd_notify(0, "STOPPING=1");
  return kOk;
}

void warn(const Wanted& wanted) {
  const auto host = ask_host(wanted);
  if (!host) {
    std::fprintf(stderr, "steadfast-decap: this host is not checked: %s\n", host.error().what.c_str());
    return;
  }
  for (const Finding& finding : check(wanted, *host))
    std::fprintf(stderr, "steadfast-decap: %s: %s; fix: %s\n", finding.code.c_str(), finding.message.c_str(),
                 finding.fix.c_str());
}

}  // namespace

int run_serve(const DecapSettings& settings, const Wanted& wanted, bool json) {
  const sigset_t signals = block_signals();
  const auto program = DecapProgram::attach(settings);
  if (!program) return fail(program.error());
  warn(wanted);
  return wait_for_end(*program, signals, json);
}

}  // namespace steadfast::decap
