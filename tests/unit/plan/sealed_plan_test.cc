// SPDX-License-Identifier: Apache-2.0
#include "plan/sealed_plan.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/sha256.h"

namespace steadfast {
namespace {

SealedPlan sample() {
  SealedPlan plan;
  plan.base_generation = 46;
  plan.base_digest = sha256_hex("old");
  plan.file = "/etc/steadfast/edge.toml";
  plan.text = "schema = 1\n# \"quoted\" – and not ASCII\n";
  plan.digest = sha256_hex(plan.text);
  plan.made_at = "2026-11-22T13:00:00Z";
  plan.author = "op";
  plan.summary = "30.1% of this host's traffic moves, 0 dropped";
  return plan;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string refusal(const std::string& text) {
  const auto plan = unseal(text);
  return plan ? "no refusal" : plan.error().what;
}

TEST(SealedPlan, ComesBackAsItWas) {
  const auto plan = unseal(seal(sample()));
  ASSERT_TRUE(plan) << plan.error().what;
  EXPECT_EQ(plan->base_generation, 46u);
  EXPECT_EQ(plan->base_digest, sample().base_digest);
  EXPECT_EQ(plan->file, sample().file);
  EXPECT_EQ(plan->digest, sample().digest);
  EXPECT_EQ(plan->text, sample().text);
  EXPECT_EQ(plan->made_at, sample().made_at);
  EXPECT_EQ(plan->author, sample().author);
  EXPECT_EQ(plan->summary, sample().summary);
}

TEST(SealedPlan, BeginsWithItsName) {
  EXPECT_EQ(seal(sample()).rfind("{\n  \"steadfast_plan\": 1,", 0), 0u) << seal(sample());
}

TEST(SealedPlan, MayBeReformatted) {
  std::string text = seal(sample());
  text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
  EXPECT_TRUE(unseal(text)) << refusal(text);
}

TEST(SealedPlan, IsToldFromAConfiguration) {
  EXPECT_TRUE(looks_sealed(seal(sample())));
  EXPECT_TRUE(looks_sealed(seal(sample()).substr(0, 40))) << "truncated, but a plan";
  EXPECT_FALSE(looks_sealed("schema = 1\n"));
  EXPECT_FALSE(looks_sealed("# {\"steadfast_plan\": 1}\n"));
  EXPECT_FALSE(looks_sealed("{}"));
  EXPECT_FALSE(looks_sealed(""));
}

TEST(SealedPlan, IsBoundToEveryByteOfIt) {
  const std::string text = seal(sample());
  const std::string seal_broken = "altered";
  EXPECT_NE(refusal(replaced(text, "46", "47")).find(seal_broken), std::string::npos);
  EXPECT_NE(refusal(replaced(text, "schema = 1", "schema = 2")).find(seal_broken), std::string::npos);
  EXPECT_NE(refusal(replaced(text, "\"op\"", "\"me\"")).find(seal_broken), std::string::npos);
  EXPECT_NE(refusal(replaced(text, "30.1%", "0.1%")).find(seal_broken), std::string::npos);
}

TEST(SealedPlan, SaysWhatIsWrongWithIt) {
  const std::string text = seal(sample());
  EXPECT_NE(refusal(text.substr(0, text.size() / 2)).find("truncated"), std::string::npos);
  EXPECT_NE(refusal("[1]").find("object"), std::string::npos);
  EXPECT_NE(refusal("{}").find("no \"steadfast_plan\""), std::string::npos);
  EXPECT_NE(refusal(replaced(text, "\"steadfast_plan\": 1", "\"steadfast_plan\": 2")).find("version 2"),
            std::string::npos);
  EXPECT_NE(refusal(replaced(text, "\"author\"", "\"auther\"")).find("\"auther\""), std::string::npos);
  EXPECT_NE(refusal(replaced(text, "  \"author\": \"op\",\n", "")).find("no \"author\""), std::string::npos);
  EXPECT_NE(refusal(replaced(text, "\"op\"", "7")).find("\"author\" is no text"), std::string::npos);
  EXPECT_NE(refusal(replaced(text, ": 46", ": -46")).find("no generation number"), std::string::npos);
  EXPECT_NE(
      refusal(replaced(text, "\"author\": \"op\"", "\"author\": \"x\", \"author\": \"op\"")).find("twice"),
      std::string::npos);
}

TEST(SealedPlan, NeedsItsSeal) {
  std::string text = seal(sample());
  const auto at = text.find(",\n  \"seal\"");
  text = text.substr(0, at) + "\n}\n";
  EXPECT_NE(refusal(text).find("no seal"), std::string::npos) << refusal(text);
}

TEST(SealedPlan, HoldsTheTextThatItNames) {
  SealedPlan plan = sample();
  plan.digest = sha256_hex("something else");
  EXPECT_NE(refusal(seal(plan)).find("digest"), std::string::npos);
}

}  // namespace
}  // namespace steadfast
