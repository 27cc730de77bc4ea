// SPDX-License-Identifier: Apache-2.0
#include "sound_host.h"

namespace steadfast {
namespace {

TEST(Doctor, HasNothingToSayAboutASoundHost) {
  EXPECT_EQ(codes(doctor_says(sound_host())), std::vector<std::string>{});
}

TEST(Doctor, HasNothingToSayAboutItsOwnProgram) {
  const auto facts = broken([](host::HostFacts& f) {
    eth0(f).programs.push_back({kOurProgram, host::AttachMode::native, "sf_lb"});
    f.bpffs->pins.push_back(our_link("eth0", kOurProgram));
  });
  EXPECT_EQ(codes(doctor_says(facts, sound_file(), {doctor::Occasion::question, true, nullptr})),
            std::vector<std::string>{});
}

// Nothing was read: a doctor who has not looked does not call a host sound.
TEST(Doctor, SaysWhatItCouldNotSee) {
  const auto facts = broken([](host::HostFacts& f) { f.nft = Error{"listing: Operation not permitted"}; });
  const Finding finding = the_only("SF718", doctor_says(facts));
  EXPECT_EQ(finding.severity, Severity::error);
  EXPECT_EQ(finding.object, "host/netfilter");
  EXPECT_NE(finding.message.find("SF712 cannot be judged: listing: Operation not permitted"),
            std::string::npos);
}

TEST(Doctor, DoesNotMissAFactThatNobodyAskedFor) {
  const auto facts = broken([](host::HostFacts& f) { f.most_files = host::Fact<std::uint64_t>(); });
  EXPECT_EQ(codes(doctor_says(facts)), std::vector<std::string>{});
}

TEST(Doctor, EveryFactThatCannotBeReadIsNamed) {
  host::HostFacts facts;
  const Error error{"no"};
  facts.interfaces = error;
  facts.addresses = error;
  facts.paths = error;
  facts.policy_rules = error;
  facts.sysctls = error;
  facts.nft = error;
  facts.kernel = error;
  facts.agents = error;
  facts.most_files = error;
  facts.bpffs = error;
  EXPECT_EQ(codes(doctor_says(facts)), std::vector<std::string>(10, "SF718"));
}

}  // namespace
}  // namespace steadfast
