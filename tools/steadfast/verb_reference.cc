// SPDX-License-Identifier: Apache-2.0
#include <ostream>

#include "tools/steadfast/reference.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {

int run_reference(const Arguments& arguments, Terminal& terminal) {
  terminal.out << reference_page(arguments.text("PAGE"));
  return kOk;
}

}  // namespace steadfast::cli
