// SPDX-License-Identifier: Apache-2.0
// Fields: an object as key and value pairs, spelled as the file spells them.
// What was not written shows the default that holds; an absent key is no pair.
//
// Must not enter: places, and which object is compared with which.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/model.h"

namespace steadfast {

using Fields = std::vector<std::pair<std::string, std::string>>;

Fields fields_of(const Host& host);
Fields fields_of(const Limits& limits);
Fields fields_of(const Service& service, const Model& model);
Fields fields_of(const Pool& pool);  // without its backends
Fields fields_of(const Backend& backend);

// fields_of(a) == fields_of(b), without writing either: nearly every backend of a change.
bool alike(const Backend& a, const Backend& b);

}  // namespace steadfast
