// SPDX-License-Identifier: Apache-2.0
// Ranges: the slot's rows of sf_range (bpf/abi.h says what they mean) for
// everything a model says in prefixes, port ranges and server ids.
//
// Of a service's `allow` and `deny` the longest prefix that holds the source
// decides; where none does the source is welcome if `allow` is empty, and
// otherwise not allowed. Which service a packet is for: compile/precedence.h.
//
// Must not enter: services of one address and one port (compile/index.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "bpf/abi.h"
#include "compile/intervals.h"
#include "model/model.h"

namespace steadfast {

struct RangeTable {
  std::vector<sf_range> rows;
  sf_span wide[2][2]{};  // [IPv4, IPv6][TCP, UDP]
  sf_span prefixes[2]{};
  std::vector<sf_span> sources;     // by service id
  std::vector<sf_span> server_ids;  // by service id
};

// Id of a backend of a service, both by index (the backend in the service's
// pool); 0 when it has no row.
using BackendId = std::function<std::uint32_t(std::size_t service, std::size_t backend)>;

// `service_ids` by index in the model; 0 for a service without a row. Stops at
// the first list that ends beyond SF_RANGES_MAX: more rows than that are no table.
RangeTable build_ranges(const Model& model, const std::vector<std::uint32_t>& service_ids,
                        const BackendId& backend_id);

// build_ranges(…).rows.size(), whatever the ids.
std::size_t range_rows_needed(const Model& model);

// What each source address finds at a service: 0 = welcome, or its verdict.
std::vector<Step> source_steps(const Service& service);

}  // namespace steadfast
