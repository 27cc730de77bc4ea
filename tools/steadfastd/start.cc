// SPDX-License-Identifier: Apache-2.0
#include "start.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "journal/durable_file.h"

namespace steadfast {
namespace {

// The kernel decides when it holds one that the journal knows: a daemon that died
// between the two was about to write that down.
std::uint64_t confirmed(const Journal& journal, std::uint64_t in_kernel) {
  return in_kernel != 0 && journal.find(in_kernel) != nullptr ? in_kernel : journal.confirmed();
}

// The last one before `number` that was confirmed and never undone; 0 = none. The
// ledger may still call it the running one, if the daemon died right after a flip.
std::uint64_t confirmed_before(const Journal& journal, std::uint64_t number) {
  const auto& all = journal.generations();
  const auto before = std::find_if(all.rbegin(), all.rend(), [&](const Generation& generation) {
    return generation.number < number &&
           (generation.outcome == outcome::kReplaced || generation.outcome == outcome::kRunning);
  });
  return before == all.rend() ? 0 : before->number;
}

std::string crash_alert(std::uint64_t crashed, std::uint64_t chosen) {
  return "steadfastd ended " + std::to_string(kCrashLoopTimes) + " times within " +
         std::to_string(static_cast<int>(kCrashLoop_s)) + " s with generation " + std::to_string(crashed) +
         "; generation " + std::to_string(chosen) + " runs instead";
}

std::string unknown_alert(std::uint64_t number) {
  return "the kernel runs generation " + std::to_string(number) +
         ", which is not in the journal: the state directory was lost or belongs to another daemon";
}

// What runs goes on; the file may be old, and nothing may be taken away for it.
Result<Start> from_kernel(const StartWish& wish) {
  const std::string alert = unknown_alert(wish.confirmed_in_kernel);
  if (!wish.kept)
    return Error{"SF903: " + alert +
                 ", and the kernel does not hold its configuration. Forwarding goes on. " +
                 "Start with --from-file to make " + wish.config + " run"};
  spdlog::error("SF903: {}", alert);
  return Start{wish.kept->text, wish.kept->file, 0, alert, 0, wish.kept};
}

bool is_unknown(const Journal& journal, std::uint64_t number) {
  return number != 0 && journal.find(number) == nullptr;
}

Result<Start> from_file(const StartWish& wish) {
  auto text = read_whole(wish.config);
  if (!text) return text.error();
  return Start{std::move(*text), wish.config, 0, {}, 0, {}};
}

Result<Start> from_journal(const Journal& journal, std::uint64_t number) {
  auto text = journal.text(number);
  if (!text) return text.error();
  return Start{std::move(*text), journal.find(number)->file, number, {}, 0, {}};
}

void compare_with_file(const Start& start, const std::string& config) {
  const auto file = read_whole(config);
  if (!file || *file != start.text)
    spdlog::warn("{} differs from generation {}, which runs; `steadfast apply {}` makes the file run", config,
                 start.resumes, config);
}

}  // namespace

Result<Start> choose_start(const Journal& journal, const Life& life, const StartWish& wish) {
  const std::uint64_t number = confirmed(journal, wish.confirmed_in_kernel);
  if (wish.from_file) return from_file(wish);
  if (is_unknown(journal, wish.confirmed_in_kernel)) return from_kernel(wish);
  if (number == 0) return from_file(wish);
  const std::uint64_t before = confirmed_before(journal, number);
  const bool loops = before != 0 && life.is_crash_loop(number, wish.now_s);
  auto start = from_journal(journal, loops ? before : number);
  if (start && loops) {
    start->alert = crash_alert(number, before);
    start->crashed = number;
    spdlog::error("{}", start->alert);
  }
  if (start) compare_with_file(*start, wish.config);
  return start;
}

}  // namespace steadfast
