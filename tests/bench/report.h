// SPDX-License-Identifier: Apache-2.0
// The packet benchmark's figures as a table, beside the targets they are held
// to, and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "row.h"

namespace steadfast::bench {

// The figure this row must reach, where there is one. The one list of targets.
std::optional<double> target_of(const Row& row);

std::string heading();
std::string line(const Row& row);

void write_json(const std::vector<Row>& rows, const std::string& path);

}  // namespace steadfast::bench
