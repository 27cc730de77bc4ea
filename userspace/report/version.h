// SPDX-License-Identifier: Apache-2.0
// The release this was built as.
#pragma once

#include <string_view>

namespace steadfast {

std::string_view version();  // "0.1.0"

}  // namespace steadfast
