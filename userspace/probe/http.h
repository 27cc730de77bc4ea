// SPDX-License-Identifier: Apache-2.0
// HTTP: the request of a check, and what a status line says. Only the status
// line is judged, so that no body and no header can be misread; the name of the
// server's program is taken along where it came with that line. Pure.
//
// Must not enter: sockets, TLS.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "probe/probe.h"
#include "probe/verdict.h"

namespace steadfast::probe {

std::string http_request(const Check& check, const Endpoint& backend);

// Nothing while the status line has not come in whole. 2xx and 3xx pass.
std::optional<Verdict> http_answer(std::string_view received);

}  // namespace steadfast::probe
