// SPDX-License-Identifier: Apache-2.0
// What GET /api/v1/history asks and answers, as values.
//
// Must not enter: counting (counters/history.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/marks.h"
#include "counters/history_series.h"

namespace steadfast {

struct HistoryQuestion {
  std::string service;        // empty: the host
  std::uint32_t seconds = 0;  // exactly one of the two is not 0
  std::uint32_t minutes = 0;
};

struct HistoryLine {
  std::string name;  // history::Lane, or of the host also a verdict
  // Per second; none where nobody counted.
  std::vector<std::optional<double>> values;
};

struct HistoryAnswer {
  double step_s = 1;
  double from_s = 0;  // Unix time at which the first value begins
  std::vector<HistoryLine> series;
  std::vector<HistoryMark> marks;
};

}  // namespace steadfast
