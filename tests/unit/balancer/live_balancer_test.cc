// SPDX-License-Identifier: Apache-2.0
// A change is all or nothing: applied and journalled, or refused with everything
// as it was.
#include "control/live_balancer.h"

#include "balancer_lab.h"
#include "base/sha256.h"

namespace steadfast {
namespace {

bool has_code(const Outcome& outcome, const std::string& code) {
  return std::any_of(outcome.findings.begin(), outcome.findings.end(),
                     [&](const Finding& finding) { return finding.code == code; });
}

TEST_F(Balancers, ApplyAGenerationAndJournalIt) {
  const Outcome outcome = apply(two());
  EXPECT_EQ(outcome.ending, Ending::applied) << outcome.error;
  EXPECT_EQ(outcome.generation, 1u);
  EXPECT_EQ(balancer_->config_text(), two());
  ASSERT_EQ(balancer_->generations().size(), 1u);
  EXPECT_EQ(balancer_->generations()[0].author, "alice");
  EXPECT_EQ(balancer_->generations()[0].outcome, "running");
}

TEST_F(Balancers, TheSameBytesAgainChangeNothing) {
  apply(two());
  EXPECT_EQ(apply(two()).ending, Ending::unchanged);
  EXPECT_EQ(balancer_->generations().size(), 1u);
}

TEST_F(Balancers, AnErrorRefusesAndTheOldGenerationStays) {
  apply(two());
  const auto before = chosen();
  const Outcome outcome = apply(web(backend("web-01", "10.0.2.11") + backend("web-02", "10.0.2.11")));
  EXPECT_EQ(outcome.ending, Ending::refused);
  EXPECT_TRUE(has_code(outcome, "SF205"));
  EXPECT_EQ(outcome.generation, 1u);
  EXPECT_EQ(chosen(), before);
  EXPECT_EQ(balancer_->generations().size(), 1u);
}

TEST_F(Balancers, BytesThatWereNotTheOnesCheckedAreRefused) {
  apply(two());
  Change wish = change(three());
  wish.sha256 = sha256_hex(two());
  const Outcome outcome = balancer_->apply(wish);
  EXPECT_EQ(outcome.ending, Ending::refused);
  EXPECT_TRUE(has_code(outcome, "SF105"));
  wish.sha256 = sha256_hex(three());
  EXPECT_EQ(balancer_->apply(wish).ending, Ending::applied);
}

std::string lopsided() {
  std::string backends;
  for (int i = 1; i <= 9; ++i)
    backends += backend("web-0" + std::to_string(i), "10.0.2.1" + std::to_string(i), 1);
  return web(backends + backend("web-10", "10.0.2.20", 200));
}

TEST_F(Balancers, AGateIsRefusedUnlessItIsAcceptedByName) {
  const Outcome refused = apply(lopsided());
  EXPECT_EQ(refused.ending, Ending::gated);
  EXPECT_TRUE(has_code(refused, "SF404"));
  Change wrong = change(lopsided());
  wrong.accepted = {{"SF404", "pool/other"}};
  EXPECT_EQ(balancer_->apply(wrong).ending, Ending::gated);
  EXPECT_EQ(apply_anyway(lopsided()).ending, Ending::applied);
  EXPECT_FALSE(balancer_->generations().back().accepted.empty());
}

TEST_F(Balancers, OtherLimitsAreRefusedLoudly) {
  apply(two());
  std::string text = two();
  text.replace(text.find("services = 16"), 13, "services = 17");
  const Outcome outcome = apply(text);
  EXPECT_EQ(outcome.ending, Ending::failed);
  EXPECT_NE(outcome.error.find("limits"), std::string::npos);
  EXPECT_EQ(balancer_->config_text(), two());
}

// Published with tables for 256 rows, 300 networks would not fit.
TEST_F(Balancers, MoreRangesThanTheTablesHaveAreRefusedLoudly) {
  apply(two());
  std::string text = two(), deny = "deny = [";
  for (int i = 0; i < 300; ++i)
    deny += "\"10." + std::to_string(100 + i / 100) + "." + std::to_string(2 * (i % 100)) + ".0/24\", ";
  text.replace(text.find("services = 16"), 13, "ranges = 2048\nservices = 16");
  text.replace(text.find("pool = \"web\"\n"), 13, "pool = \"web\"\n" + deny + "]\n");
  const Outcome outcome = apply_anyway(text);
  EXPECT_EQ(outcome.ending, Ending::failed);
  EXPECT_NE(outcome.error.find("[limits]"), std::string::npos) << outcome.error;
  EXPECT_EQ(balancer_->config_text(), two());
}

// What stands against a change is said even when it would fail anyway.
TEST_F(Balancers, FindingsAreSaidBeforeWhatTheWorldRefuses) {
  apply(two());
  std::string text = lopsided();
  text.replace(text.find("services = 16"), 13, "services = 17");
  const Outcome outcome = apply(text);
  EXPECT_EQ(outcome.ending, Ending::gated);
  EXPECT_TRUE(has_code(outcome, "SF404"));
  const auto planned = balancer_->plan(change(text));
  ASSERT_TRUE(planned);
  EXPECT_NE(planned->problem.find("[limits]"), std::string::npos);
}

TEST_F(Balancers, ANetworkThatCannotBeAskedChangesNothing) {
  apply(two());
  around_.resolve = [](const Model&) -> Result<NextHops> { return Error{"rtnetlink is gone"}; };
  start();
  ASSERT_EQ(resume().ending, Ending::failed);
  const Outcome outcome = apply(three());
  EXPECT_EQ(outcome.ending, Ending::failed);
  EXPECT_NE(outcome.error.find("rtnetlink is gone"), std::string::npos);
}

TEST_F(Balancers, AFailedAttachChangesNothing) {
  apply(two());
  around_.attach = [](const Model&) -> Result<void> { return Error{"no such interface"}; };
  start();
  EXPECT_EQ(resume().ending, Ending::failed);
}

// On fresh tables nothing may run when no interface could be had.
TEST_F(Balancers, AFirstStartThatCannotAttachRunsNothing) {
  around_.attach = [](const Model&) -> Result<void> { return Error{"no such interface"}; };
  start();
  EXPECT_EQ(apply(two()).ending, Ending::failed);
  EXPECT_EQ(live_slot(kernel_.memory()), SF_NO_SLOT);
  EXPECT_EQ(Selector(*kernel_.memory().selector).confirmed(), SF_NO_SLOT);
}

TEST_F(Balancers, RollbackBringsTheBytesBeforeBackAsANewGeneration) {
  apply(two());
  const auto before = chosen();
  apply(three());
  EXPECT_NE(chosen(), before);
  const Outcome outcome = balancer_->rollback(0, "bob", "");
  EXPECT_EQ(outcome.ending, Ending::applied) << outcome.error;
  EXPECT_EQ(outcome.generation, 3u);
  EXPECT_EQ(chosen(), before);
  EXPECT_EQ(balancer_->generations()[1].outcome, "rolled-back");
  EXPECT_EQ(balancer_->generations()[2].reason, "rollback to generation 1");
}

TEST_F(Balancers, RollbackToANumberThatIsNotThereFails) {
  apply(two());
  EXPECT_EQ(balancer_->rollback(0, "bob", "").ending, Ending::failed);
  EXPECT_EQ(balancer_->rollback(99, "bob", "").ending, Ending::failed);
  EXPECT_EQ(balancer_->config_text(), two());
}

TEST_F(Balancers, AnEditIsAGenerationAndKeepsComments) {
  const std::string text = "# the edge\n" + two();
  apply(text);
  BackendEdit edit;
  edit.kind = BackendEdit::Kind::drain;
  edit.pool = "web";
  edit.name = "web-02";
  edit.author = "bob";
  EXPECT_EQ(balancer_->edit(edit).ending, Ending::applied);
  EXPECT_EQ(balancer_->config_text().substr(0, 11), "# the edge\n");
  for (const auto& [port, backend] : chosen()) EXPECT_EQ(backend, "web-01");
}

TEST_F(Balancers, AnEditWithoutANameIsRefused) {
  apply(two());
  BackendEdit edit;
  edit.kind = BackendEdit::Kind::remove;
  edit.pool = "web";
  const Outcome outcome = balancer_->edit(edit);
  EXPECT_EQ(outcome.ending, Ending::refused);
  EXPECT_TRUE(has_code(outcome, "SF506"));
  EXPECT_EQ(balancer_->config_text(), two());
}

// What the daemon does after a restart: ids from the kernel, bytes from the journal.
TEST_F(Balancers, ResumeKeepsNumberIdsAndChoices) {
  apply(two());
  apply(three());
  const auto before = chosen();
  const auto ids = balancer_->snapshot()->backends;
  start();
  const Outcome outcome = resume();
  EXPECT_EQ(outcome.ending, Ending::applied) << outcome.error;
  EXPECT_EQ(outcome.generation, 2u);
  EXPECT_EQ(chosen(), before);
  const auto again = balancer_->snapshot()->backends;
  for (std::size_t i = 0; i < ids.size(); ++i) EXPECT_EQ(again[i].id, ids[i].id);
  EXPECT_EQ(balancer_->generations().size(), 2u);
}

TEST_F(Balancers, NumbersGoOnWhenTheStateDirectoryIsLost) {
  apply(two());
  apply(three());
  std::filesystem::remove_all(scratch_.path());
  start();
  EXPECT_EQ(apply(two()).generation, 3u);
}

// No packet notices, and a generation made anew would cost everybody who follows it.
TEST_F(Balancers, ANeighbourThatIsOnlyAskedAgainIsNoNews) {
  apply(two());
  auto resolve = around_.resolve;
  bool asked = false, known = false;
  around_.resolve = [&, resolve](const Model& model) {
    auto hops = resolve(model);
    NextHop& hop = hops->begin()->second;
    if (!known) hop.destination = {}, hop.problem = "neighbour 10.0.2.1 does not answer";
    hop.pending = asked;
    return hops;
  };
  start();
  ASSERT_EQ(resume().ending, Ending::applied);
  asked = true;
  EXPECT_FALSE(*balancer_->refresh_next_hops());
  asked = false;
  EXPECT_FALSE(*balancer_->refresh_next_hops());
  EXPECT_EQ(balancer_->status().unresolved_next_hops, 1u);
  known = true;
  EXPECT_TRUE(*balancer_->refresh_next_hops());
  EXPECT_EQ(balancer_->status().unresolved_next_hops, 0u);
}

TEST_F(Balancers, ANewNextHopIsPublishedUnderTheSameGeneration) {
  apply(two());
  Mac changed{{2, 0, 0, 0, 0, 0x77}};
  auto resolve = around_.resolve;
  bool moved = false;
  around_.resolve = [&, resolve](const Model& model) {
    auto hops = resolve(model);
    if (moved)
      for (auto& [address, hop] : *hops) hop.destination = changed;
    return hops;
  };
  start();
  ASSERT_EQ(resume().ending, Ending::applied);
  EXPECT_FALSE(*balancer_->refresh_next_hops());
  moved = true;
  EXPECT_TRUE(*balancer_->refresh_next_hops());
  EXPECT_EQ(balancer_->status().generation, 1u);
  EXPECT_EQ(balancer_->snapshot()->backends[0].next_hop.substr(0, 17), changed.text());
}

// The kernel forgets neighbours it does not send to itself; while it is only
// being asked again, the last answer holds.
TEST_F(Balancers, APendingNeighbourKeepsItsLastAnswer) {
  bool pending = false;
  auto resolve = around_.resolve;
  around_.resolve = [&, resolve](const Model& model) {
    auto hops = resolve(model);
    if (pending)
      for (auto& [address, hop] : *hops) {
        hop.destination = {};
        hop.problem = "does not answer";
        hop.pending = true;
      }
    return hops;
  };
  start();
  apply(two());
  pending = true;
  EXPECT_FALSE(*balancer_->refresh_next_hops());
  EXPECT_TRUE(balancer_->snapshot()->backends[0].next_hop_resolved);
}

// A new host is asked for the first time by the change that names it.
TEST_F(Balancers, ANewNeighbourIsWaitedFor) {
  int asked = 0, paused_ms = 0;
  auto resolve = around_.resolve;
  around_.pause = [&](int ms) { paused_ms += ms; };
  around_.resolve = [&, resolve](const Model& model) {
    auto hops = resolve(model);
    if (auto late = hops->find(*Address::parse("10.0.2.13")); late != hops->end() && ++asked <= 3) {
      late->second.destination = {};
      late->second.problem = "does not answer";
      late->second.pending = true;
    }
    return hops;
  };
  start();
  apply(two());
  EXPECT_EQ(paused_ms, 0);
  EXPECT_EQ(apply(three()).ending, Ending::applied);
  EXPECT_GT(paused_ms, 0);
  EXPECT_LT(paused_ms, 200);
  const auto snapshot = balancer_->snapshot();
  for (const auto& backend : snapshot->backends) EXPECT_TRUE(backend.next_hop_resolved);
}

// Its share of a live service would be dropped: that is a gate.
TEST_F(Balancers, ANeighbourThatStaysSilentIsAGate) {
  int paused_ms = 0;
  around_.pause = [&](int ms) { paused_ms += ms; };
  auto resolve = around_.resolve;
  around_.resolve = [resolve](const Model& model) {
    auto hops = resolve(model);
    if (auto silent = hops->find(*Address::parse("10.0.2.13")); silent != hops->end()) {
      silent->second.problem = "does not answer";
      silent->second.pending = true;
    }
    return hops;
  };
  start();
  apply(two());
  Packet packet = syn(1);
  ASSERT_TRUE(kernel_.run(build_frame(packet)));
  const Outcome outcome = apply(three());
  EXPECT_EQ(outcome.ending, Ending::gated);
  EXPECT_TRUE(has_code(outcome, "SF504"));
  EXPECT_EQ(paused_ms, 1000) << "and no longer";
  ASSERT_EQ(apply_anyway(three()).ending, Ending::applied);
  paused_ms = 0;
  ASSERT_EQ(apply(web(backend("web-01", "10.0.2.11", 101) + backend("web-02", "10.0.2.12") +
                      backend("web-03", "10.0.2.13")))
                .ending,
            Ending::applied);
  EXPECT_EQ(paused_ms, 0) << "it is silent already";
}

TEST_F(Balancers, IdsOfRemovedBackendsAreRecycledOnlyWhenNoneIsLeft) {
  for (int i = 0; i < 200; ++i) {
    const std::string address = "10.0." + std::to_string(3 + i % 100) + "." + std::to_string(1 + i);
    ASSERT_EQ(apply(web(backend("web-01", address) + backend("web-02", "10.0.2.12"))).ending, Ending::applied)
        << i;
  }
}

TEST_F(Balancers, TotalsNeverGoBackWhenAServiceIsReplaced) {
  std::uint64_t sent = 0;
  for (int i = 0; i < 40; ++i) {
    std::string text = two();
    text.replace(text.find("port = 80"), 9, "port = " + std::to_string(1000 + i));
    ASSERT_EQ(apply_anyway(text).ending, Ending::applied);
    Packet packet = syn(1, static_cast<std::uint16_t>(1000 + i));
    ASSERT_TRUE(kernel_.run(build_frame(packet)));
    ++sent;
    const auto snapshot = balancer_->snapshot();
    EXPECT_EQ(snapshot->total()[SF_FORWARDED].packets, sent);
    EXPECT_EQ(snapshot->services[0].verdicts[SF_FORWARDED].packets, 1u) << "a new service starts at zero";
  }
}

// A flow on a draining backend is held by the flow table alone.
TEST_F(Balancers, FlowsOnADrainingBackendSurviveAWiderVip) {
  apply(two());
  Packet packet = syn(1);
  const auto first = kernel_.run(build_frame(packet));
  ASSERT_TRUE(first);
  packet.syn = false;
  const std::string taker = balancer_->trace(build_frame(packet))->backend;
  std::string text = two();
  text.replace(text.find("weight", text.find("\"" + taker + "\"")), 6, "state = \"drain\"\nweight");
  ASSERT_EQ(apply_anyway(text).ending, Ending::applied);
  ASSERT_EQ(balancer_->trace(build_frame(packet))->backend, taker);
  text.replace(text.find("192.0.2.10"), 10, "192.0.2.0/24");
  ASSERT_EQ(apply_anyway(text).ending, Ending::applied);
  EXPECT_EQ(balancer_->trace(build_frame(packet))->backend, taker);
  text.replace(text.find("port = 80"), 9, "port = \"80-89\"");
  ASSERT_EQ(apply_anyway(text).ending, Ending::applied);
  EXPECT_EQ(balancer_->trace(build_frame(packet))->backend, taker);
}

TEST_F(Balancers, BondsThatGrowTooWideStopNoChange) {
  auto resolve = around_.resolve;
  std::uint32_t members = 1;
  around_.resolve = [&, resolve](const Model& model) {
    auto hops = resolve(model);
    for (auto& [address, hop] : *hops) {
      if (address != *Address::parse("10.0.2.12")) continue;
      hop.interface = "bond0";
      hop.ifindex = 7;
      hop.members.clear();
      for (std::uint32_t i = 0; i < members; ++i) hop.members.push_back(100 + i);
    }
    return hops;
  };
  start();
  apply(two());
  EXPECT_TRUE(balancer_->snapshot()->backends[1].next_hop_resolved);
  members = SF_MEMBERS + 1;
  EXPECT_TRUE(*balancer_->refresh_next_hops());
  EXPECT_TRUE(balancer_->snapshot()->backends[0].next_hop_resolved);
  EXPECT_FALSE(balancer_->snapshot()->backends[1].next_hop_resolved);
  EXPECT_NE(balancer_->snapshot()->backends[1].next_hop.find("bond0"), std::string::npos)
      << balancer_->snapshot()->backends[1].next_hop;
  EXPECT_EQ(apply_anyway(three()).ending, Ending::applied);
}

TEST(HostBalancers, AnswerWithoutPrivileges) {
  const HostBalancer host = make_host_balancer(two(), "edge.toml");
  ASSERT_NE(host.balancer, nullptr);
  Packet packet = syn(1);
  const auto answer = host.balancer->trace(build_frame(packet));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->service, "web");
  EXPECT_NE(answer->backend_place.line, 0u);
}

TEST(HostBalancers, RefuseABrokenFileWithItsFindings) {
  const HostBalancer host = make_host_balancer("schema = 1\n", "edge.toml");
  EXPECT_EQ(host.balancer, nullptr);
  EXPECT_EQ(host.outcome.ending, Ending::refused);
  EXPECT_FALSE(host.outcome.findings.empty());
}

}  // namespace
}  // namespace steadfast
