// SPDX-License-Identifier: Apache-2.0
#include "detect/sentence.h"

#include <cstdio>
#include <string_view>

#include "base/date.h"

namespace steadfast::detect {
namespace {

constexpr std::string_view kType = "; type: ";

std::string percent_text(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %%", share < 0.001 ? 3 : 1, share * 100);
  return text;
}

std::string what(const Sign& sign) {
  if (!sign.what.empty()) return sign.what;
  const std::string whose = sign.by_configuration ? "" : "because of their senders ";
  return percent_text(sign.share) + " of its packets are dropped " + whose + "(" + sign.verdict + ")";
}

std::string place_of(const Suspect& suspect) {
  if (suspect.file.empty() || !suspect.place) return {};
  return ", " + suspect.file + ":" + std::to_string(suspect.place.line);
}

std::string who(const Suspect& suspect, const std::string& object) {
  std::string text = suspect.object == object ? std::string() : suspect.object;
  if (suspect.generation != 0 && !suspect.object.starts_with("generation/"))
    text += (text.empty() ? "" : " of ") + ("generation " + std::to_string(suspect.generation));
  if (!suspect.author.empty()) text += " by " + suspect.author;
  text += place_of(suspect);
  if (!suspect.evidence.empty()) text += (text.empty() ? "" : ", ") + suspect.evidence;
  return text.starts_with(", ") ? text.substr(2) : text;
}

}  // namespace

std::string sentence(const Sign& sign, const Alarm& alarm) {
  std::string text =
      sign.object + ": " + what(sign) + " since " + rfc3339(static_cast<std::int64_t>(alarm.since_s));
  if (alarm.suspects.empty()) return text;
  const Suspect& first = alarm.suspects.front();
  if (const std::string suspected = who(first, sign.object); !suspected.empty()) text += ": " + suspected;
  return first.command.empty() ? text : text + std::string(kType) + first.command;
}

std::string without_command(const std::string& sentence) { return sentence.substr(0, sentence.rfind(kType)); }

}  // namespace steadfast::detect
