// SPDX-License-Identifier: Apache-2.0
#include "probe/dns.h"

#include <arpa/nameser.h>
#include <strings.h>

#include <algorithm>
#include <array>

namespace steadfast::probe {
namespace {

constexpr std::size_t kMostQuery = NS_HFIXEDSZ + NS_MAXCDNAME + NS_QFIXEDSZ;
constexpr std::array<const char*, 6> kCodes{"NOERROR",  "FORMERR", "SERVFAIL",
                                            "NXDOMAIN", "NOTIMP",  "REFUSED"};

std::string code_name(int code) {
  const auto index = static_cast<std::size_t>(code);
  return index < kCodes.size() ? kCodes[index] : "rcode " + std::to_string(code);
}

void append16(std::vector<std::uint8_t>& bytes, unsigned value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  bytes.push_back(static_cast<std::uint8_t>(value));
}

// Labels with their lengths, up to and with the root's empty one.
std::size_t encoded_length(const std::uint8_t* name) {
  std::size_t length = 1;
  while (name[length - 1] != 0) length += name[length - 1] + 1u;
  return length;
}

bool asks_the_same(std::span<const std::uint8_t> query, ns_msg& answer) {
  ns_msg asked;
  ns_rr wanted, found;
  if (ns_initparse(query.data(), static_cast<int>(query.size()), &asked) != 0) return false;
  if (ns_parserr(&asked, ns_s_qd, 0, &wanted) != 0 || ns_parserr(&answer, ns_s_qd, 0, &found) != 0)
    return false;
  return strcasecmp(ns_rr_name(wanted), ns_rr_name(found)) == 0 && ns_rr_type(wanted) == ns_rr_type(found) &&
         ns_rr_class(wanted) == ns_rr_class(found);
}

}  // namespace

std::vector<std::uint8_t> dns_query(std::uint16_t id, const std::string& name) {
  std::array<std::uint8_t, NS_MAXCDNAME> encoded{};
  if (ns_name_pton(name.c_str(), encoded.data(), encoded.size()) < 0) return {};
  const std::size_t length = encoded_length(encoded.data());
  std::vector<std::uint8_t> query;
  query.reserve(kMostQuery);
  append16(query, id);
  append16(query, 0x0100);  // recursion desired
  for (const unsigned count : {1u, 0u, 0u, 0u}) append16(query, count);
  query.insert(query.end(), encoded.data(), encoded.data() + length);
  append16(query, ns_t_a);
  append16(query, ns_c_in);
  return query;
}

std::optional<Verdict> dns_answer(std::span<const std::uint8_t> query, std::span<const std::uint8_t> answer) {
  if (answer.size() < 2 || !std::equal(answer.begin(), answer.begin() + 2, query.begin()))
    return std::nullopt;
  ns_msg message;
  if (ns_initparse(answer.data(), static_cast<int>(answer.size()), &message) != 0)
    return Verdict{Outcome::bad_body, "not a DNS message"};
  if (ns_msg_getflag(message, ns_f_qr) == 0) return Verdict{Outcome::bad_body, "a question, not an answer"};
  if (const int code = ns_msg_getflag(message, ns_f_rcode); code != ns_r_noerror)
    return Verdict{Outcome::bad_status, code_name(code)};
  if (!asks_the_same(query, message)) return Verdict{Outcome::bad_body, "answers another question"};
  return Verdict{Outcome::passed, ""};
}

}  // namespace steadfast::probe
