// SPDX-License-Identifier: Apache-2.0
// Somebody else writes to the kernel's tables: it is found within seconds, named,
// put right or not as the file says, and nobody fights for ever.
#include "balancer_lab.h"
#include "control/live_balancer.h"

namespace steadfast {
namespace {

std::string with_policy(std::string text, const std::string& tables) {
  const std::string host = "[host]\n";
  text.insert(text.find(host) + host.size(), "audit_tables = \"" + tables + "\"\n");
  return text;
}

bool has(const std::vector<std::string>& alerts, const std::string& word) {
  return std::any_of(alerts.begin(), alerts.end(),
                     [&](const std::string& alert) { return alert.find(word) != std::string::npos; });
}

class Audits : public Balancers {
 protected:
  sf_backend& backend_row(std::uint32_t id) {
    Memory& memory = kernel_.memory();
    return memory.backends[std::size_t{live_slot(memory)} * memory.capacity.backends + id];
  }
  void tamper() { backend_row(1).idle_s ^= 1; }

  // So many seconds of the daemon's life.
  void live(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      pass(1);
      balancer_->tend();
    }
  }
  std::vector<std::string> alerts() { return balancer_->status().alerts; }
  bool finds(const std::string& code) {
    const auto report = balancer_->audit();
    EXPECT_TRUE(report);
    return std::any_of(report->findings.begin(), report->findings.end(),
                       [&](const Finding& finding) { return finding.code == code; });
  }
};

TEST_F(Audits, FindNothingWhereNobodyWrote) {
  apply(two());
  live(30);
  EXPECT_TRUE(alerts().empty());
  EXPECT_FALSE(finds("SF901"));
  EXPECT_FALSE(finds("SF905"));
}

TEST_F(Audits, PutAForeignWriteRightWithinTenSeconds) {
  apply(two());
  live(2);
  const sf_backend before = backend_row(1);
  tamper();
  live(10);
  EXPECT_EQ(backend_row(1).idle_s, before.idle_s);
  EXPECT_TRUE(has(alerts(), "SF905")) << testing::PrintToString(alerts());
  EXPECT_TRUE(has(alerts(), "backend/web/web-01"));
  EXPECT_TRUE(has(alerts(), "idle_s is 1 and must be 0"));
  EXPECT_EQ(balancer_->status().audit.repairs, 1u);
  EXPECT_FALSE(finds("SF901"));
}

TEST_F(Audits, OnlyReportWhereTheFileSaysSo) {
  apply(with_policy(two(), "report"));
  live(2);
  tamper();
  live(10);
  EXPECT_EQ(backend_row(1).idle_s, 1);
  EXPECT_TRUE(has(alerts(), "SF901"));
  EXPECT_TRUE(finds("SF901"));
  EXPECT_EQ(balancer_->status().audit.repairs, 0u);
}

TEST_F(Audits, FreezeChangesWhereTheFileSaysSo) {
  apply(with_policy(two(), "freeze"));
  tamper();
  live(10);
  EXPECT_EQ(apply(with_policy(three(), "freeze")).ending, Ending::refused);
  EXPECT_EQ(balancer_->confirm("alice").ending, Ending::applied);
  EXPECT_EQ(apply(with_policy(three(), "freeze")).ending, Ending::applied);
}

TEST_F(Audits, StopToPutRightWhatDoesNotHold) {
  apply(two());
  for (int i = 0; i < 8; ++i) {
    tamper();
    live(10);
  }
  EXPECT_EQ(balancer_->status().audit.repairs, 3u);
  EXPECT_TRUE(has(alerts(), "came back"));
  apply(three());
  tamper();
  live(10);
  EXPECT_EQ(balancer_->status().audit.repairs, 4u) << "an operator's change begins anew";
}

TEST_F(Audits, LeadPacketsBackFromAForeignSlot) {
  apply(two());
  const auto before = chosen();
  live(2);
  kernel_.memory().selector->live = (live_slot(kernel_.memory()) + 2) % SF_SLOTS;
  live(2);
  EXPECT_EQ(chosen(), before);
  EXPECT_TRUE(has(alerts(), "selector.live"));
}

// With a deadline that nobody set the timer would lead packets to a slot that holds
// anything, and the next change would find something pending.
TEST_F(Audits, TakeAwayADeadlineThatNobodySet) {
  apply(two());
  live(2);
  kernel_.memory().selector->deadline_ns = UINT64_MAX;
  live(2);
  EXPECT_EQ(kernel_.memory().selector->deadline_ns, 0u);
  EXPECT_EQ(apply(three()).ending, Ending::applied);
}

TEST_F(Audits, SeeNothingForeignInAChangeOfTheirOwn) {
  apply(two());
  live(3);
  Change wish = change(three());
  wish.confirmation.within_s = 60;
  ASSERT_EQ(balancer_->apply(wish).ending, Ending::pending);
  live(12);
  EXPECT_FALSE(has(alerts(), "SF90")) << testing::PrintToString(alerts());
  balancer_->cancel("alice", "");
  live(12);
  ASSERT_TRUE(balancer_->set_health({}));
  live(12);
  EXPECT_FALSE(has(alerts(), "SF90")) << testing::PrintToString(alerts());
}

// Packets may come back there: what stands in that slot matters as much.
TEST_F(Audits, LookAtBothSidesOfAPendingChange) {
  apply(two());
  Change wish = change(three());
  wish.confirmation.within_s = 60;
  ASSERT_EQ(balancer_->apply(wish).ending, Ending::pending);
  live(1);
  Memory& memory = kernel_.memory();
  const std::size_t other = memory.selector->previous;
  memory.backends[other * memory.capacity.backends + 1].idle_s ^= 1;
  live(10);
  EXPECT_TRUE(has(alerts(), "SF905"));
  balancer_->cancel("alice", "");
  EXPECT_EQ(backend_row(1).idle_s, 0);
}

TEST_F(Audits, FindADetachedProgramAndAttachItAgain) {
  bool attached = true;
  around_.attached = [&](const Model& model) -> Result<Attached> {
    return Attached{7, {{*model.host.interfaces[0], true, attached ? 7u : 0u, attached ? "native" : ""}}, {}};
  };
  around_.attach_again = [&](const Model&) {
    attached = true;
    return Result<void>{};
  };
  start();
  apply(two());
  live(2);
  attached = false;
  live(1);
  EXPECT_TRUE(attached);
  EXPECT_TRUE(has(alerts(), "SF902"));
  EXPECT_FALSE(finds("SF901"));
  EXPECT_EQ(balancer_->status().audit.repairs, 1u);
}

// INC-26: the journal is gone, and what runs must go on.
class Unknowns : public Audits {
 protected:
  void lose_journal() {
    balancer_.reset();
    auto opened = LiveBalancer::open(kernel_, limits_, around_, std::nullopt);
    ASSERT_TRUE(opened);
    balancer_ = std::move(*opened);
    auto journal = Journal::open(other_.path());
    ASSERT_TRUE(journal);
    const Outcome outcome =
        balancer_->resume_unknown({1, "edge.toml", two()}, "nobody knows", std::move(*journal));
    ASSERT_EQ(outcome.ending, Ending::applied) << outcome.error;
  }

  Scratch other_;
};

TEST_F(Unknowns, GoOnUnderTheirNumber) {
  apply(two());
  const auto before = chosen();
  lose_journal();
  EXPECT_EQ(balancer_->status().generation, 1u);
  EXPECT_EQ(chosen(), before);
  EXPECT_TRUE(finds("SF903"));
  EXPECT_TRUE(has(alerts(), "SF903"));
  ASSERT_EQ(balancer_->alarms().size(), 1u);
  const detect::Alarm alarm = balancer_->alarms()[0];
  EXPECT_EQ(alarm.key, "SF903");
  EXPECT_EQ(alarm.object, "generation/1");
  EXPECT_EQ(balancer_->alarms()[0].since_s, alarm.since_s) << "the same one, whoever asks";
}

TEST_F(Unknowns, TakeNoChangeOfAnyKind) {
  apply(two());
  lose_journal();
  const Outcome refused = apply(three());
  EXPECT_EQ(refused.ending, Ending::refused);
  ASSERT_EQ(refused.findings.size(), 1u);
  EXPECT_EQ(refused.findings[0].code, "SF903");
  BackendEdit edit;
  edit.kind = BackendEdit::Kind::drain;
  edit.pool = "web";
  edit.name = "web-01";
  EXPECT_EQ(balancer_->edit(edit).ending, Ending::refused);
  EXPECT_EQ(balancer_->rollback(0, "alice", "").ending, Ending::refused);
  EXPECT_EQ(balancer_->status().generation, 1u);
}

TEST_F(Unknowns, AreTakenIntoTheJournalOnceSomebodyConfirms) {
  apply(two());
  const auto before = chosen();
  lose_journal();
  const Outcome confirmed = balancer_->confirm("alice");
  EXPECT_EQ(confirmed.ending, Ending::applied) << confirmed.error;
  EXPECT_EQ(chosen(), before);
  EXPECT_FALSE(finds("SF903"));
  EXPECT_TRUE(balancer_->alarms().empty());
  EXPECT_EQ(apply(three()).ending, Ending::applied);
  const auto journal = Journal::open(other_.path());
  ASSERT_TRUE(journal);
  EXPECT_EQ(journal->generations().size(), 2u);
  EXPECT_EQ(journal->generations()[0].author, "alice");
}

}  // namespace
}  // namespace steadfast
