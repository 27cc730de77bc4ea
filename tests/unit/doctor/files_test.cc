// SPDX-License-Identifier: Apache-2.0
// Every host rule has what `explain` shows of it.
#include "doctor/rules.h"

#include "check/catalogue.h"
#include "sound_host.h"

namespace steadfast {
namespace {

TEST(HostRules, AreInTheCatalogue) {
#define X(check) EXPECT_EQ(find_rule(rules::check.rule.code), &rules::check.rule);
  SF_HOST_CHECKS(X)
#undef X
}

}  // namespace
}  // namespace steadfast
