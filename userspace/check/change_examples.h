// SPDX-License-Identifier: Apache-2.0
// The parts that the examples of change rules have in common: files of one or
// two services before and after.
//
// Must not enter: anything but example text.
#pragma once

#include "config/examples.h"

#define SF_EXAMPLE_BACKEND(number, more) \
  "[[pool.backend]]\n"                   \
  "name = \"web-0" number                \
  "\"\n"                                 \
  "address = \"10.0.2.1" number          \
  "\"\n"                                 \
  "weight = 100\n" more

#define SF_EXAMPLE_DRAIN "state = \"drain\"\n"

#define SF_EXAMPLE_FIVE_AND(six, more) \
  SF_EXAMPLE_BACKEND("1", "")          \
  SF_EXAMPLE_BACKEND("2", "")          \
  SF_EXAMPLE_BACKEND("3", "")          \
  SF_EXAMPLE_BACKEND("4", "") SF_EXAMPLE_BACKEND("5", more) SF_EXAMPLE_BACKEND("6", six)

#define SF_EXAMPLE_SIX SF_EXAMPLE_FIVE_AND("", "")

// A service called api, with keys more than it needs.
#define SF_EXAMPLE_API(vip, forward, more) \
  "[[service]]\n"                          \
  "name = \"api\"\n"                       \
  "vip = \"" vip                           \
  "\"\n"                                   \
  "protocol = \"tcp\"\n"                   \
  "port = 443\n"                           \
  "forward = \"" forward                   \
  "\"\n"                                   \
  "pool = \"web\"\n" more
