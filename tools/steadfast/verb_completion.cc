// SPDX-License-Identifier: Apache-2.0
#include <ostream>

#include "tools/steadfast/completion.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {

int run_completion(const Arguments& arguments, Terminal& terminal) {
  terminal.out << completion_script(arguments.text("SHELL"));
  return kOk;
}

}  // namespace steadfast::cli
