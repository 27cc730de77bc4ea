// SPDX-License-Identifier: Apache-2.0
#include "balancer_lab.h"

namespace steadfast {
namespace {

class Histories : public Balancers {
 protected:
  // The daemon's second.
  void tick(std::uint64_t packets = 0) {
    kernel_.memory().counts[kernel_.memory().capacity.services * SF_FORWARDED + 1].packets += packets;
    pass(1);
    balancer_->tend();
  }
  std::string marks() {
    std::string all;
    const auto history = balancer_->history({"", 300, 0});
    for (const HistoryMark& mark : history->marks)
      all += std::to_string(mark.generation) + " " + mark.what + " ";
    return all;
  }
};

TEST_F(Histories, AreKeptEverySecondAndToldInTheTimeOfPeople) {
  ASSERT_EQ(apply(two()).ending, Ending::applied);
  for (int second = 0; second < 3; ++second) tick(7);
  const auto web = balancer_->history({"web", 2, 0});
  ASSERT_TRUE(web) << web.error().what;
  EXPECT_EQ(web->series[0].name, "packets");
  EXPECT_EQ(web->series[0].values, (std::vector<std::optional<double>>{7, 7}));
  EXPECT_GT(web->from_s, 1e9);
  EXPECT_EQ(balancer_->history({"nobody", 2, 0}).error().what, "there is no service \"nobody\"");
  EXPECT_GT(balancer_->status().history_bytes, 40'000u);
}

TEST_F(Histories, MarkWhatBecameOfEveryGeneration) {
  ASSERT_EQ(apply(two()).ending, Ending::applied);
  tick();
  Change wish = change(three());
  wish.confirmation.within_s = 60;
  ASSERT_EQ(apply_anyway(wish).ending, Ending::pending);
  tick();
  ASSERT_EQ(balancer_->cancel("bob", "").ending, Ending::applied);
  tick();
  ASSERT_EQ(apply_anyway(three()).ending, Ending::applied);
  tick();
  EXPECT_EQ(marks(), "1 started 2 pending 2 cancelled 3 live ");
}

}  // namespace
}  // namespace steadfast
