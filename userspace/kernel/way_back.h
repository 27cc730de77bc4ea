// SPDX-License-Identifier: Apache-2.0
// The way back: the interface by which a backend's replies leave, asked of
// rtnetlink. rp_filter compares it with the one that requests arrive on.
//
// Must not enter: what to make of the answer (tools/steadfast-decap/check.h).
#pragma once

#include <optional>
#include <string>

#include "base/address.h"
#include "base/result.h"

namespace steadfast {

// Interface towards `client`; without one, that of the IPv4 default route. Empty
// when there is no such route.
Result<std::string> way_back(const std::optional<Address>& client);

}  // namespace steadfast
