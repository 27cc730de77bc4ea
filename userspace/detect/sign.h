// SPDX-License-Identifier: Apache-2.0
// Sign: what one detector sees now, before anybody has asked why. The same thing is
// one sign, whoever sees it: a second detector only confirms the first.
//
// Must not enter: causes, sentences.
#pragma once

#include <string>

#include "detect/alarm.h"

namespace steadfast::detect {

struct Sign {
  std::string detector;  // "T1"
  Severity severity = Severity::page;
  std::string object;     // "service/messaging"
  std::string endpoint;   // of a service
  std::string verdict;    // label of the verdict, or a word for what is wrong
  double share = 0;       // 0…1
  double since_s = 0;     // of the clock that never goes back
  std::string what = {};  // a phrase that says it; empty: it is told by verdict and share
  bool by_configuration = false;

  std::string key() const { return object + " " + verdict; }
};

}  // namespace steadfast::detect
