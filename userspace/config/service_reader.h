// SPDX-License-Identifier: Apache-2.0
// The keys of one [[service]], and what contradicts itself within them.
//
// Must not enter: other tables, and whether the service makes sense (check/).
#pragma once

#include <cstddef>

#include "config/config.h"
#include "config/document.h"
#include "config/table_reader.h"

namespace steadfast::config {

inline constexpr Range kPort{1, 65535};
inline constexpr Range kMtu{576, 9216};

// `index`: its place among the services, by which it is called while it has no name.
Service read_service(const Node& node, std::size_t index, const Document& document, Findings& findings);

// "pool/web", or the how-manieth it is while it has no name.
std::string object_name(const std::string& kind, const std::optional<Text>& name, std::size_t index);

}  // namespace steadfast::config
