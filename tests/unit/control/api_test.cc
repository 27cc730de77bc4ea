// SPDX-License-Identifier: Apache-2.0
#include "control/api.h"

#include <gtest/gtest.h>

namespace steadfast::api {
namespace {

template <typename T>
std::string error_of(const std::string& json) {
  const auto decoded = decode<T>(json);
  return decoded ? "no error" : decoded.error().what;
}

TEST(ApiRequest, AChangeNeedsOnlyItsText) {
  const auto change = decode<Change>(R"({"text": "schema = 1\n"})");
  ASSERT_TRUE(change) << change.error().what;
  EXPECT_EQ(change->text, "schema = 1\n");
  EXPECT_TRUE(change->sha256.empty());
}

TEST(ApiRequest, AcceptancesAreCodeAndObject) {
  const auto change = decode<Change>(R"({"text": "", "accept": ["SF501:pool/a:b"], "reason": "CHG-1"})");
  ASSERT_TRUE(change) << change.error().what;
  ASSERT_EQ(change->accepted.size(), 1u);
  EXPECT_EQ(change->accepted[0].code, "SF501");
  EXPECT_EQ(change->accepted[0].object, "pool/a:b");
}

TEST(ApiRequest, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(error_of<Change>(R"([1])"), "the body: expected an object");
  EXPECT_EQ(error_of<Change>(R"({})"), "\"text\": is missing");
  EXPECT_EQ(error_of<Change>(R"({"text": 1})"), "\"text\": expected a string");
  EXPECT_EQ(error_of<Change>(R"({"text": "", "force": true})"), "\"force\": is not a known key");
  EXPECT_EQ(error_of<Change>(R"({"text": "a", "text": "b"})"), "\"text\": the key stands twice");
  EXPECT_EQ(error_of<Change>(R"({"text": "", "accept": "SF501:pool/a"})"), "\"accept\": expected a list");
  EXPECT_EQ(error_of<RollbackRequest>(R"({"to": -1})"),
            "\"to\": expected a whole number from 0 to 18446744073709551615");
}

TEST(ApiRequest, TimesAndSharesHaveADomain) {
  EXPECT_EQ(error_of<Change>(R"({"text": "", "auto_confirm": true})"),
            "\"auto_confirm\" needs \"confirm_s\": the time in which the guard looks");
  EXPECT_NE(error_of<Change>(R"({"text": "", "confirm_s": -1})").find("\"confirm_s\": must be"),
            std::string::npos);
  EXPECT_NE(error_of<Change>(R"({"text": "", "confirm_s": 1e9})").find("\"confirm_s\": must be"),
            std::string::npos);
  for (const char* canary : {R"([{"share": 0, "hold_s": 1}])", R"([{"share": 1, "hold_s": 1}])",
                             R"([{"share": 0.5, "hold_s": 1}, {"share": 0.5, "hold_s": 1}])"})
    EXPECT_EQ(error_of<Change>(std::string(R"({"text": "", "canary": )") + canary + "}"),
              "\"canary\": shares must rise, above 0 and below 1");
  EXPECT_NE(error_of<Change>(R"({"text": "", "canary": [{"share": 0.5, "hold_s": 0}]})").find("hold_s"),
            std::string::npos);
  EXPECT_NE(error_of<ExtendRequest>(R"({"seconds": 0})").find("\"seconds\": must be"), std::string::npos);
  EXPECT_EQ(error_of<TestRequest>(R"({"tests": []})"), "\"tests\": there is none");
}

TEST(ApiRequest, SaysWhereTheJsonBreaks) {
  EXPECT_NE(error_of<Change>("{\"text\": ").find("line 1, column"), std::string::npos);
  EXPECT_NE(error_of<Change>("").find("parse error"), std::string::npos);
}

TEST(ApiRequest, BytesThatAreNotUtf8AreRefused) {
  EXPECT_NE(error_of<Change>("{\"text\": \"\xff\"}").find("UTF-8"), std::string::npos);
}

TEST(ApiRequest, AnAcceptanceWithoutAReasonIsRefused) {
  EXPECT_EQ(error_of<Change>(R"({"text": "", "accept": ["SF501:pool/a"], "reason": " "})"),
            "\"reason\": an acceptance needs a reason");
}

TEST(ApiRequest, AddNeedsAnAddressAndAWeightAndDrainTakesNeither) {
  EXPECT_EQ(error_of<BackendEdit>(R"({"kind": "add", "pool": "p", "name": "b", "weight": 1})"),
            "\"add\" needs \"address\" and \"weight\"");
  EXPECT_EQ(error_of<BackendEdit>(R"({"kind": "set", "pool": "p", "name": "b"})"),
            "\"set\" needs \"address\", \"weight\" or \"port\"");
  EXPECT_EQ(error_of<BackendEdit>(R"({"kind": "drain", "pool": "p", "name": "b", "weight": 0})"),
            "only \"add\" and \"set\" take \"address\", \"weight\" and \"port\"");
  EXPECT_EQ(error_of<BackendEdit>(R"({"kind": "destroy", "pool": "p", "name": "b"})"),
            "\"kind\": \"destroy\" is not one of the known words");
  EXPECT_EQ(error_of<BackendEdit>(R"({"kind": "set", "pool": "p", "name": "b", "port": 70000})"),
            "\"port\": expected a whole number from 0 to 65535");
}

TEST(ApiRequest, ATraceIsOfWordsOrOfFrames) {
  EXPECT_EQ(error_of<TraceRequest>("{}"), "exactly one of \"packet\" and \"frames\" is needed");
  EXPECT_EQ(error_of<TraceRequest>(R"({"packet": "x", "frames": ["00"]})"),
            "exactly one of \"packet\" and \"frames\" is needed");
  EXPECT_EQ(error_of<TraceRequest>(R"({"frames": ["0"]})"), "\"frames[0]\": expected a frame in hexadecimal");
  EXPECT_EQ(error_of<TraceRequest>(R"({"frames": ["00", "0g"]})"),
            "\"frames[1]\": expected a frame in hexadecimal");
  const auto request = decode<TraceRequest>(R"({"frames": ["00fF"]})");
  ASSERT_TRUE(request);
  EXPECT_EQ(request->frames[0], (Frame{0x00, 0xff}));
}

TEST(ApiReply, MayHaveGrown) {
  const std::string reply = encode(RunningConfig{"f", "t"});
  const auto decoded = decode<RunningConfig>("{\"new\": 1," + reply.substr(1));
  ASSERT_TRUE(decoded) << decoded.error().what;
  EXPECT_EQ(decoded->text, "t");
}

TEST(ApiReply, TextThatIsNotUtf8IsShownAsSuch) {
  EXPECT_NE(encode(RunningConfig{"f", "a\xff"}).find("a\xef\xbf\xbd"), std::string::npos);
}

TEST(ApiReply, ErrorsAreReadBackAndOtherBodiesAreNone) {
  EXPECT_EQ(decode_error(encode_error("no \"room\"")), "no \"room\"");
  EXPECT_EQ(decode_error("{\"error\": 1}"), "");
  EXPECT_EQ(decode_error("<html>"), "");
}

TEST(Acceptance, IsACodeAColonAndAnObject) {
  EXPECT_TRUE(parse_acceptance("SF501:pool/web"));
  for (const char* word :
       {"", "SF501", "SF501:", "SF501: ", "501:pool/web", "SF50:pool/web", "SFabc:pool/web"})
    EXPECT_FALSE(parse_acceptance(word)) << word;
}

TEST(EmptySelector, IsRefusedByNameForEachPartThatIsEmpty) {
  BackendEdit edit;
  edit.kind = BackendEdit::Kind::remove;
  edit.pool = "web";
  edit.name = "web-01";
  EXPECT_TRUE(refuse_empty_selector(edit).empty());
  edit.name = "  ";
  ASSERT_EQ(refuse_empty_selector(edit).size(), 1u);
  EXPECT_EQ(refuse_empty_selector(edit)[0].code, "SF506");
  EXPECT_EQ(refuse_empty_selector(edit)[0].severity, Severity::error);
  edit.name = "web-01";
  edit.pool = "";
  EXPECT_EQ(refuse_empty_selector(edit).size(), 1u);
}

}  // namespace
}  // namespace steadfast::api
