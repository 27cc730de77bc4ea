// SPDX-License-Identifier: Apache-2.0
// The rules that reading the file itself can break, and those that an edit of
// it shares with the model. check/catalogue.h lists them with all the others.
#pragma once

#include "config/finding.h"

namespace steadfast::config {

extern const Rule kUnknownKey;      // SF101
extern const Rule kBlankValue;      // SF102
extern const Rule kOutOfDomain;     // SF103
extern const Rule kDuplicateKey;    // SF104
extern const Rule kBrokenFile;      // SF105
extern const Rule kTrafficDefault;  // SF108
extern const Rule kUndefined;       // SF203
extern const Rule kTwin;            // SF205
extern const Rule kEmptySelector;   // SF506: no file can break it, only a verb

}  // namespace steadfast::config
