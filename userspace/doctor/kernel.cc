// SPDX-License-Identifier: Apache-2.0
// What the kernel lacks, and what this process may not have enough of.
#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "doctor/kernel_needs.h"
#include "doctor/rules.h"
#include "doctor/words.h"

namespace steadfast::rules {
namespace {

using doctor::Situation;

const host::KernelFacts* kernel_of(const Situation& situation) {
  return situation.is_whole() && situation.facts().kernel ? &*situation.facts().kernel : nullptr;
}

Finding about_host(const HostCheck& check, const Situation& situation, std::string message) {
  return make(check.rule, "host", situation.model().host.place, std::move(message));
}

void find_old_kernel(const Situation& situation, Findings& findings) {
  const auto* kernel = kernel_of(situation);
  if (kernel == nullptr) return;
  if (doctor::is_older_than_needed(kernel->release))
    findings.push_back(about_host(kKernelTooOld, situation,
                                  "kernel " + kernel->release + " is older than " + doctor::kOldestKernel));
  if (!kernel->btf)
    findings.push_back(about_host(kKernelTooOld, situation,
                                  "kernel " + kernel->release + " shows no BTF (/sys/kernel/btf/vmlinux)"));
}

void find_no_timer(const Situation& situation, Findings& findings) {
  const auto* kernel = kernel_of(situation);
  if (kernel != nullptr && !kernel->timer)
    findings.push_back(about_host(kNoTimer, situation, "kernel " + kernel->release + " has no BPF timers"));
}

void find_no_jit(const Situation& situation, Findings& findings) {
  const auto* kernel = kernel_of(situation);
  if (kernel != nullptr && !kernel->jit)
    findings.push_back(about_host(kNoJit, situation, "the BPF JIT compiler is off"));
}

void find_few_files(const Situation& situation, Findings& findings) {
  if (!situation.is_whole() || !situation.facts().most_files) return;
  const std::uint64_t most = *situation.facts().most_files;
  const std::uint64_t needed = doctor::files_needed(situation.model());
  if (needed <= most) return;
  Finding finding =
      about_host(kFewFiles, situation,
                 "health checks need " + std::to_string(needed) +
                     " open files when no backend answers; the limit is " + std::to_string(most));
  finding.fix = "LimitNOFILE=" + std::to_string(2 * needed) + " in steadfastd.service, or longer intervals";
  findings.push_back(std::move(finding));
}

}  // namespace

const HostCheck kFewFiles{
    {
        "SF608",
        Severity::error,
        "fewer open files than health checks need",
        "while many backends are silent at once, checks of others cannot be sent: they look down just when "
        "they "
        "are needed",
        "LimitNOFILE=65536 in steadfastd.service",
        {},
        {},
    },
    find_few_files,
};

const HostCheck kKernelTooOld{
    {
        "SF713",
        Severity::error,
        "kernel without what the program needs",
        "the program does not load, and nothing is forwarded",
        "run Linux 5.15 or later, built with CONFIG_DEBUG_INFO_BTF",
        {},
        {},
    },
    find_old_kernel,
};

const HostCheck kNoTimer{
    {
        "SF714",
        Severity::warn,
        "no timer for the dead man's switch",
        "an unconfirmed change goes back only while the daemon lives to see to it",
        "run Linux 5.15 or later",
        {},
        {},
    },
    find_no_timer,
};

const HostCheck kNoJit{
    {
        "SF715",
        Severity::warn,
        "programs are interpreted",
        "each packet costs several times as much",
        "sysctl -w net.core.bpf_jit_enable=1",
        {},
        {},
    },
    find_no_jit,
};

}  // namespace steadfast::rules
