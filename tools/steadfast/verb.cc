// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/verb.h"

#include "base/bug.h"

namespace steadfast::cli {
namespace {

std::string usage(const Parameter& parameter) {
  std::string text = parameter.name;
  if (parameter.kind == Kind::word && !parameter.is_option()) {
    text.clear();
    for (const auto& word : parameter.words) text += (text.empty() ? "" : "|") + word;
  }
  if (!parameter.placeholder.empty()) text += " " + parameter.placeholder;
  if (parameter.repeatable) text += " ...";
  return parameter.required ? text : "[" + text + "]";
}

}  // namespace

const std::string& Arguments::text(const std::string& name) const {
  const auto it = values_.find(name);
  invariant(it != values_.end() && !it->second.empty(), "a required argument is present after parsing");
  return it->second.front();
}

std::optional<std::string> Arguments::optional(const std::string& name) const {
  return has(name) ? std::optional(text(name)) : std::nullopt;
}

std::vector<std::string> Arguments::all(const std::string& name) const {
  const auto it = values_.find(name);
  return it == values_.end() ? std::vector<std::string>() : it->second;
}

std::optional<std::uint32_t> Arguments::number(const std::string& name) const {
  if (!has(name)) return std::nullopt;
  return static_cast<std::uint32_t>(std::stoul(text(name)));
}

std::string synopsis(const Verb& verb) {
  std::string line = "steadfast " + verb.path;
  for (const auto& parameter : verb.parameters) line += " " + usage(parameter);
  return line;
}

}  // namespace steadfast::cli
