// SPDX-License-Identifier: Apache-2.0
// Slots and generations: a packet sees one generation, whole.
#include <atomic>
#include <thread>

#include "datapath.h"

namespace steadfast {
namespace {

// A generation whose every visible property says which one it is: the service's
// backend, the outer source and the tunnel all belong together.
std::string marked(char mark) {
  const std::string digit(1, mark);
  return lab_config(
      "[[service]]\nname = \"web\"\nvip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = 80\nforward = \"" +
          std::string(mark == '1' ? "ipip" : "gue") +
          "\"\npool = \"web\"\n[[pool]]\nname = \"web\"\n[[pool.backend]]\nname = \"web-" + digit +
          "\"\naddress = \"10.0.2." + digit + "\"\nweight = 1\n",
      "198.51.100." + digit);
}

char mark_of(const Frame& frame) { return static_cast<char>('0' + frame[14 + 19]); }

// One of the two generations, entirely.
bool is_whole(const Frame& frame) {
  const char mark = mark_of(frame);
  const bool gue = frame[14 + 9] == 17;
  return (mark == '1' || mark == '2') && gue == (mark == '2') && frame[14 + 15] == mark - '0' &&
         internet_sum(&frame[14], 20) == 0xffff;
}

class Generations : public Datapath {};

TEST_P(Generations, AFlipIsSeenByTheNextPacket) {
  Lab lab(GetParam(), marked('1'));
  EXPECT_EQ(mark_of(lab.run(syn(tcp("203.0.113.7", 1, "192.0.2.10"))).frame), '1');
  lab.publish(marked('2'));
  EXPECT_EQ(mark_of(lab.run(syn(tcp("203.0.113.7", 2, "192.0.2.10"))).frame), '2');
}

TEST_P(Generations, ASlotIsReusedOnlyAfterThreeOthers) {
  Lab lab(GetParam(), marked('1'));
  std::vector<std::uint32_t> slots{live_slot(lab.memory())};
  for (int i = 0; i < 3; ++i) {
    lab.publish(marked(i % 2 == 0 ? '2' : '1'));
    EXPECT_EQ(lab.memory().selector->previous, slots.back());
    slots.push_back(live_slot(lab.memory()));
    EXPECT_NE(slots[slots.size() - 2], slots.back());
  }
}

TEST_P(Generations, ACandidateSlotCanBeAskedBeforeItIsLive) {
  Lab lab(GetParam(), marked('1'));
  const Model next = model_of(marked('2'));
  auto tables = compile(next, 2, lab.identities(), hops_for(next));
  ASSERT_TRUE(tables);
  const auto slot = lab.publisher().write(*tables);
  ASSERT_TRUE(slot);
  const Frame frame = build_frame(syn(tcp("203.0.113.7", 1, "192.0.2.10")));
  EXPECT_EQ(mark_of(lab.dry(frame, *slot).frame), '2');
  EXPECT_EQ(mark_of(lab.dry(frame).frame), '1');
}

TEST_P(Generations, RowsOfAnOlderGenerationDoNotOutliveIt) {
  Lab lab(GetParam(), lab_config(kTwoBackends));
  for (int i = 0; i < SF_SLOTS + 1; ++i) lab.publish(marked('1'));
  EXPECT_EQ(lab.run(udp(tcp("203.0.113.7", 1, "192.0.2.10", 53))).decision.verdict,
            static_cast<std::uint32_t>(SF_NOT_SERVICE));
}

TEST_P(Generations, AnUnchangedRingIsShared) {
  Lab lab(GetParam(), lab_config(kTwoBackends));
  const auto line = [&] {
    return lab.memory().services[live_slot(lab.memory()) * lab.memory().capacity.services + 1].ring_line;
  };
  const std::uint32_t before = line();
  lab.publish(lab_config(kTwoBackends));
  EXPECT_EQ(line(), before);
}

TEST_P(Generations, AHundredChangesNeverExhaustTheArena) {
  Lab lab(GetParam(), lab_config(kTwoBackends));
  for (int i = 0; i < 100; ++i) lab.publish(marked(i % 2 == 0 ? '1' : '2'));
  EXPECT_EQ(lab.memory().slots[live_slot(lab.memory())].generation, 101u);
}

// Packets run through the real program while generations are published; each
// must be wholly of one of them.
// The host engine runs packets between publications, never during them.
class FlipsUnderTraffic : public Datapath {};

TEST_P(FlipsUnderTraffic, NoPacketSeesAMixedGeneration) {
  Lab lab(GetParam(), marked('1'));
  std::atomic<bool> done{false};
  std::atomic<std::uint64_t> packets{0}, mixed{0};
  std::thread sender([&] {
    for (std::uint16_t port = 1; !done; ++port) {
      const auto answer = lab.kernel().run(build_frame(syn(tcp("203.0.113.7", port, "192.0.2.10"))));
      if (!answer || !is_whole(answer->frame)) ++mixed;
      ++packets;
    }
  });
  for (int i = 0; i < 300; ++i) lab.publish(marked(i % 2 == 0 ? '2' : '1'));
  while (packets < 1000) std::this_thread::yield();
  done = true;
  sender.join();
  EXPECT_EQ(mixed, 0u) << "of " << packets << " packets";
}

ON_BOTH_ENGINES(Generations);
ON_ENGINE(FlipsUnderTraffic, kernel);

}  // namespace
}  // namespace steadfast
