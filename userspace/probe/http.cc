// SPDX-License-Identifier: Apache-2.0
#include "probe/http.h"

#include <algorithm>
#include <cctype>

namespace steadfast::probe {
namespace {

constexpr std::string_view kVersion = "HTTP/1.";
// "HTTP/1.1 200" and what ends the code (RFC 9112 §4).
constexpr std::size_t kStatusAt = 9, kStatusBytes = 13;

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool may_become_status_line(std::string_view received) {
  const std::size_t known = std::min(received.size(), kVersion.size());
  return received.substr(0, known) == kVersion.substr(0, known);
}

bool is_status_line(std::string_view line) {
  const std::string_view code = line.substr(kStatusAt, 3);
  const char behind = line[kStatusBytes - 1];
  return is_digit(line[7]) && line[8] == ' ' && std::all_of(code.begin(), code.end(), is_digit) &&
         (behind == ' ' || behind == '\r' || behind == '\n');
}

// The value of the Server field (RFC 9110 §10.2.4), as far as it has come.
std::string server_in(std::string_view received) {
  static constexpr std::string_view kField = "\r\nserver:";
  const auto head = received.substr(0, received.find("\r\n\r\n"));
  const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  const auto* const at = std::search(head.begin(), head.end(), kField.begin(), kField.end(), same);
  if (at == head.end()) return {};
  const auto value = head.substr(static_cast<std::size_t>(at - head.begin()) + kField.size());
  const auto first = value.find_first_not_of(" \t"), end = value.find("\r\n");
  return first < end ? std::string(value.substr(first, end - first)) : std::string();
}

}  // namespace

std::string http_request(const Check& check, const Endpoint& backend) {
  const std::string host = check.host.empty() ? backend.text() : check.host;
  return "GET " + check.path + " HTTP/1.1\r\nHost: " + host +
         "\r\nUser-Agent: steadfast\r\nAccept: */*\r\nConnection: close\r\n\r\n";
}

std::optional<Verdict> http_answer(std::string_view received) {
  if (!may_become_status_line(received)) return Verdict{Outcome::bad_body, "not HTTP"};
  if (received.size() < kStatusBytes) return std::nullopt;
  if (!is_status_line(received)) return Verdict{Outcome::bad_body, "not an HTTP status line"};
  const std::string code(received.substr(kStatusAt, 3));
  const bool good = code[0] == '2' || code[0] == '3';
  return Verdict{good ? Outcome::passed : Outcome::bad_status, code, good ? server_in(received) : ""};
}

}  // namespace steadfast::probe
