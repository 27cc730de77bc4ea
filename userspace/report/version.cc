// SPDX-License-Identifier: Apache-2.0
#include "report/version.h"

namespace steadfast {

std::string_view version() { return STEADFAST_VERSION; }

}  // namespace steadfast
