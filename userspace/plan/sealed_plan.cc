// SPDX-License-Identifier: Apache-2.0
#include "plan/sealed_plan.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/sha256.h"

namespace steadfast {
namespace {

using Json = nlohmann::ordered_json;
using Sorted = nlohmann::json;  // keys in one order, whatever the file's: what a seal is made of

constexpr const char* kVersionKey = "steadfast_plan";
constexpr const char* kSealKey = "seal";
constexpr int kVersion = 1;

struct TextMember {
  const char* key;
  std::string SealedPlan::*value;
};

constexpr const char* kBaseGeneration = "base_generation";
constexpr std::array kTexts{
    TextMember{"base_digest", &SealedPlan::base_digest}, TextMember{"file", &SealedPlan::file},
    TextMember{"digest", &SealedPlan::digest},           TextMember{"text", &SealedPlan::text},
    TextMember{"made_at", &SealedPlan::made_at},         TextMember{"author", &SealedPlan::author},
    TextMember{"summary", &SealedPlan::summary},
};

std::string in_quotes(const std::string& key) { return "\"" + key + "\""; }

// A name or a sentence may hold bytes that are no UTF-8; they are replaced.
template <typename Any>
std::string dump(const Any& json, int indent) {
  return json.dump(indent, ' ', false, Any::error_handler_t::replace);
}

std::string seal_of(const Json& members) {
  Sorted sorted = Sorted::object();
  for (const auto& [key, value] : members.items())
    if (key != kSealKey) sorted[key] = value;
  return sha256_hex(dump(sorted, -1));
}

Error broken(const std::string& why) { return {"the plan cannot be used: " + why}; }

// Of the members at the top: the library would let the last of two win.
std::set<std::string> repeated_keys(std::string_view text) {
  std::set<std::string> seen, repeated;
  const auto watch = [&](int depth, Json::parse_event_t event, const Json& parsed) {
    if (event == Json::parse_event_t::key && depth == 1 && !seen.insert(parsed.get<std::string>()).second)
      repeated.insert(parsed.get<std::string>());
    return true;
  };
  const Json parsed = Json::parse(text, watch, false);
  return parsed.is_object() ? repeated : std::set<std::string>();
}

bool is_known(const std::string& key) {
  if (key == kVersionKey || key == kSealKey || key == kBaseGeneration) return true;
  for (const TextMember& member : kTexts)
    if (key == member.key) return true;
  return false;
}

Result<void> check_version(const Json& json) {
  const auto version = json.find(kVersionKey);
  if (version == json.end()) return broken("it has no " + in_quotes(kVersionKey));
  if (*version == kVersion) return {};
  return broken("it is of version " + dump(*version, -1) + ", this program reads version " +
                std::to_string(kVersion));
}

Result<void> check_members(const Json& json) {
  for (const auto& [key, value] : json.items())
    if (!is_known(key)) return broken("it has a member " + in_quotes(key) + " that no plan has");
  for (const TextMember& member : kTexts) {
    if (!json.contains(member.key)) return broken("it has no " + in_quotes(member.key));
    if (!json[member.key].is_string()) return broken(in_quotes(member.key) + " is no text");
  }
  if (!json.contains(kBaseGeneration)) return broken("it has no " + in_quotes(kBaseGeneration));
  if (!json[kBaseGeneration].is_number_unsigned())
    return broken(in_quotes(kBaseGeneration) + " is no generation number");
  if (!json.contains(kSealKey)) return broken("it has no seal");
  return {};
}

Result<void> check_seal(const Json& json, std::string_view text) {
  const auto repeated = repeated_keys(text);
  if (!repeated.empty()) return broken(in_quotes(*repeated.begin()) + " stands in it twice");
  const Json& seal = json[kSealKey];
  if (!seal.is_string() || seal.get<std::string>() != seal_of(json))
    return broken("its seal does not match: it was altered after it was made");
  return {};
}

Result<void> check_all(const Json& json, std::string_view text) {
  if (json.is_discarded()) return broken("it is no JSON; was it truncated?");
  if (!json.is_object()) return broken("it is no JSON object");
  if (auto version = check_version(json); !version) return version;
  if (auto members = check_members(json); !members) return members;
  return check_seal(json, text);
}

}  // namespace

std::string seal(const SealedPlan& plan) {
  Json json{{kVersionKey, kVersion}, {kBaseGeneration, plan.base_generation}};
  for (const TextMember& member : kTexts) json[member.key] = plan.*member.value;
  json[kSealKey] = seal_of(json);
  return dump(json, 2) + "\n";
}

bool looks_sealed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const std::string start = in_quotes(kVersionKey);
  const auto brace = text.find_first_not_of(kBlanks);
  if (brace == text.npos || text[brace] != '{') return false;
  const auto key = text.find_first_not_of(kBlanks, brace + 1);
  return key != text.npos && text.substr(key, start.size()) == start;
}

Result<SealedPlan> unseal(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (auto whole = check_all(json, text); !whole) return whole.error();
  SealedPlan plan;
  plan.base_generation = json[kBaseGeneration].get<std::uint64_t>();
  for (const TextMember& member : kTexts) plan.*member.value = json[member.key].get<std::string>();
  if (sha256_hex(plan.text) != plan.digest)
    return broken("its configuration does not have the digest that it names");
  return plan;
}

}  // namespace steadfast
