// SPDX-License-Identifier: Apache-2.0
#include "health/publisher.h"

#include <gtest/gtest.h>

namespace steadfast::health {
namespace {

using namespace std::chrono_literals;

Overlay without(const std::string& backend, Reason reason = Reason::probes_fail) {
  Overlay overlay;
  overlay.shares[{"web", backend}] = {false, 0, reason};
  return overlay;
}

TEST(Publisher, PublishesNothingWhileNothingChanges) { EXPECT_FALSE(Publisher().is_due(Overlay{}, 100s)); }

TEST(Publisher, PublishesTheFirstChangeAtOnceAndTheNextASecondLater) {
  Publisher publisher;
  EXPECT_TRUE(publisher.is_due(without("b1"), 100s));
  publisher.attempted(100s);
  publisher.published(without("b1"));
  EXPECT_FALSE(publisher.is_due(without("b1"), 200s));
  EXPECT_FALSE(publisher.is_due(without("b2"), 100s + 999ms));
  EXPECT_TRUE(publisher.is_due(without("b2"), 101s));
}

TEST(Publisher, TriesAgainWhatFailed) {
  Publisher publisher;
  publisher.attempted(100s);
  EXPECT_FALSE(publisher.is_due(without("b1"), 100s + 500ms));
  EXPECT_TRUE(publisher.is_due(without("b1"), 101s));
}

TEST(Overlay, IsTheSameForAnotherReason) {
  EXPECT_EQ(without("b1"), without("b1", Reason::silent));
  EXPECT_FALSE(without("b1") == without("b2"));
  EXPECT_FALSE(without("b1").of("web", "b1").in);
  EXPECT_TRUE(without("b1").of("web", "b2").as_the_file_says());
}

}  // namespace
}  // namespace steadfast::health
