// SPDX-License-Identifier: Apache-2.0
#include "control/guard.h"

#include <gtest/gtest.h>

namespace steadfast {
namespace {

Sight sight(std::uint64_t forwarded, std::uint64_t dropped) {
  Sight sight;
  VerdictCounts counts{};
  counts[SF_FORWARDED].packets = forwarded;
  counts[SF_NO_BACKEND].packets = dropped;
  sight.services["tcp 192.0.2.10:80"] = counts;
  return sight;
}

using Colour = Judgement::Colour;

Judgement since_the_flip(const Sight& earlier, const Sight& flip, const Sight& now) {
  return judge({earlier, flip, flip, now});
}

TEST(Guards, AreBlindWithoutPackets) {
  EXPECT_EQ(since_the_flip(sight(0, 0), sight(100, 0), sight(100, 0)).colour, Colour::blind);
  EXPECT_EQ(since_the_flip({}, {}, {}).colour, Colour::blind);
}

TEST(Guards, AreGreenWhileNothingRises) {
  EXPECT_EQ(since_the_flip(sight(0, 0), sight(100, 0), sight(200, 0)).colour, Colour::green);
}

TEST(Guards, AreRedWhenDropsByConfigurationRise) {
  const Judgement judgement = since_the_flip(sight(0, 0), sight(1000, 0), sight(1700, 300));
  EXPECT_EQ(judgement.colour, Colour::red);
  EXPECT_EQ(judgement.sentence,
            "tcp 192.0.2.10:80 drops 30.0 % of its packets because of the configuration, 0.0 % before the "
            "change");
}

TEST(Guards, DoNotBlameAChangeForWhatWasThereBefore) {
  EXPECT_EQ(since_the_flip(sight(0, 0), sight(700, 300), sight(1400, 600)).colour, Colour::green);
}

TEST(Guards, WaitForMoreThanAHandfulOfDrops) {
  EXPECT_EQ(since_the_flip(sight(0, 0), sight(10, 0), sight(16, 4)).colour, Colour::green);
  EXPECT_EQ(since_the_flip(sight(0, 0), sight(10, 0), sight(15, 5)).colour, Colour::red);
}

TEST(Guards, IgnoreNoise) {
  Sight now = sight(1000, 0);
  now.services["tcp 192.0.2.10:80"][SF_BAD_TRANSPORT].packets = 500;
  EXPECT_EQ(since_the_flip(sight(0, 0), sight(500, 0), now).colour, Colour::green);
}

// A canary of a twentieth that drops everything it gets spoils little of the whole.
TEST(Guards, ACanaryIsJudgedByItsShare) {
  const Sight earlier = sight(0, 0), flip = sight(10000, 0), now = sight(19980, 20);
  EXPECT_EQ(judge({earlier, flip, flip, now}).colour, Colour::green);
  EXPECT_EQ(judge({earlier, flip, flip, now, 0.05}).colour, Colour::red);
}

TEST(Guards, AFaultThatBeginsLateIsSeenInTheLastSeconds) {
  const Sight earlier = sight(0, 0), flip = sight(1000, 0), lately = sight(101000, 0),
              now = sight(101100, 100);
  EXPECT_EQ(judge({earlier, flip, flip, now}).colour, Colour::green);
  EXPECT_EQ(judge({earlier, flip, lately, now}).colour, Colour::red);
}

TEST(Guards, AreBlindWhenOnlyOthersWereSeen) {
  const Sight earlier = sight(0, 0), flip = sight(10, 0), now = sight(20, 0);
  EXPECT_EQ(judge({earlier, flip, flip, now, 1, {"tcp 192.0.2.99:80"}}).colour, Colour::blind);
  EXPECT_EQ(judge({earlier, flip, flip, now, 1, {"tcp 192.0.2.10:80"}}).colour, Colour::green);
}

TEST(Guards, LookAtServicesThatAreNew) {
  EXPECT_EQ(since_the_flip({}, {}, sight(0, 50)).colour, Colour::red);
}

Sight refusing(std::uint64_t forwarded, std::uint64_t denied, std::uint64_t not_allowed = 0) {
  Sight seen = sight(forwarded, 0);
  seen.services["tcp 192.0.2.10:80"][SF_SOURCE_DENIED].packets = denied;
  seen.services["tcp 192.0.2.10:80"][SF_SOURCE_NOT_ALLOWED].packets = not_allowed;
  return seen;
}

TEST(Guards, LetADenyWorkThatRefusesFew) {
  EXPECT_EQ(since_the_flip(sight(0, 0), sight(1000, 0), refusing(1900, 100)).colour, Colour::green);
  EXPECT_EQ(since_the_flip(sight(0, 0), sight(1000, 0), refusing(1900, 0, 100)).colour, Colour::green);
}

TEST(Guards, AreRedWhenListsRefuseMoreThanATenth) {
  const Judgement judgement = since_the_flip(sight(0, 0), refusing(950, 50), refusing(1750, 250));
  EXPECT_EQ(judgement.colour, Colour::red);
  EXPECT_EQ(
      judgement.sentence,
      "tcp 192.0.2.10:80 refuses 20.0 % of its packets by allow and deny, 5.0 % before the change, most "
      "of them source_denied; if that is meant, apply it with --confirm and confirm it yourself");
  EXPECT_EQ(since_the_flip(sight(0, 0), sight(1000, 0), refusing(1800, 0, 200)).colour, Colour::red);
}

TEST(Guards, CountBothListsTogether) {
  EXPECT_EQ(since_the_flip(sight(0, 0), sight(1000, 0), refusing(1860, 70, 70)).colour, Colour::red);
  EXPECT_EQ(since_the_flip(sight(0, 0), refusing(700, 300), refusing(1400, 300, 300)).colour, Colour::green);
}

TEST(Guards, ACanaryIsJudgedByWhatItsShareRefuses) {
  const Sight earlier = sight(0, 0), flip = sight(10000, 0), now = refusing(19800, 200);
  EXPECT_EQ(judge({earlier, flip, flip, now}).colour, Colour::green);
  EXPECT_EQ(judge({earlier, flip, flip, now, 0.05}).colour, Colour::red);
}

}  // namespace
}  // namespace steadfast
