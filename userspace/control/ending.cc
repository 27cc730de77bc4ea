// SPDX-License-Identifier: Apache-2.0
#include "control/ending.h"

#include "base/bug.h"

namespace steadfast {

std::string_view name(Ending ending) {
  switch (ending) {
    case Ending::applied:
      return "applied";
    case Ending::pending:
      return "pending";
    case Ending::unchanged:
      return "unchanged";
    case Ending::refused:
      return "refused";
    case Ending::gated:
      return "gated";
    case Ending::failed:
      return "failed";
  }
  bug("an ending has a name");
}

Exit exit_code(Ending ending) {
  switch (ending) {
    case Ending::applied:
    case Ending::pending:
    case Ending::unchanged:
      return kOk;
    case Ending::refused:
      return kRefused;
    case Ending::gated:
      return kGated;
    case Ending::failed:
      return kEnvironment;
  }
  bug("an ending has an exit code");
}

}  // namespace steadfast
