// SPDX-License-Identifier: Apache-2.0
// Forecast (T6): which tables will be full, and when (detect/time_to_full.h). A table
// that has just begun to fill always looks as if it would go on: below a quarter it is
// no warning, below a half no page.
//
// Must not enter: how the fill of a table is known.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "detect/second.h"
#include "detect/sign.h"
#include "detect/time_to_full.h"

namespace steadfast::detect {

class Forecast {
 public:
  const std::vector<Sign>& take(const Second& second);

 private:
  std::map<std::string, TimeToFull> fills_;  // by object
  std::vector<Sign> signs_;                  // since it was last looked at
};

}  // namespace steadfast::detect
