// SPDX-License-Identifier: Apache-2.0
// The stream of dropped packets, as a client of the daemon meets it.
#include "control/live_drops.h"

#include <httplib.h>

#include <thread>

#include "control/api.h"
#include "control/client.h"
#include "control/server.h"
#include "tests/unit/control/made_up_drops.h"
#include "tests/unit/control/recording_balancer.h"
#include "tests/unit/control/temp_dir.h"

namespace steadfast {
namespace {

constexpr std::uint32_t kWeb = 3;

class NamingBalancer : public RecordingBalancer {
 public:
  Result<Snapshot> snapshot() override {
    auto snapshot = RecordingBalancer::snapshot();
    snapshot->services[0].id = kWeb;
    return snapshot;
  }
};

sf_sample no_backend() {
  sf_sample sample{};
  sample.verdict = SF_NO_BACKEND;
  sample.service = kWeb;
  sample.ifindex = 1;
  sample.queue = 2;
  sample.cpu = 1;
  sample.frame_bytes = 1514;
  sample.captured_bytes = 2;
  sample.bytes[0] = 0xab;
  return sample;
}

class Live : public testing::Test {
 protected:
  void SetUp() override {
    const auto started = server_.start();
    ASSERT_TRUE(started) << started.error().what;
  }

  std::string refusal(const Query& query) const {
    const auto followed = client_.follow(LiveDrops::kPath, query, [](const std::string&) { return false; });
    return followed ? "" : followed.error().what;
  }
  // The first drop of a stream that `then` sets going.
  template <typename Then>
  std::optional<report::LiveDrop> first_drop(const Query& query, Then then) {
    std::optional<report::LiveDrop> found;
    const auto followed = client_.follow(LiveDrops::kPath, query, [&](const std::string& text) {
      const auto line = api::decode<report::DropLine>(text);
      EXPECT_TRUE(line) << text;
      if (line && line->drop)
        found = line->drop;
      else
        then();
      return !found;
    });
    EXPECT_TRUE(followed) << followed.error().what;
    return found;
  }

  TempDir dir_;
  NamingBalancer balancer_;
  MadeUpSource source_;
  DropFeed feed_{source_};
  ControlServer server_{balancer_, {dir_ / "control.sock", "127.0.0.1:0", &feed_}};
  ControlClient client_{dir_ / "control.sock"};
};

TEST_F(Live, ADropArrivesInNamesAfterASignOfLife) {
  const auto drop = first_drop({}, [&] { source_.drop(no_backend()); });
  ASSERT_TRUE(drop);
  EXPECT_EQ(drop->verdict, SF_NO_BACKEND);
  EXPECT_EQ(drop->service, "web");
  EXPECT_EQ(drop->interface, "lo");
  EXPECT_EQ(drop->queue, 2u);
  EXPECT_EQ(drop->cpu, 1u);
  EXPECT_EQ(drop->frame_bytes, 1514u);
  EXPECT_EQ(drop->bytes, (Frame{0xab, 0}));
  source_.wait_for_the_end();  // the client has gone
}

TEST_F(Live, OnlyWhatIsAskedForArrives) {
  const auto drop = first_drop({{"service", "web"}, {"verdict", "no_backend"}}, [&] {
    source_.drop(SF_NO_BACKEND);  // of no service
    sf_sample other = no_backend();
    other.verdict = SF_NO_NEXT_HOP;
    source_.drop(other);
    source_.drop(no_backend());
  });
  ASSERT_TRUE(drop);
  EXPECT_EQ(drop->service, "web");
  EXPECT_EQ(drop->verdict, SF_NO_BACKEND);
}

TEST_F(Live, WhatWasMissedIsToldEvenWhereNothingIsWished) {
  using namespace std::chrono_literals;
  const auto opened = LiveDrops::open(balancer_, &feed_, {{"verdict", "no_backend"}});
  ASSERT_NE(opened.stream, nullptr) << opened.refusal.body;
  const auto alive = opened.stream->next(10s);
  ASSERT_TRUE(alive);
  EXPECT_EQ(api::decode<report::DropLine>(*alive)->missed, 0u);
  source_.miss(3);
  source_.drop(SF_NO_NEXT_HOP);
  const auto told = opened.stream->next(10s);
  ASSERT_TRUE(told);
  ASSERT_NE(*told, "") << "the next sign of life is seconds away";
  EXPECT_FALSE(api::decode<report::DropLine>(*told)->drop);
  EXPECT_EQ(api::decode<report::DropLine>(*told)->missed, 3u);
}

TEST_F(Live, AQuestionThatNothingAnswersIsRefused) {
  EXPECT_NE(refusal({{"service", "gone"}}).find("there is no service \"gone\""), std::string::npos);
  EXPECT_NE(refusal({{"verdict", "forwarded"}}).find("no verdict that drops"), std::string::npos);
  EXPECT_NE(refusal({{"pool", "web"}}).find("no parameter"), std::string::npos);
  EXPECT_FALSE(source_.samples());
}

TEST_F(Live, PacketsNeverGoOverTcp) {
  httplib::Client tcp("http://" + server_.tcp_address());
  const auto answer = tcp.Get(LiveDrops::kPath);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 403);
  EXPECT_FALSE(source_.samples());
}

TEST_F(Live, AStreamEndsWhenTheServerStops) {
  std::thread stopper;
  const auto followed = client_.follow(LiveDrops::kPath, {}, [&](const std::string&) {
    if (!stopper.joinable()) stopper = std::thread([&] { server_.stop(); });
    return true;
  });
  EXPECT_TRUE(followed) << followed.error().what;
  stopper.join();
  EXPECT_FALSE(source_.samples());
}

TEST(LiveWithoutProgram, SaysThatNothingIsSampled) {
  const TempDir dir;
  RecordingBalancer balancer;
  ControlServer server(balancer, {dir / "control.sock", ""});
  ASSERT_TRUE(server.start());
  const auto followed =
      ControlClient(dir / "control.sock").follow(LiveDrops::kPath, {}, [](const std::string&) {
        return false;
      });
  ASSERT_FALSE(followed);
  EXPECT_NE(followed.error().what.find("no program samples"), std::string::npos);
}

}  // namespace
}  // namespace steadfast
