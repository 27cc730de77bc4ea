// SPDX-License-Identifier: Apache-2.0
#include "control/past.h"

#include <gtest/gtest.h>

#include "balancer_lab.h"

namespace steadfast {
namespace {

const std::vector<ObjectChange> kOneBackend{{ChangeKind::changed, "backend/web/web-01", {}, {}, {}}};

TEST(Pasts, CountChangesOfTheLastHour) {
  Past past;
  past.note(kOneBackend, nullptr, 0);
  past.note(kOneBackend, nullptr, 3000);
  EXPECT_EQ(past.changes_last_hour(3100).at("backend/web/web-01"), 2u);
  EXPECT_EQ(past.changes_last_hour(3700).at("backend/web/web-01"), 1u);
  EXPECT_TRUE(past.changes_last_hour(9000).empty());
}

TEST(Pasts, RememberTheGreatestWeightOfTheLastMinutes) {
  Past past;
  const Model large = model_of(three()), small = model_of(two());
  past.note({}, &large, 0);
  past.note({}, &small, 100);
  EXPECT_EQ(past.recent_weight(110).at("web"), 300u);
  EXPECT_EQ(past.recent_weight(650).at("web"), 200u);
  EXPECT_TRUE(past.recent_weight(800).empty());
}

}  // namespace
}  // namespace steadfast
