// SPDX-License-Identifier: Apache-2.0
// ICMP: what an error that quotes a probe means, in both families. Pure.
//
// Must not enter: what to do about it.
#pragma once

#include <string>

#include "probe/probe.h"

namespace steadfast::probe {

enum class IcmpMeaning { port_closed, no_such_protocol, too_big, no_way };

IcmpMeaning meaning_of(const IcmpError& error);
// "port unreachable from 10.0.2.11"
std::string text_of(const IcmpError& error);

}  // namespace steadfast::probe
