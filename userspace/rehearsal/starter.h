// SPDX-License-Identifier: Apache-2.0
// Starter: the tests that a configuration begins with. They state what it does
// now; its operators keep what they mean and add what they know.
//
// Must not enter: files, engines.
#pragma once

#include <string>

#include "model/model.h"

namespace steadfast::rehearsal {

// A test file that `model` passes, also when it is what runs.
std::string starter_tests(const Model& model);

}  // namespace steadfast::rehearsal
