// SPDX-License-Identifier: Apache-2.0
// The dead man's switch where it lives: in the kernel, with no process that acts.
// What packets see is asked of the real program.
#include <gtest/gtest.h>
#include <poll.h>

#include "datapath.h"

namespace steadfast {
namespace {

constexpr std::uint64_t kMs_ns = 1'000'000;
constexpr int kPatienceMs = 10'000;

std::string one(const std::string& address) {
  return lab_config(
      "[[service]]\nname = \"web\"\nvip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = 80\n"
      "forward = \"ipip\"\npool = \"web\"\n[[pool]]\nname = \"web\"\n[[pool.backend]]\n"
      "name = \"" +
      address + "\"\naddress = \"" + address + "\"\nweight = 100\n");
}

Packet syn_from(std::uint16_t port) { return syn(tcp("203.0.113.7", port, "192.0.2.10")); }

// The generation a new flow meets, by the only backend each one has.
std::uint8_t last_byte_of_backend(Lab& lab, std::uint16_t port) {
  const Answer answer = lab.dry(build_frame(syn_from(port)));
  return answer.frame.size() > 33 ? answer.frame[33] : 0;
}

class DeadMan : public Datapath {
 protected:
  void SetUp() override {
    Datapath::SetUp();
    if (!IsSkipped() && !HasFailure()) lab_.emplace(GetParam(), one("10.0.2.11"));
  }
  std::uint32_t write_next() {
    const Model model = model_of(one("10.0.2.12"));
    auto tables = compile(model, 2, lab_->identities(), hops_for(model));
    EXPECT_TRUE(tables);
    const auto slot = lab_->publisher().write(*tables);
    EXPECT_TRUE(slot);
    return *slot;
  }
  // In the kernel the timer acts by itself; the host engine has none.
  void wait_for_fallback() {
    Selector& selector = lab_->publisher().selector();
    for (int waited = 0; waited < kPatienceMs && selector.fallbacks() == 0; ++waited) {
      if (GetParam() == Engine::host) selector.fall_back_when_due(monotonic_ns());
      poll(nullptr, 0, 1);
    }
  }

  std::optional<Lab> lab_;
};

TEST_P(DeadMan, TakesPacketsBackAtTheDeadline) {
  const std::uint64_t deadline = monotonic_ns() + 300 * kMs_ns;
  lab_->publisher().flip_until(write_next(), deadline, 1);
  EXPECT_EQ(last_byte_of_backend(*lab_, 1), 12);
  wait_for_fallback();
  EXPECT_EQ(last_byte_of_backend(*lab_, 1), 11);
  const Selector& selector = lab_->publisher().selector();
  EXPECT_EQ(selector.fallbacks(), 1u);
  EXPECT_FALSE(selector.is_pending());
  EXPECT_GE(lab_->memory().selector->fell_back_ns, deadline) << "never early";
}

TEST_P(DeadMan, LeavesWhatWasConfirmed) {
  const std::uint64_t deadline = monotonic_ns() + 200 * kMs_ns;
  lab_->publisher().flip_until(write_next(), deadline, 1);
  ASSERT_TRUE(lab_->publisher().selector().confirm());
  // Several ticks past the deadline.
  const std::uint64_t ticks = lab_->publisher().selector().ticks();
  for (int waited = 0; waited < kPatienceMs; ++waited) {
    const bool ticked = GetParam() == Engine::host || lab_->publisher().selector().ticks() > ticks + 3;
    if (monotonic_ns() > deadline && ticked) break;
    poll(nullptr, 0, 1);
  }
  EXPECT_EQ(lab_->publisher().selector().fallbacks(), 0u);
  EXPECT_EQ(last_byte_of_backend(*lab_, 1), 12);
}

TEST_P(DeadMan, CanarySendsItsShareOfNewFlowsToTheCandidate) {
  const std::uint64_t deadline = monotonic_ns() + 60'000 * kMs_ns;
  lab_->publisher().flip_until(write_next(), deadline, 0.25);
  int candidate = 0;
  for (std::uint16_t port = 1; port <= 2000; ++port)
    candidate += last_byte_of_backend(*lab_, port) == 12 ? 1 : 0;
  // 2,000 flows: five standard deviations are 97.
  EXPECT_NEAR(candidate, 500, 100);
  ASSERT_TRUE(lab_->publisher().selector().cancel());
  for (std::uint16_t port = 1; port <= 200; ++port) ASSERT_EQ(last_byte_of_backend(*lab_, port), 11);
}

// A flow of the candidate's share keeps its backend, packet for packet, while
// the rest of the hash space knows nothing of the candidate.
TEST_P(DeadMan, CanaryFlowsStayWhereTheyBegan) {
  lab_->publisher().flip_until(write_next(), monotonic_ns() + 60'000 * kMs_ns, 0.5);
  for (std::uint16_t port = 1; port <= 100; ++port) {
    const Answer first = lab_->run(syn_from(port));
    const Answer second = lab_->run(ack(tcp("203.0.113.7", port, "192.0.2.10")));
    EXPECT_EQ(second.decision.role, static_cast<__u32>(SF_ROLE_HIT));
    EXPECT_EQ(first.decision.backend, second.decision.backend);
    EXPECT_EQ(first.decision.slot, second.decision.slot);
  }
}

ON_BOTH_ENGINES(DeadMan);

}  // namespace
}  // namespace steadfast
