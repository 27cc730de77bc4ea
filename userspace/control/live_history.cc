// SPDX-License-Identifier: Apache-2.0
// LiveBalancer: what its services did in the last hour and the last day.
#include <cmath>

#include "base/clock.h"
#include "control/live_balancer.h"

namespace steadfast {
namespace {

// So much of a rate is worth its place in an answer.
constexpr double kPerThousand = 1000;

std::optional<double> value_of(double rate) {
  if (std::isnan(rate)) return std::nullopt;
  return std::round(rate * kPerThousand) / kPerThousand;
}

HistoryLine line_of(const history::Rates& rates) {
  HistoryLine line{rates.name, {}};
  line.values.reserve(rates.values.size());
  for (const double rate : rates.values) line.values.push_back(value_of(rate));
  return line;
}

}  // namespace

void LiveBalancer::record_history() {
  traffic_history_.sample(reading_, *deployment_.running(), deployment_.revision(), now_s());
  marks_.look(history_.all(), now_s());
}

// The clock of the history never goes back; people read the other one.
Result<HistoryAnswer> LiveBalancer::history(const HistoryQuestion& question) {
  const std::lock_guard guard(mutex_);
  settle();
  const auto step = question.minutes != 0 ? history::Step::minute : history::Step::second;
  const std::size_t values = question.minutes != 0 ? question.minutes : question.seconds;
  const history::Stretch stretch = question.service.empty()
                                       ? traffic_history_.host(step, values)
                                       : traffic_history_.service(question.service, step, values);
  if (stretch.rates.empty()) return Error{"there is no service \"" + question.service + "\""};
  const double ahead_s = unix_now_s() - now_s();
  HistoryAnswer answer{stretch.step_s, stretch.from_s + ahead_s, {}, marks_.since(stretch.from_s)};
  for (const history::Rates& rates : stretch.rates) answer.series.push_back(line_of(rates));
  for (HistoryMark& mark : answer.marks) mark.at_s += ahead_s;
  return answer;
}

}  // namespace steadfast
