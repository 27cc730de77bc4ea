// SPDX-License-Identifier: Apache-2.0
// differential: the host engine against the kernel's program, over random tables
// and random packets.
//
//   differential [PACKETS] [--seed N]
//
// Exit status: 0 no difference every verdict and role seen, 1 otherwise, 77 no BPF here.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "datapath/differential_packets.h"
#include "datapath/differential_scenario.h"
#include "datapath/differential_twins.h"
#include "support/lab.h"

namespace steadfast::differential {
namespace {

constexpr std::uint64_t kPackets = 100'000;
constexpr std::uint32_t kRoundPackets = 2000;
constexpr std::uint32_t kRoundsPerEngine = 64;  // opening the kernel's program costs 0.2 s
constexpr std::uint32_t kRoundsPerSeed = 4;     // scenarios that share their hash keys and so their flows
constexpr int kSkipped = 77;                    // ctest's SKIP_RETURN_CODE

class Session {
 public:
  Session(std::uint64_t packets, std::uint64_t seed) : packets_(packets), seed_(seed), random_(seed) {}

  int run() {
    for (std::uint32_t round = 0; tally_.packets < packets_ && difference_.empty(); ++round) {
      if (round % kRoundsPerEngine == 0)
        if (const int failed = open()) return failed;
      begin_round(round);
      send_round();
      end_round();
    }
    return report();
  }

 private:
  int open() {
    twins_.reset();
    limits_ = make_limits(random_);
    auto opened = Twins::open(make_scenario(random_, limits_, "x").model.limits, tally_);
    if (!opened) {
      std::printf("%s\n", opened.error().what.c_str());
      const char* required = std::getenv("STEADFAST_REQUIRE_BPF");
      return required != nullptr && std::strcmp(required, "1") == 0 ? 1 : kSkipped;
    }
    twins_ = std::move(*opened);
    return 0;
  }

  // One round in four is a canary, and one in four has damaged tables.
  void begin_round(std::uint32_t round) {
    if (round % kRoundsPerSeed == 0) seed_word_ = std::to_string(random_.word());
    scenario_ = make_scenario(random_, limits_, seed_word_);
    is_canary_ = round % kRoundsPerSeed == 2;
    is_damaged_ = round % kRoundsPerSeed == 1;
    if (is_canary_)
      twins_->start_canary(scenario_.model, scenario_.hops, 0.01 * random_.between(1, 99));
    else
      twins_->publish(scenario_.model, scenario_.hops);
    if (is_damaged_) twins_->damage(random_);
  }

  void send_round() {
    Packets packets(random_, scenario_.model);
    for (std::uint32_t i = 0; i < kRoundPackets && tally_.packets < packets_ && difference_.empty(); ++i) {
      if (random_.once_in(200)) twins_->age(random_.one_of<std::uint32_t>({1, 3, 5, 20, 61, 70, 310}));
      const bool is_away = i < 4;
      if (is_away) twins_->withdraw(true);
      frame_ = packets.next();
      difference_ = twins_->run(frame_);
      if (is_away) twins_->withdraw(false);
    }
  }

  void end_round() {
    if (difference_.empty()) difference_ = twins_->compare_tables();
    if (is_damaged_) twins_->undo_damage();
    if (is_canary_) twins_->end_canary(random_.once_in(2));
  }

  int report() {
    if (!difference_.empty()) report_difference();
    std::printf("packets %llu\ntables %llu\nseed %llu\ndiscarded %llu\ndifferences %d\n",
                static_cast<unsigned long long>(tally_.packets),
                static_cast<unsigned long long>(tally_.tables), static_cast<unsigned long long>(seed_),
                static_cast<unsigned long long>(tally_.discarded), difference_.empty() ? 0 : 1);
    bool all_seen = true;
#define X(symbol, label, help)                                                                           \
  std::printf("role %s %llu\n", label, static_cast<unsigned long long>(tally_.roles[SF_ROLE_##symbol])); \
  if (tally_.roles[SF_ROLE_##symbol] == 0) all_seen = false;
    SF_FLOW_ROLES(X)
#undef X
#define X(symbol, value, action, kind, label, help)                                                 \
  std::printf("verdict %s %llu\n", label, static_cast<unsigned long long>(tally_.verdicts[value])); \
  if (tally_.verdicts[value] == 0 && value != SF_NO_ROOM) all_seen = false;
    SF_VERDICTS(X)
#undef X
    if (!all_seen) std::printf("a verdict or a role was never reached\n");
    return difference_.empty() && all_seen ? 0 : 1;
  }

  void report_difference() const {
    std::printf("packet %llu of seed %llu%s%s:\n%s\nframe ", static_cast<unsigned long long>(tally_.packets),
                static_cast<unsigned long long>(seed_), is_canary_ ? ", in a canary" : "",
                is_damaged_ ? ", damaged tables" : "", difference_.c_str());
    for (const std::uint8_t byte : frame_) std::printf("%02x", byte);
    std::printf("\n%s\n", scenario_.text().c_str());
  }

  std::uint64_t packets_, seed_;
  Random random_;
  Tally tally_;
  std::string limits_, seed_word_, difference_;
  std::unique_ptr<Twins> twins_;
  Scenario scenario_;
  Frame frame_;
  bool is_canary_ = false, is_damaged_ = false;
};

std::optional<std::uint64_t> number(const char* text) {
  char* end = nullptr;
  const std::uint64_t value = std::strtoull(text, &end, 10);
  return *text != '\0' && *end == '\0' ? std::optional(value) : std::nullopt;
}

int run(int argc, char** argv) {
  std::uint64_t packets = kPackets, seed = 1;
  for (int i = 1; i < argc; ++i) {
    const bool is_seed = std::strcmp(argv[i], "--seed") == 0 && i + 1 < argc;
    const auto value = number(argv[is_seed ? ++i : i]);
    if (!value) {
      std::fprintf(stderr, "usage: differential [PACKETS] [--seed N]\n");
      return 2;
    }
    (is_seed ? seed : packets) = *value;
  }
  return Session(packets, seed).run();
}

}  // namespace
}  // namespace steadfast::differential

int main(int argc, char** argv) { return steadfast::differential::run(argc, argv); }
