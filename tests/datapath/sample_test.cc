// SPDX-License-Identifier: Apache-2.0
// Samples of dropped packets: only while somebody listens, only what is dropped, and
// no more than is allowed.
#include <sched.h>

#include "datapath/datapath.h"
#include "kernel/drop_ring.h"
#include "support/frames.h"

namespace steadfast {
namespace {

constexpr int kPatienceMs = 10000;

class Samples : public Datapath {
 protected:
  void SetUp() override {
    Datapath::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    stay_on_this_cpu();
    lab_.emplace(GetParam(), lab_config(kTwoBackends));
    for (sf_service& row : lab_->memory().services) row.active = 0;
    auto opened = DropRing::open(dynamic_cast<BpfKernel&>(lab_->kernel()));
    ASSERT_TRUE(opened) << opened.error().what;
    ring_ = std::move(*opened);
  }
  void TearDown() override { sched_setaffinity(0, sizeof before_, &before_); }

  // The allowance is one CPU's.
  void stay_on_this_cpu() {
    sched_getaffinity(0, sizeof before_, &before_);
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(sched_getcpu(), &here);
    sched_setaffinity(0, sizeof here, &here);
  }

  static Frame to_web() { return build_frame(syn(tcp("203.0.113.7", 40000, "192.0.2.10"))); }
  static Frame cut() {
    Frame frame = to_web();
    frame.resize(frames::kIpAt + 12);
    return frame;
  }

  // Everything up to a drop that is made last: a truncated frame.
  std::vector<sf_sample> heard() {
    std::vector<sf_sample> samples;
    ring_->renew();
    lab_->run(cut());
    bool is_last = false;
    while (!is_last) {
      const std::size_t before = samples.size();
      const auto waited = ring_->wait(kPatienceMs, [&](const sf_sample& one) { samples.push_back(one); });
      if (!waited || samples.size() == before) break;
      is_last = samples.back().verdict == SF_TRUNCATED;
    }
    EXPECT_TRUE(is_last) << "the last drop has not come";
    if (is_last) samples.pop_back();
    return samples;
  }

  std::optional<Lab> lab_;
  std::unique_ptr<DropRing> ring_;
  cpu_set_t before_{};
};

TEST_P(Samples, ADropIsHeardOnceWithItsFirstBytes) {
  Packet large = syn(tcp("203.0.113.7", 40000, "192.0.2.10"));
  large.payload_bytes = 1000;
  const Frame frame = build_frame(large);
  ring_->renew();
  const std::uint64_t began_ns = monotonic_ns();
  ASSERT_EQ(lab_->run(frame).decision.verdict, SF_NO_BACKEND);
  const auto samples = heard();
  ASSERT_EQ(samples.size(), 1u) << "the dry twin asked the same question before, and has nobody to tell";
  EXPECT_EQ(samples[0].verdict, SF_NO_BACKEND);
  EXPECT_EQ(samples[0].service, 1u);
  EXPECT_EQ(samples[0].frame_bytes, frame.size());
  EXPECT_EQ(samples[0].cpu, static_cast<__u32>(sched_getcpu()));
  EXPECT_GE(samples[0].time_ns, began_ns);
  EXPECT_LE(samples[0].time_ns, monotonic_ns());
  ASSERT_EQ(samples[0].captured_bytes, SF_SAMPLE_BYTES);
  EXPECT_TRUE(std::equal(samples[0].bytes, samples[0].bytes + SF_SAMPLE_BYTES, frame.begin()));
}

TEST_P(Samples, AShortFrameIsHeardWhole) {
  ring_->renew();
  const Frame frame = to_web();
  lab_->run(frame);
  const auto samples = heard();
  ASSERT_EQ(samples.size(), 1u);
  EXPECT_EQ(Frame(samples[0].bytes, samples[0].bytes + samples[0].captured_bytes), frame);
}

TEST_P(Samples, NothingIsHeardWhileNobodyListens) {
  lab_->run(to_web());
  ring_->renew();
  ring_->end();
  lab_->run(to_web());
  EXPECT_EQ(heard().size(), 0u);
}

TEST_P(Samples, AListenerThatDiedIsForgotten) {
  sf_selector& selector = *lab_->memory().selector;
  selector.sample_until_s = selector.clock_s;  // its lease has run out
  lab_->run(to_web());
  EXPECT_EQ(heard().size(), 0u);
  EXPECT_EQ(ring_->missed().all(), 0u);
}

TEST_P(Samples, WhatIsForwardedIsNotHeard) {
  lab_->publish(lab_config(kTwoBackends));
  ring_->renew();
  ASSERT_EQ(lab_->run(to_web()).decision.verdict, SF_FORWARDED);
  EXPECT_EQ(heard().size(), 0u);
}

TEST_P(Samples, AFloodIsBoundedAndCountedAndHidesNoOtherDrop) {
  constexpr std::uint64_t kBeyond = 50;
  ring_->renew();
  begin_second(*lab_);
  for (std::uint64_t i = 0; i < SF_SAMPLES_PER_SECOND + kBeyond; i++) lab_->run(to_web());
  EXPECT_EQ(heard().size(), SF_SAMPLES_PER_SECOND + 0u);
  EXPECT_EQ(ring_->missed().beyond, kBeyond);
  EXPECT_EQ(ring_->missed().lost, 0u);
  begin_second(*lab_);
  lab_->run(to_web());
  EXPECT_EQ(heard().size(), 1u) << "every second has its own allowance";
}

ON_ENGINE(Samples, kernel);

}  // namespace
}  // namespace steadfast
