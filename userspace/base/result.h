// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value, or the Error with which the world (kernel, file, peer)
// refused it. The names are those of std::expected, which GCC 12 offers only in
// a mode its tools cannot read, and which does not warn when it is dropped.
//
// Must not enter: findings about the operator's file (config/finding.h) and our
// own bugs (base/bug.h).
#pragma once

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>
#include <variant>

namespace steadfast {

// What failed, in the words of each layer that passed it on: "publishing
// generation 7: mapping sf_flows: Cannot allocate memory".
struct Error {
  std::string what;
  int os_error = 0;

  static Error from_errno(std::string doing, int code = errno) {
    return {std::move(doing) + ": " + std::strerror(code), code};
  }
  Error while_doing(const std::string& doing) const { return {doing + ": " + what, os_error}; }
};

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state_.index() == 0; }
  bool has_value() const { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}

  explicit operator bool() const { return ok_; }
  bool has_value() const { return ok_; }
  const Error& error() const { return error_; }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace steadfast
