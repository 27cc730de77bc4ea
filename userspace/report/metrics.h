// SPDX-License-Identifier: Apache-2.0
// The Prometheus page: every metric of report/metric_list.h, from one Snapshot
// and one Status. Series that can exist are present from the start with zero, so
// that a rate sees the first packet.
//
// Must not enter: HTTP, reading counters.
#pragma once

#include <string>

#include "counters/snapshot.h"
#include "report/answer.h"

namespace steadfast::report {

inline constexpr char kMetricsContentType[] = "text/plain; version=0.0.4; charset=utf-8";

std::string metrics_page(const Snapshot& snapshot, const Status& status);

// docs/metrics.md.
std::string metrics_markdown();

}  // namespace steadfast::report
