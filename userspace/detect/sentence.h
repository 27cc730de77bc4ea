// SPDX-License-Identifier: Apache-2.0
// sentence(): what is wrong, since when, who is suspected and what to type, in one line.
//
// Must not enter: judgement.
#pragma once

#include <string>

#include "detect/alarm.h"
#include "detect/sign.h"

namespace steadfast::detect {

// `alarm` has everything but the sentence.
std::string sentence(const Sign& sign, const Alarm& alarm);
// The same once nothing needs to be typed any more.
std::string without_command(const std::string& sentence);

}  // namespace steadfast::detect
