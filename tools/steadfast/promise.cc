// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/promise.h"

#include <chrono>

#include "config/units.h"

namespace steadfast::cli {
namespace {

std::string in_quotes(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == text.npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Result<CanaryStage> parse_stage(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == text.npos)
    return Error{"--canary " + in_quotes(text) + ": expected SHARE:DURATION, as in 5%:20s"};
  const auto share = config::parse_percent(text.substr(0, colon));
  if (!share || *share <= 0 || *share >= 100)
    return Error{"--canary " + in_quotes(text) + ": the share is a percentage above 0% and below 100%"};
  const auto hold_s = parse_seconds(text.substr(colon + 1), "--canary");
  if (!hold_s) return hold_s.error();
  return CanaryStage{*share / 100, *hold_s};
}

}  // namespace

Result<double> parse_seconds(std::string_view text, const std::string& what) {
  const auto duration = config::parse_duration(text);
  if (!duration || duration->count() == 0)
    return Error{what + " " + in_quotes(text) + ": expected a duration with its unit, as in 60s or 5m"};
  return std::chrono::duration<double>(*duration).count();
}

Result<std::vector<CanaryStage>> parse_canary(std::string_view text) {
  std::vector<CanaryStage> stages;
  for (const auto part : split(text, ',')) {
    const auto stage = parse_stage(part);
    if (!stage) return stage.error();
    if (!stages.empty() && stage->share <= stages.back().share)
      return Error{"--canary " + in_quotes(text) + ": every stage takes a greater share than the one before"};
    stages.push_back(*stage);
  }
  return stages;
}

Result<Confirmation> confirmation_of(const Arguments& arguments) {
  Confirmation confirmation;
  confirmation.automatic = arguments.has("--auto-confirm");
  if (const auto text = arguments.optional("--confirm")) {
    const auto within_s = parse_seconds(*text, "--confirm");
    if (!within_s) return within_s.error();
    confirmation.within_s = *within_s;
  }
  if (const auto text = arguments.optional("--canary")) {
    auto stages = parse_canary(*text);
    if (!stages) return stages.error();
    confirmation.canary = std::move(*stages);
  }
  if (confirmation.automatic && confirmation.within_s == 0)
    return Error{"--auto-confirm needs --confirm DURATION: the time in which harm would be seen"};
  return confirmation;
}

}  // namespace steadfast::cli
