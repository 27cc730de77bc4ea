// SPDX-License-Identifier: Apache-2.0
#include "report/top.h"

#include <algorithm>
#include <set>

#include "tests/golden/golden.h"
#include "tests/golden/sample.h"

namespace steadfast {
namespace {

using report::TopChoice;
using report::TopKey;
using report::TopSample;
using report::TopSize;
using report::TopTable;

constexpr TopSize kUsual{80, 24}, kLarge{120, 40}, kNarrow{40, 12};

TopSample sample_of(const Snapshot& snapshot, const Status& status) {
  TopSample sample;
  sample.status = status;
  sample.services = report::services(snapshot);
  sample.backends = report::backends(snapshot);
  sample.drops = report::drops(snapshot);
  return sample;
}

TopSample before() { return sample_of(sample::snapshot(), sample::status()); }

// Two seconds later.
Snapshot later() {
  Snapshot snapshot = sample::snapshot();
  snapshot.time_s += 2;
  auto& verdicts = snapshot.services[0].verdicts;
  verdicts[SF_FORWARDED].packets += 2468000;
  verdicts[SF_FORWARDED].bytes += 2500000000;
  verdicts[SF_NO_NEXT_HOP].packets += 21;
  snapshot.services[1].verdicts[SF_NO_BACKEND].packets = 3;
  snapshot.backends[0].packets += 2468000;
  snapshot.backends[0].new_flows += 1500;
  snapshot.backends[0].syn_retransmissions += 5;
  return snapshot;
}

TopSample now() { return sample_of(later(), sample::pending_status()); }

void expect_top(const std::string& name, const TopSample& latest, const TopChoice& choice, TopSize size) {
  golden::expect_golden("tests/golden/screens/top_" + name + ".txt",
                        text(top_screen(before(), latest, choice, size), false));
}

TEST(Top, EveryTableAtTheUsualSize) {
  expect_top("services", now(), {TopTable::services, 0, {}}, kUsual);
  expect_top("backends", now(), {TopTable::backends, 0, {}}, kUsual);
  expect_top("drops", now(), {TopTable::drops, 0, {}}, kUsual);
}

TEST(Top, ALargeTerminalHasEveryColumn) {
  expect_top("services_large", now(), {TopTable::services, 0, {}}, kLarge);
  expect_top("backends_large", now(), {TopTable::backends, 0, {}}, kLarge);
  expect_top("drops_large", now(), {TopTable::drops, 0, {}}, kLarge);
}

TEST(Top, ANarrowOneKeepsWhatMatters) {
  expect_top("services_narrow", now(), {TopTable::services, 0, {}}, kNarrow);
  expect_top("backends_narrow", now(), {TopTable::backends, 0, {}}, kNarrow);
  expect_top("drops_narrow", now(), {TopTable::drops, 0, {}}, kNarrow);
}

TEST(Top, AlarmsComeFirstAndInRed) {
  TopSample alarmed = now();
  alarmed.status = sample::alarmed_status();
  alarmed.problem = "asking the daemon: control socket /run/steadfast/control.sock: no such file";
  golden::expect_golden("tests/golden/screens/top_alarmed_colour.txt",
                        text(top_screen(before(), alarmed, {}, kUsual), true));
  expect_top("alarmed_narrow", alarmed, {}, kNarrow);
}

TEST(Top, BeforeTheSecondReadThereAreNoRates) {
  golden::expect_golden("tests/golden/screens/top_first.txt",
                        text(top_screen({}, before(), {}, kUsual), false));
}

std::size_t width_of(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(
      line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

TEST(Top, NoSizeIsTooSmall) {
  TopSample alarmed = now();
  alarmed.status = sample::alarmed_status();
  for (std::size_t width = 0; width < 130; width++)
    for (std::size_t height = 0; height < 30; height += 3)
      for (const TopTable table : {TopTable::services, TopTable::backends, TopTable::drops}) {
        const auto screen = top_screen(before(), alarmed, {table, 7, {}}, {width, height});
        ASSERT_EQ(screen.lines.size(), height);
        for (const auto& line : screen.lines) {
          std::string words;
          for (const auto& piece : line) words += piece.text;
          ASSERT_LE(width_of(words), width) << width << "x" << height << ": " << words;
        }
      }
}

// Twenty services, the last of them the busiest.
TopSample many() {
  Snapshot snapshot;
  snapshot.time_s = 2;
  for (std::uint64_t i = 0; i < 20; i++) {
    ServiceSnapshot service;
    service.name = "s" + std::to_string(10 + i);
    service.verdicts[SF_FORWARDED].packets = i;
    snapshot.services.push_back(service);
  }
  return sample_of(snapshot, {});
}

TopSample many_before() {
  TopSample sample = many();
  sample.services.time_s = 1;
  for (auto& service : sample.services.services) service.verdicts = {};
  return sample;
}

std::string row(const report::TopScreen& screen, std::size_t number) {
  return screen.lines[4 + number][0].text;  // below title, totals, tabs and header
}

TEST(Top, KeysScrollWithinTheTable) {
  TopChoice choice;
  const auto press = [&](TopKey key) {
    choice = after_key(choice, key, top_screen(many_before(), many(), choice, kNarrow));
    return top_screen(many_before(), many(), choice, kNarrow);
  };
  EXPECT_EQ(press(TopKey::up).scroll, 0u);
  EXPECT_EQ(press(TopKey::down).scroll, 1u);
  EXPECT_EQ(press(TopKey::page_down).scroll, 8u);
  const auto end = press(TopKey::last);
  EXPECT_EQ(end.scroll, 13u);
  EXPECT_EQ(end.scroll + end.shown, end.rows);
  EXPECT_EQ(press(TopKey::down).scroll, 13u);
  EXPECT_EQ(press(TopKey::page_up).scroll, 6u);
  EXPECT_EQ(press(TopKey::first).scroll, 0u);
}

TEST(Top, ATableThatShrinksScrollsBack) {
  const auto screen = top_screen(many_before(), now(), {TopTable::services, 13, {}}, kNarrow);
  EXPECT_EQ(screen.scroll, 0u);
  EXPECT_EQ(screen.shown, 2u);
}

TEST(Top, TheBusiestComesFirstUntilSomebodySorts) {
  TopChoice choice;
  auto screen = top_screen(many_before(), many(), choice, kUsual);
  EXPECT_EQ(row(screen, 0).substr(0, 3), "s29");
  std::set<std::size_t> sorted;
  for (std::size_t i = 0; i < screen.sortable.size(); i++) {
    choice = after_key(choice, TopKey::sort, screen);
    screen = top_screen(many_before(), many(), choice, kUsual);
    sorted.insert(screen.sort);
    if (screen.sort == 0) EXPECT_EQ(row(screen, 0).substr(0, 3), "s10");
  }
  EXPECT_EQ(sorted.size(), screen.sortable.size()) << "every column has its turn";
}

TEST(Top, TabsGoRound) {
  const auto screen = top_screen(before(), now(), {}, kUsual);
  TopChoice choice{TopTable::services, 3, 1};
  choice = after_key(choice, TopKey::next_table, screen);
  EXPECT_EQ(choice, (TopChoice{TopTable::backends, 0, {}}));
  choice = after_key(after_key(choice, TopKey::previous_table, screen), TopKey::previous_table, screen);
  EXPECT_EQ(choice.table, TopTable::drops);
}

TEST(Top, ShortNumbersHaveThreeFigures) {
  const std::pair<double, const char*> kCases[] = {
      {-1, "-"},       {0, "0"},         {0.5, "0.5"},     {7, "7"},        {99.96, "100"},
      {950, "950"},    {999.4, "999"},   {999.6, "1.0k"},  {1234, "1.2k"},  {99949, "99.9k"},
      {99960, "100k"}, {999499, "999k"}, {999600, "1.0M"}, {2.5e9, "2.5G"}, {1e12, "1.0T"},
  };
  for (const auto& [value, words] : kCases) EXPECT_EQ(report::short_number(value), words) << value;
}

}  // namespace
}  // namespace steadfast
