// SPDX-License-Identifier: Apache-2.0
#include "control/history_route.h"

#include <charconv>

#include "control/api.h"

namespace steadfast {
namespace {

constexpr int kBadRequest = 400, kNotFound = 404;
constexpr std::uint32_t kUsualSeconds = 300;

Result<std::uint32_t> number_in(const std::string& key, const std::string& word, std::int64_t most) {
  std::int64_t number = 0;
  const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (wrong != std::errc() || end != word.data() + word.size() || number < 1 || number > most)
    return Error{key + ": expected a whole number from 1 to " + std::to_string(most)};
  return static_cast<std::uint32_t>(number);
}

Result<HistoryQuestion> question_in(const Query& query) {
  HistoryQuestion question;
  for (const auto& [key, word] : query) {
    if (key != "service" && key != "seconds" && key != "minutes")
      return Error{"\"" + key + "\" is no parameter of this endpoint: it takes service, seconds, minutes"};
    if (key == "service") {
      question.service = word;
      continue;
    }
    const auto number = number_in(key, word, key == "seconds" ? kHistorySeconds : kHistoryMinutes);
    if (!number) return number.error();
    (key == "seconds" ? question.seconds : question.minutes) = *number;
  }
  if (question.seconds != 0 && question.minutes != 0) return Error{"seconds and minutes exclude each other"};
  if (question.minutes == 0 && question.seconds == 0) question.seconds = kUsualSeconds;
  return question;
}

}  // namespace

Reply answer_history(Balancer& balancer, const Query& query) {
  const auto question = question_in(query);
  if (!question) return failure(kBadRequest, question.error().what);
  const auto answer = balancer.history(*question);
  return answer ? Reply{200, api::encode(*answer)} : failure(kNotFound, answer.error().what);
}

}  // namespace steadfast
