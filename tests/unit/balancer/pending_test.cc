// SPDX-License-Identifier: Apache-2.0
// A pending change ends in exactly one of four ways: confirmed, cancelled, undone
// by the guard, or undone at its deadline; and everybody agrees on which.
#include "balancer_lab.h"
#include "control/live_balancer.h"

namespace steadfast {
namespace {

class PendingChanges : public Balancers {
 protected:
  PendingChanges() { EXPECT_EQ(apply(two()).ending, Ending::applied); }

  static Change pending(const std::string& text, double within_s) {
    Change wish = change(text);
    wish.confirmation.within_s = within_s;
    return wish;
  }
  static Change canary(std::vector<CanaryStage> stages, double within_s = 0) {
    Change wish = pending(three(), within_s);
    wish.confirmation.canary = std::move(stages);
    return wish;
  }
  void send(std::uint16_t port, std::uint16_t from = 1) {
    Packet packet;
    packet.source = *Address::parse("203.0.113.7");
    packet.destination = *Address::parse("192.0.2.10");
    packet.source_port = from;
    packet.destination_port = port;
    packet.syn = true;
    ASSERT_TRUE(kernel_.run(build_frame(packet)));
  }
  // Of 512 clients, those that a backend of the new generation alone gets.
  std::size_t on_the_new_backend() {
    std::size_t count = 0;
    for (std::uint16_t port = 1; port <= 512; ++port) {
      Packet packet;
      packet.source = *Address::parse("203.0.113.7");
      packet.destination = *Address::parse("192.0.2.10");
      packet.source_port = port;
      packet.destination_port = 80;
      packet.syn = true;
      const auto answer = kernel_.run_dry(build_frame(packet), SF_NO_SLOT);
      // The outer destination of an IPv4 tunnel.
      count += answer->frame[33] == 13 ? 1 : 0;
    }
    return count;
  }
  std::string outcome_of(std::uint64_t number) {
    for (const GenerationInfo& generation : balancer_->generations())
      if (generation.number == number) return generation.outcome;
    return "";
  }
  std::string why(std::uint64_t number) {
    for (const GenerationInfo& generation : balancer_->generations())
      if (generation.number == number) return generation.ended_because;
    return "";
  }
};

TEST_F(PendingChanges, RunAndCountDown) {
  const Outcome outcome = balancer_->apply(pending(three(), 60));
  EXPECT_EQ(outcome.ending, Ending::pending) << outcome.error;
  EXPECT_EQ(outcome.generation, 2u);
  pass(20);
  const Status status = balancer_->status();
  ASSERT_TRUE(status.pending);
  EXPECT_EQ(status.generation, 2u);
  EXPECT_EQ(status.confirmed, 1u);
  EXPECT_EQ(status.pending->previous, 1u);
  EXPECT_NEAR(status.pending->seconds_left, 40, 0.001);
  EXPECT_EQ(outcome_of(2), "pending");
  EXPECT_EQ(outcome_of(1), "running");
  EXPECT_EQ(balancer_->config_text(), three());
}

TEST_F(PendingChanges, GoBackAtTheDeadline) {
  const auto before = chosen();
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  EXPECT_NE(chosen(), before);
  pass(59.9);
  balancer_->tend();
  EXPECT_TRUE(balancer_->status().pending);
  pass(0.2);
  balancer_->tend();
  const Status status = balancer_->status();
  EXPECT_FALSE(status.pending);
  EXPECT_EQ(status.generation, 1u);
  EXPECT_EQ(status.fallbacks, 1u);
  ASSERT_EQ(status.alerts.size(), 1u);
  EXPECT_NE(status.alerts[0].find("generation 2"), std::string::npos);
  EXPECT_EQ(outcome_of(2), "rolled-back");
  EXPECT_EQ(outcome_of(1), "running");
  EXPECT_EQ(chosen(), before);
  EXPECT_EQ(balancer_->config_text(), two());
}

// The kernel's timer was first: whoever asks next learns of it.
TEST_F(PendingChanges, NoticeThatTheKernelWentBack) {
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  pass(61);
  ASSERT_TRUE(Selector(*kernel_.memory().selector).fall_back_when_due(now_ns_));
  EXPECT_EQ(balancer_->status().generation, 1u);
  EXPECT_EQ(balancer_->confirm("bob").ending, Ending::refused);
  EXPECT_EQ(outcome_of(2), "rolled-back");
}

TEST_F(PendingChanges, AreFinalOnceConfirmed) {
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  EXPECT_EQ(balancer_->confirm("bob").ending, Ending::applied);
  pass(1000);
  balancer_->tend();
  EXPECT_EQ(balancer_->status().generation, 2u);
  EXPECT_EQ(balancer_->status().confirmed, 2u);
  EXPECT_EQ(outcome_of(1), "replaced");
  EXPECT_EQ(balancer_->generations()[1].confirmed_by, "bob");
}

TEST_F(PendingChanges, AreUndoneByCancel) {
  const auto before = chosen();
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  const Outcome outcome = balancer_->cancel("bob", "TICKET-9");
  EXPECT_EQ(outcome.ending, Ending::applied);
  EXPECT_EQ(outcome.generation, 1u);
  EXPECT_EQ(outcome_of(2), "cancelled");
  EXPECT_NE(why(2).find("bob: TICKET-9"), std::string::npos);
  EXPECT_EQ(chosen(), before);
}

TEST_F(PendingChanges, AreUndoneByRollback) {
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  EXPECT_EQ(balancer_->rollback(1, "bob", "").ending, Ending::refused) << "one thing at a time";
  const Outcome outcome = balancer_->rollback(0, "bob", "");
  EXPECT_EQ(outcome.ending, Ending::applied);
  EXPECT_EQ(outcome.generation, 1u);
  EXPECT_EQ(outcome_of(2), "rolled-back");
}

TEST_F(PendingChanges, CanBeGivenMoreTime) {
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  pass(50);
  EXPECT_EQ(balancer_->extend(30, "bob").ending, Ending::pending);
  pass(35);
  balancer_->tend();
  EXPECT_NEAR(balancer_->status().pending->seconds_left, 5, 0.001);
}

TEST_F(PendingChanges, NothingIsConfirmedExtendedOrCancelledWithoutOne) {
  EXPECT_EQ(balancer_->confirm("bob").ending, Ending::refused);
  EXPECT_EQ(balancer_->extend(30, "bob").ending, Ending::refused);
  EXPECT_EQ(balancer_->cancel("bob", "").ending, Ending::refused);
  EXPECT_EQ(balancer_->status().generation, 1u);
}

TEST_F(PendingChanges, OnlyOneAtATime) {
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  const Outcome outcome = apply(web(backend("web-01", "10.0.2.11")));
  EXPECT_EQ(outcome.ending, Ending::refused);
  EXPECT_TRUE(std::any_of(outcome.findings.begin(), outcome.findings.end(),
                          [](const Finding& finding) { return finding.code == "SF512"; }));
  BackendEdit edit;
  edit.kind = BackendEdit::Kind::drain;
  edit.pool = "web";
  edit.name = "web-02";
  EXPECT_EQ(balancer_->edit(edit).ending, Ending::refused);
  EXPECT_EQ(balancer_->status().generation, 2u);
}

TEST_F(PendingChanges, TheFirstGenerationHasNothingToGoBackTo) {
  std::filesystem::remove_all(scratch_.path());
  HostKernel fresh(capacity_for(limits_, 1));
  auto balancer = LiveBalancer::open(fresh, limits_, around_, std::nullopt);
  ASSERT_TRUE(balancer);
  EXPECT_EQ((*balancer)->apply(pending(two(), 60)).ending, Ending::refused);
}

// A rolled-back file does not come back by mistake.
TEST_F(PendingChanges, ARolledBackFileIsInQuarantine) {
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  pass(61);
  balancer_->tend();
  const Outcome again = apply(three());
  EXPECT_EQ(again.ending, Ending::gated);
  EXPECT_TRUE(std::any_of(again.findings.begin(), again.findings.end(),
                          [](const Finding& finding) { return finding.code == "SF514"; }));
  EXPECT_EQ(apply_anyway(three()).ending, Ending::applied);
  EXPECT_EQ(apply(two()).ending, Ending::applied);
  EXPECT_EQ(apply(three()).ending, Ending::applied) << "it ran well meanwhile";
}

TEST_F(PendingChanges, AnEditIsNeverInQuarantine) {
  BackendEdit edit;
  edit.kind = BackendEdit::Kind::drain;
  edit.pool = "web";
  edit.name = "web-02";
  ASSERT_EQ(balancer_->edit(edit).ending, Ending::applied);
  ASSERT_EQ(balancer_->rollback(0, "bob", "").ending, Ending::applied);
  EXPECT_EQ(balancer_->edit(edit).ending, Ending::applied);
}

TEST_F(PendingChanges, ACancelledFileIsNot) {
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  balancer_->cancel("bob", "");
  EXPECT_EQ(apply(three()).ending, Ending::applied);
}

TEST_F(PendingChanges, AutomaticOnesConfirmThemselvesWhenTheGuardIsContent) {
  Change wish = pending(three(), 60);
  wish.confirmation.automatic = true;
  ASSERT_EQ(balancer_->apply(wish).ending, Ending::pending);
  send(80);
  pass(60);
  balancer_->tend();
  EXPECT_FALSE(balancer_->status().pending);
  EXPECT_EQ(balancer_->status().confirmed, 2u);
}

TEST_F(PendingChanges, ABlindGuardIsNotContent) {
  Change wish = pending(three(), 60);
  wish.confirmation.automatic = true;
  ASSERT_EQ(balancer_->apply(wish).ending, Ending::pending);
  pass(60);
  balancer_->tend();
  EXPECT_EQ(balancer_->status().generation, 1u);
  EXPECT_EQ(outcome_of(2), "rolled-back");
  EXPECT_NE(why(2).find("received a packet"), std::string::npos);
}

// A third of the new flows meets a backend that cannot be reached, and the guard
// sees it long before the time is over.
TEST_F(PendingChanges, TheGuardUndoesWhatItSeesDoingHarm) {
  auto resolve = around_.resolve;
  around_.resolve = [resolve](const Model& model) {
    auto hops = resolve(model);
    if (const auto lost = hops->find(*Address::parse("10.0.2.13")); lost != hops->end())
      lost->second.problem = "no route";
    return hops;
  };
  start();
  ASSERT_EQ(resume().ending, Ending::applied);
  Change wish = pending(three(), 60);
  wish.confirmation.automatic = true;
  ASSERT_EQ(apply_anyway(wish).ending, Ending::pending);
  for (std::uint16_t i = 0; i < 60; ++i) send(80, static_cast<std::uint16_t>(1000 + i));
  pass(1);
  balancer_->tend();
  EXPECT_EQ(balancer_->status().generation, 1u);
  EXPECT_EQ(outcome_of(2), "rolled-back");
  EXPECT_NE(why(2).find("tcp 192.0.2.10:80 drops"), std::string::npos);
}

TEST_F(PendingChanges, ACanaryWidensAndIsFinal) {
  ASSERT_EQ(balancer_->apply(canary({{0.25, 10}, {0.5, 10}})).ending, Ending::pending);
  EXPECT_EQ(balancer_->status().generation, 1u) << "most packets are still there";
  EXPECT_EQ(balancer_->confirm("bob").ending, Ending::refused) << "not before its last stage";
  const std::size_t quarter = on_the_new_backend();
  EXPECT_GT(quarter, 0u);
  pass(10);
  balancer_->tend();
  EXPECT_EQ(balancer_->status().pending->stage, 2u);
  const std::size_t half = on_the_new_backend();
  EXPECT_GT(half, quarter);
  pass(10);
  balancer_->tend();
  EXPECT_FALSE(balancer_->status().pending);
  EXPECT_EQ(balancer_->status().confirmed, 2u);
  EXPECT_GT(on_the_new_backend(), half);
}

TEST_F(PendingChanges, ACanaryMayWaitForItsConfirmation) {
  ASSERT_EQ(balancer_->apply(canary({{0.5, 10}}, 60)).ending, Ending::pending);
  pass(10);
  balancer_->tend();
  const Status status = balancer_->status();
  ASSERT_TRUE(status.pending);
  EXPECT_EQ(status.generation, 2u);
  EXPECT_EQ(status.pending->stage, 0u);
  EXPECT_EQ(balancer_->confirm("bob").ending, Ending::applied);
}

TEST_F(PendingChanges, ACanaryWithoutADaemonGoesBack) {
  const auto before = chosen();
  ASSERT_EQ(balancer_->apply(canary({{0.5, 10}})).ending, Ending::pending);
  pass(13);
  ASSERT_TRUE(Selector(*kernel_.memory().selector).fall_back_when_due(now_ns_));
  EXPECT_EQ(balancer_->status().generation, 1u);
  EXPECT_EQ(chosen(), before);
}

TEST_F(PendingChanges, ACanaryNeedsTheSameHash) {
  Change wish = canary({{0.5, 10}});
  wish.text.replace(wish.text.find("hash_seed = \""), 13, "hash_seed = \"other-");
  const Outcome outcome = apply_anyway(wish);
  EXPECT_EQ(outcome.ending, Ending::refused);
  EXPECT_NE(outcome.error.find("hash_seed"), std::string::npos);
}

TEST_F(PendingChanges, ARestartGoesBackToWhatWasConfirmed) {
  const auto before = chosen();
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  start();
  ASSERT_EQ(resume().ending, Ending::applied);
  EXPECT_EQ(balancer_->status().generation, 1u);
  EXPECT_EQ(outcome_of(2), "rolled-back");
  EXPECT_EQ(chosen(), before);
}

// The ids of backends that only the undone generation had are not given to
// others while flows may name them.
TEST_F(PendingChanges, IdsOfAnUndoneGenerationRest) {
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  const std::uint32_t undone = balancer_->snapshot()->backends[2].id;
  balancer_->cancel("bob", "");
  ASSERT_EQ(apply(web(backend("web-01", "10.0.2.11") + backend("web-02", "10.0.2.12") +
                      backend("web-04", "10.0.2.14")))
                .ending,
            Ending::applied);
  EXPECT_NE(balancer_->snapshot()->backends[2].id, undone);
}

TEST_F(PendingChanges, NewNextHopsKeepThePendingGenerationPending) {
  std::uint8_t last = 1;
  auto resolve = around_.resolve;
  around_.resolve = [&, resolve](const Model& model) {
    auto hops = resolve(model);
    for (auto& [address, hop] : *hops) hop.destination = Mac{{2, 0, 0, 0, 0, last}};
    return hops;
  };
  start();
  ASSERT_EQ(resume().ending, Ending::applied);
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  last = 7;
  EXPECT_TRUE(*balancer_->refresh_next_hops());
  EXPECT_EQ(balancer_->status().generation, 2u);
  EXPECT_TRUE(balancer_->status().pending);
  pass(61);
  balancer_->tend();
  EXPECT_EQ(balancer_->status().generation, 1u);
}

TEST_F(PendingChanges, AFailedTestLeavesTheOldGenerationAndSaysWhich) {
  Change wish = change(three());
  wish.tests.push_back({"edge.test.toml",
                        "[[test]]\nname = \"no backend gets more than a fifth\"\n"
                        "packet = \"tcp 203.0.113.7:* > 192.0.2.10:80 syn\"\n"
                        "expect = { max_share = \"20%\" }\n"});
  const Outcome outcome = balancer_->apply(wish);
  EXPECT_EQ(outcome.ending, Ending::refused);
  ASSERT_EQ(outcome.tests.results.size(), 1u);
  EXPECT_EQ(outcome.tests.results[0].name, "no backend gets more than a fifth");
  EXPECT_EQ(outcome.tests.results[0].mismatches[0].what, "max_share");
  EXPECT_EQ(balancer_->status().generation, 1u);
  EXPECT_EQ(balancer_->generations().size(), 1u);
}

TEST_F(PendingChanges, ABrokenTestFileIsRefusedWithItsPlace) {
  Change wish = change(three());
  wish.tests.push_back({"edge.test.toml", "[[test]]\nname = \"x\"\n"});
  const Outcome outcome = balancer_->apply(wish);
  EXPECT_EQ(outcome.ending, Ending::refused);
  EXPECT_TRUE(std::any_of(outcome.findings.begin(), outcome.findings.end(),
                          [](const Finding& finding) { return finding.file == "edge.test.toml"; }));
}

// Interfaces that cannot be let go of are no reason to forget what runs.
TEST_F(PendingChanges, AFailedReleaseIsAnAlert) {
  around_.release = [](const Model&) -> Result<void> { return Error{"eth1 holds on"}; };
  start();
  ASSERT_EQ(resume().ending, Ending::applied);
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  EXPECT_EQ(balancer_->confirm("bob").ending, Ending::applied);
  pass(100);
  balancer_->tend();
  const Status status = balancer_->status();
  EXPECT_EQ(status.generation, 2u);
  EXPECT_EQ(status.confirmed, 2u);
  ASSERT_FALSE(status.alerts.empty());
  EXPECT_NE(status.alerts[0].find("eth1 holds on"), std::string::npos);
  EXPECT_EQ(outcome_of(2), "running");
}

TEST_F(PendingChanges, AttachesAsBeforeWhenItGoesBack) {
  std::vector<std::string> calls;
  around_.attach = [&](const Model&) -> Result<void> { return calls.push_back("attach"), Result<void>{}; };
  around_.release = [&](const Model&) -> Result<void> { return calls.push_back("release"), Result<void>{}; };
  start();
  ASSERT_EQ(resume().ending, Ending::applied);
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  calls.clear();
  balancer_->cancel("bob", "");
  EXPECT_EQ(calls, (std::vector<std::string>{"attach", "release"}));
}

TEST_F(PendingChanges, TheSameBytesArePendingNotUnchanged) {
  ASSERT_EQ(balancer_->apply(canary({{0.5, 10}})).ending, Ending::pending);
  EXPECT_EQ(apply(two()).ending, Ending::refused) << "this would not end the canary";
  EXPECT_EQ(apply(three()).ending, Ending::refused);
}

TEST_F(PendingChanges, WhatNeverBecameFinalIsNoWayBack) {
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  balancer_->cancel("bob", "");
  const Outcome outcome = balancer_->rollback(2, "bob", "");
  EXPECT_EQ(outcome.ending, Ending::refused);
  EXPECT_NE(outcome.error.find("never confirmed"), std::string::npos);
}

TEST_F(PendingChanges, AnotherModeOfTheProgramIsNotPending) {
  std::string generic = three();
  generic.replace(generic.find("\"native\""), 8, "\"generic\"");
  const Outcome outcome = balancer_->apply(pending(generic, 60));
  EXPECT_EQ(outcome.ending, Ending::refused);
  EXPECT_NE(outcome.error.find("xdp_mode"), std::string::npos);
  EXPECT_EQ(apply(generic).ending, Ending::applied);
}

TEST_F(PendingChanges, WhatItGoesBackToHasTheNextHopsOfToday) {
  std::uint8_t last = 1;
  auto resolve = around_.resolve;
  around_.resolve = [&, resolve](const Model& model) {
    auto hops = resolve(model);
    for (auto& [address, hop] : *hops) hop.destination = Mac{{2, 0, 0, 0, 0, last}};
    return hops;
  };
  start();
  ASSERT_EQ(resume().ending, Ending::applied);
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  last = 7;
  ASSERT_TRUE(*balancer_->refresh_next_hops());
  pass(61);
  ASSERT_TRUE(Selector(*kernel_.memory().selector).fall_back_when_due(now_ns_)) << "and no daemon looks";
  Packet packet;
  packet.source = *Address::parse("203.0.113.7");
  packet.destination = *Address::parse("192.0.2.10");
  packet.source_port = 5;
  packet.destination_port = 80;
  packet.syn = true;
  EXPECT_EQ(kernel_.run_dry(build_frame(packet), SF_NO_SLOT)->frame[5], 7);
}

// The disk is full when the change has been made: it is made, and told later.
TEST_F(PendingChanges, AJournalThatFailsAfterTheFlipIsTriedAgain) {
  ASSERT_EQ(balancer_->apply(pending(three(), 60)).ending, Ending::pending);
  const auto ledger = scratch_.path() / "ledger.new";
  std::filesystem::create_directory(ledger);  // where the new ledger would be written
  EXPECT_EQ(balancer_->confirm("bob").ending, Ending::applied);
  EXPECT_EQ(balancer_->status().confirmed, 2u);
  EXPECT_FALSE(balancer_->status().alerts.empty());
  std::filesystem::remove(ledger);
  balancer_->tend();
  start();
  EXPECT_EQ(outcome_of(2), "running");
}

}  // namespace
}  // namespace steadfast
