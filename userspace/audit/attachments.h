// SPDX-License-Identifier: Apache-2.0
// Attachments: what runs on the interfaces of the file, and what is pinned,
// against what was attached and pinned.
//
// Must not enter: asking the kernel (kernel/attached.h), attaching again.
#pragma once

#include <string>
#include <vector>

#include "config/finding.h"
#include "kernel/attached.h"
#include "model/model.h"

namespace steadfast::audit {

// SF902, one per interface, and one for all pins that are gone.
Findings compare(const Host& declared, const std::string& file, const Attached& found);

}  // namespace steadfast::audit
