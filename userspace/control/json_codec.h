// SPDX-License-Identifier: Apache-2.0
// Writer and Reader: the two directions of one description. A type describes its
// fields once (control/api_fields.h); the Writer makes JSON of them and the Reader
// takes them back and says by name what is missing, unknown or of a wrong type.
//
// Included by api.cc alone: the JSON library is too heavy for a header others see.
#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/frame.h"
#include "base/place.h"
#include "base/result.h"
#include "report/finding_json.h"

namespace steadfast::api {

using Json = nlohmann::ordered_json;
using Labels = std::span<const std::string_view>;  // value -> label, dense from 0

// T, const or not: a description serves both directions.
template <typename T, typename Plain>
concept Of = std::same_as<std::remove_const_t<T>, Plain>;

std::string to_hex(const Frame& frame);
std::optional<Frame> from_hex(std::string_view text);

class Writer {
 public:
  explicit Writer(Json& out) : out_(out) { out_ = Json::object(); }

  template <typename T>
  void required(const char* key, const T& value) {
    write(out_[key], value);
  }
  template <typename T>
  void optional(const char* key, const T& value) {
    if (is_given(value)) write(out_[key], value);
  }
  // Always there; null when there is no value.
  template <typename T>
  void nullable(const char* key, const std::optional<T>& value) {
    write(out_[key], value);
  }
  template <typename T>
  void coded(const char* key, const T& value, Labels labels) {
    out_[key] = labels[static_cast<std::size_t>(value)];
  }
  // For people; a reader has no use for it.
  template <typename T>
  void derived(const char* key, const T& value) {
    write(out_[key], value);
  }
  void place(const char* line, const char* column, const Place& place) {
    out_[line] = place.line;
    out_[column] = place.column;
  }
  template <typename Fields>
  void nested(const char* key, Fields fields) {
    Writer inner(out_[key]);
    fields(inner);
  }
  // The keys of report/finding_json.h, beside the others.
  void findings(const Findings& findings) { out_.update(Json::parse(report::findings_json(findings))); }
  // The object {label: value, …} of an array.
  template <typename T, std::size_t N>
  void keyed(const char* key, const std::array<T, N>& values, Labels labels) {
    Json& object = out_[key] = Json::object();
    for (std::size_t i = 0; i < N; i++) write(object[std::string(labels[i])], values[i]);
  }

 private:
  template <typename T>
  static bool is_given(const T& value) {
    if constexpr (requires { value.has_value(); })
      return value.has_value();
    else if constexpr (requires { value.empty(); })
      return !value.empty();
    else
      return value != T{};
  }
  template <typename T>
  static void write(Json& out, const T& value) {
    if constexpr (std::is_arithmetic_v<T> || std::same_as<T, std::string> ||
                  std::same_as<T, std::string_view>)
      out = value;
    else if constexpr (requires { value.has_value(); }) {
      if (value) write(out, *value);
    } else if constexpr (std::same_as<T, Frame>)
      out = to_hex(value);
    else if constexpr (requires(T list) { list.push_back(list.front()); })
      write_list(out, value);
    else if constexpr (requires(Writer & writer) { word_of(writer, value); }) {
      Writer writer(out);
      const std::string word = word_of(writer, value);
      out = word;
    } else {
      Writer writer(out);
      describe(writer, value);
    }
  }
  template <typename T>
  static void write_list(Json& out, const std::vector<T>& values) {
    out = Json::array();
    for (const T& value : values) write(out.emplace_back(), value);
  }

  Json& out_;
};

class Reader {
 public:
  // `problem` keeps the first thing that is wrong; `where` is the path to `in`.
  Reader(const Json& in, std::string where, bool strict, std::string& problem)
      : in_(in), where_(std::move(where)), strict_(strict), problem_(problem) {
    if (!in_.is_object()) complain("", "expected an object");
  }

  template <typename T>
  void required(const char* key, T& value) {
    if (const Json* found = find(key)) return read(*found, path(key), value);
    complain(key, "is missing");
  }
  template <typename T>
  void optional(const char* key, T& value) {
    if (const Json* found = find(key)) read(*found, path(key), value);
  }
  template <typename T>
  void nullable(const char* key, std::optional<T>& value) {
    const Json* found = find(key);
    if (found == nullptr) return complain(key, "is missing");
    if (!found->is_null()) read(*found, path(key), value);
  }
  template <typename T>
  void coded(const char* key, T& value, Labels labels) {
    std::string word;
    required(key, word);
    for (std::size_t i = 0; i < labels.size(); i++)
      if (labels[i] == word) return void(value = static_cast<T>(i));
    complain(key, "\"" + word + "\" is not one of the known words");
  }
  template <typename T>
  void derived(const char* key, const T&) {
    known_.insert(key);
  }
  template <typename Fields>
  void nested(const char* key, Fields fields) {
    const Json* found = find(key);
    if (found == nullptr) return complain(key, "is missing");
    Reader inner(*found, path(key), strict_, problem_);
    fields(inner);
  }
  void findings(Findings& findings) {
    auto parsed = report::parse_findings_json(in_.dump());
    if (!parsed) return complain("findings", parsed.error().what);
    findings = std::move(*parsed);
  }
  void place(const char* line, const char* column, Place& place) {
    optional(line, place.line);
    optional(column, place.column);
  }
  template <typename T, std::size_t N>
  void keyed(const char* key, std::array<T, N>& values, Labels labels) {
    const Json* found = find(key);
    if (found == nullptr) return complain(key, "is missing");
    Reader object(*found, path(key), strict_, problem_);
    for (std::size_t i = 0; i < N; i++) object.optional(std::string(labels[i]).c_str(), values[i]);
  }

  // Call once every field has been asked for.
  void refuse_unknown() {
    if (!strict_ || !in_.is_object()) return;
    for (const auto& [key, value] : in_.items())
      if (!known_.contains(key)) complain(key, "is not a known key");
  }

 private:
  const Json* find(const std::string& key) {
    known_.insert(key);
    const auto it = in_.find(key);
    return it == in_.end() ? nullptr : &*it;
  }
  std::string path(const std::string& key) const { return where_.empty() ? key : where_ + "." + key; }
  void complain(const std::string& key, const std::string& what) { complain_at(path(key), what); }
  void complain_at(const std::string& at, const std::string& what) {
    if (problem_.empty()) problem_ = (at.empty() ? "the body" : "\"" + at + "\"") + ": " + what;
  }

  void read(const Json& in, const std::string& at, std::string& value) {
    if (!in.is_string()) return complain_at(at, "expected a string");
    value = in.get<std::string>();
  }
  void read(const Json& in, const std::string& at, bool& value) {
    if (!in.is_boolean()) return complain_at(at, "expected true or false");
    value = in.get<bool>();
  }
  void read(const Json& in, const std::string& at, double& value) {
    if (!in.is_number()) return complain_at(at, "expected a number");
    value = in.get<double>();
  }
  template <std::unsigned_integral T>
  void read(const Json& in, const std::string& at, T& value) {
    if (!in.is_number_unsigned() || in.get<std::uint64_t>() > std::numeric_limits<T>::max())
      return complain_at(
          at, "expected a whole number from 0 to " + std::to_string(std::numeric_limits<T>::max()));
    value = in.get<T>();
  }
  template <typename T>
  void read(const Json& in, const std::string& at, std::optional<T>& value) {
    read(in, at, value.emplace());
  }
  void read(const Json& in, const std::string& at, Frame& value) {
    auto frame = in.is_string() ? from_hex(in.get_ref<const std::string&>()) : std::nullopt;
    if (!frame) return complain_at(at, "expected a frame in hexadecimal");
    value = std::move(*frame);
  }
  // Among values, null is one that is not known.
  void read(const Json& in, const std::string& at, std::vector<std::optional<double>>& values) {
    if (!in.is_array()) return complain_at(at, "expected a list");
    values.clear();
    for (const Json& item : in) {
      const std::string place = at + "[" + std::to_string(values.size()) + "]";
      values.emplace_back();
      if (!item.is_null()) read(item, place, values.back());
    }
  }
  template <typename T>
  void read(const Json& in, const std::string& at, std::vector<T>& values) {
    if (!in.is_array()) return complain_at(at, "expected a list");
    values.clear();
    for (const Json& item : in) {
      const std::string place = at + "[" + std::to_string(values.size()) + "]";
      read(item, place, values.emplace_back());
    }
  }
  template <typename T>
  void read(const Json& in, const std::string& at, T& value) {
    if constexpr (requires(std::string_view word) { from_word(*this, word, value); }) {
      if (!in.is_string()) return complain_at(at, "expected a string");
      const auto taken = from_word(*this, in.get_ref<const std::string&>(), value);
      if (!taken) complain_at(at, taken.error().what);
    } else {
      Reader reader(in, at, strict_, problem_);
      describe(reader, value);
      reader.refuse_unknown();
    }
  }

  const Json& in_;
  std::string where_;
  bool strict_;
  std::string& problem_;
  std::set<std::string> known_;
};

}  // namespace steadfast::api
