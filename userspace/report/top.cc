// SPDX-License-Identifier: Apache-2.0
#include "report/top.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "report/quantity.h"

namespace steadfast::report {
namespace {

constexpr std::size_t kGap = 2;
constexpr std::size_t kSmallHeight = 20;
constexpr std::size_t kNoticesOfSmall = 1, kNoticesOfLarge = 4;
constexpr std::uint32_t kSecondsOfDay = 86400;
constexpr char kKeys[] = "q quit  tab table  s sort  j k scroll";

bool begins_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

// Cut to `width` columns, and marked as cut.
std::string fitted(const std::string& text, std::size_t width) {
  if (width_of(text) <= width) return text;
  if (width == 0) return {};
  std::size_t at = 0;
  for (std::size_t seen = 0; at < text.size(); at++)
    if (begins_character(text[at]) && seen++ == width - 1) break;
  return text.substr(0, at) + "…";
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string words = fitted(text, width), blank(width - width_of(words), ' ');
  return right ? blank + words : words + blank;
}

std::string clock_time(double time_s) {
  const auto second = static_cast<std::uint64_t>(time_s) % kSecondsOfDay;
  char text[24];
  std::snprintf(text, sizeof text, "%02u:%02u:%02u UTC", static_cast<unsigned>(second / 3600),
                static_cast<unsigned>(second / 60 % 60), static_cast<unsigned>(second % 60));
  return text;
}

// `left` and as much of `right` as there is room for.
TopLine ends(const std::string& left, const std::string& right, std::size_t width, Colour colour) {
  const std::size_t used = width_of(left) + kGap + width_of(right);
  if (used > width) return {{fitted(left, width), colour}};
  return {{left + std::string(width - used + kGap, ' ') + right, colour}};
}

std::string title(const Status& status) {
  if (status.generation == 0) return "steadfast  nothing has been applied";
  return "steadfast  generation " + std::to_string(status.generation) +
         (status.author.empty() ? "" : " by " + status.author);
}

std::string totals(const TopTotals& totals) {
  return short_number(totals.packets) + " pkt/s  " + short_number(totals.bits) + " bit/s  " +
         short_number(totals.dropped) + " drop/s";
}

// The countdown is rounded up: "0 s left" would say that it is over.
std::string pending_words(const PendingChange& pending) {
  std::string words =
      "PENDING " + std::to_string(static_cast<std::uint64_t>(std::ceil(pending.seconds_left)));
  words += pending.automatic ? " s until it is confirmed by itself"
                             : " s left, then back to " + std::to_string(pending.previous);
  if (pending.stage != 0)
    words += "  canary " + percent(pending.share) + ", stage " + std::to_string(pending.stage) + " of " +
             std::to_string(pending.stages);
  return pending.reason.empty() ? words : words + "  (" + pending.reason + ")";
}

// What must be seen first comes first.
std::vector<TopPiece> notices(const TopSample& now) {
  std::vector<TopPiece> all;
  if (!now.problem.empty()) all.push_back({"OLD FIGURES  " + now.problem, Colour::red});
  if (now.status.pending) all.push_back({pending_words(*now.status.pending), Colour::yellow});
  for (const std::string& alert : now.status.alerts) all.push_back({"ALERT  " + alert, Colour::red});
  if (!now.status.health_frozen.empty())
    all.push_back({"HEALTH FROZEN  " + now.status.health_frozen, Colour::red});
  return all;
}

// The last one says how many there is no room for.
void add_notices(const TopSample& now, TopSize size, std::vector<TopLine>& lines) {
  const auto all = notices(now);
  const std::size_t room = size.height < kSmallHeight ? kNoticesOfSmall : kNoticesOfLarge;
  for (std::size_t i = 0; i < std::min(room, all.size()); i++) {
    const std::size_t more = i + 1 == room ? all.size() - room : 0;
    const std::string tail = more == 0 ? "" : "  +" + std::to_string(more) + " in status";
    const std::size_t left = size.width - std::min(size.width, width_of(tail));
    lines.push_back({{fitted(fitted(all[i].text, left) + tail, size.width), all[i].colour}});
  }
}

TopLine tabs(TopTable shown, std::size_t width) {
  TopLine line;
  std::size_t left = width;
  for (std::size_t i = 0; i < std::size(kTopTitles) && left > 0; i++) {
    const bool here = static_cast<std::size_t>(shown) == i;
    const std::string name = (here ? "[" : " ") + std::string(kTopTitles[i]) + (here ? "]" : " ");
    line.push_back({fitted(name, left), Colour::bold, here});
    left -= width_of(line.back().text);
  }
  return line;
}

// The order of rows: numbers from the largest, texts from A; ties by what comes first.
std::vector<std::size_t> order_of(const TopRows& table, std::size_t sort) {
  std::vector<std::size_t> order(table.rows.size());
  std::iota(order.begin(), order.end(), 0);
  const bool is_number = table.columns[sort].right;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const TopCell &one = table.rows[a][sort], &other = table.rows[b][sort];
    return is_number ? one.value > other.value : one.text < other.text;
  });
  return order;
}

struct Column {
  std::size_t at = 0;  // in the table
  std::size_t width = 0;
};

std::vector<Column> all_columns(const TopRows& table) {
  std::vector<Column> columns;
  for (std::size_t at = 0; at < table.columns.size(); at++) {
    std::size_t width = width_of(table.columns[at].title) + 1;  // the mark of the sorted one
    for (const auto& row : table.rows) width = std::max(width, width_of(row[at].text));
    columns.push_back({at, width});
  }
  return columns;
}

// Those there is room for; the one that always stays shrinks if it must.
std::vector<Column> fitting_columns(const TopRows& table, std::size_t width) {
  std::vector<Column> columns = all_columns(table);
  const auto used = [&] {
    return std::accumulate(columns.begin(), columns.end(), kGap * (columns.size() - 1),
                           [](std::size_t sum, const Column& column) { return sum + column.width; });
  };
  const auto by_rank = [&](const Column& a, const Column& b) {
    return table.columns[a.at].rank < table.columns[b.at].rank;
  };
  constexpr std::size_t kLeastName = 12;
  const auto name = [&]() -> Column& { return *std::min_element(columns.begin(), columns.end(), by_rank); };
  while (columns.size() > 1 && used() > width) {
    const std::size_t beyond = used() - width;
    if (columns.size() <= 3 && name().width >= kLeastName + beyond) break;
    columns.erase(std::max_element(columns.begin(), columns.end(), by_rank));
  }
  if (used() > width) name().width -= std::min(name().width, used() - width);
  return columns;
}

TopLine header(const TopRows& table, const std::vector<Column>& columns, std::size_t sort) {
  std::string words;
  for (const Column& column : columns) {
    const std::string mark = column.at == sort ? "*" : "";
    if (!words.empty()) words += std::string(kGap, ' ');
    words += padded(table.columns[column.at].title + mark, column.width, table.columns[column.at].right);
  }
  return {{words, Colour::bold}};
}

TopLine row_line(const TopRows& table, const std::vector<Column>& columns, const std::vector<TopCell>& row) {
  TopLine line;
  for (const Column& column : columns) {
    const TopCell& cell = row[column.at];
    if (!line.empty()) line.push_back({std::string(kGap, ' ')});
    line.push_back({padded(cell.text, column.width, table.columns[column.at].right), cell.colour});
  }
  return line;
}

TopLine footer(const TopScreen& screen, std::size_t width) {
  const std::string place = screen.rows == 0 ? "nothing to show"
                                             : std::to_string(screen.scroll + 1) + "-" +
                                                   std::to_string(screen.scroll + screen.shown) + " of " +
                                                   std::to_string(screen.rows);
  return ends(kKeys, place, width, Colour::faint);
}

std::size_t sort_of(const TopChoice& choice, const TopRows& table) {
  return choice.sort && *choice.sort < table.columns.size() ? *choice.sort : table.usual_sort;
}

// Everything above the rows.
void add_head(const TopSample& before, const TopSample& now, TopTable shown, TopSize size,
              std::vector<TopLine>& lines) {
  lines.push_back(ends(title(now.status), clock_time(now.services.time_s), size.width, Colour::bold));
  lines.push_back({{fitted(totals(top_totals(before, now)), size.width)}});
  add_notices(now, size, lines);
  lines.push_back(tabs(shown, size.width));
}

// As many as there is room for, down to the line of the keys.
void add_rows(const TopRows& table, const std::vector<Column>& columns, std::size_t scroll, TopSize size,
              TopScreen& screen) {
  const std::size_t room = size.height - std::min(size.height, screen.lines.size() + 1);
  screen.rows = table.rows.size();
  screen.scroll = std::min(scroll, screen.rows - std::min(screen.rows, room));
  screen.shown = std::min(room, screen.rows - screen.scroll);
  const auto order = order_of(table, screen.sort);
  for (std::size_t i = 0; i < screen.shown; i++)
    screen.lines.push_back(row_line(table, columns, table.rows[order[screen.scroll + i]]));
}

TopChoice turned(const TopChoice& choice, std::size_t by) {
  return {static_cast<TopTable>((static_cast<std::size_t>(choice.table) + by) % std::size(kTopTitles)), 0,
          std::nullopt};
}

std::size_t next_sort(const TopScreen& screen) {
  const auto sorted = std::find(screen.sortable.begin(), screen.sortable.end(), screen.sort);
  const bool wraps = sorted == screen.sortable.end() || sorted + 1 == screen.sortable.end();
  return wraps ? screen.sortable.front() : *(sorted + 1);
}

// A key that does not scroll stays where it is.
std::size_t scrolled(TopKey key, const TopScreen& screen) {
  const std::size_t page = std::max<std::size_t>(screen.shown, 1), last = screen.rows - screen.shown;
  const auto up = [&](std::size_t by) { return screen.scroll - std::min(by, screen.scroll); };
  const auto down = [&](std::size_t by) { return std::min(last, screen.scroll + by); };
  if (key == TopKey::up) return up(1);
  if (key == TopKey::down) return down(1);
  if (key == TopKey::page_up) return up(page);
  if (key == TopKey::page_down) return down(page);
  if (key == TopKey::first) return 0;
  if (key == TopKey::last) return last;
  return screen.scroll;
}

}  // namespace

TopScreen top_screen(const TopSample& before, const TopSample& now, const TopChoice& choice, TopSize size) {
  TopScreen screen;
  const TopRows table = top_rows(choice.table, before, now);
  screen.sort = sort_of(choice, table);
  const auto columns = fitting_columns(table, size.width);
  for (const Column& column : columns) screen.sortable.push_back(column.at);
  add_head(before, now, choice.table, size, screen.lines);
  screen.lines.push_back(header(table, columns, screen.sort));
  add_rows(table, columns, choice.scroll, size, screen);
  screen.lines.resize(size.height - std::min<std::size_t>(size.height, 1));
  screen.lines.push_back(footer(screen, size.width));
  screen.lines.resize(size.height);
  return screen;
}

TopChoice after_key(const TopChoice& choice, TopKey key, const TopScreen& screen) {
  if (key == TopKey::next_table) return turned(choice, 1);
  if (key == TopKey::previous_table) return turned(choice, std::size(kTopTitles) - 1);
  if (key == TopKey::sort) return {choice.table, 0, next_sort(screen)};
  return {choice.table, scrolled(key, screen), choice.sort};
}

std::string text(const TopScreen& screen, bool colour) {
  std::string all;
  for (const TopLine& line : screen.lines) {
    std::string words;
    for (const TopPiece& piece : line) {
      const bool marked = piece.reverse && colour;
      words +=
          (marked ? "\x1b[7m" : "") + paint(piece.text, piece.colour, colour) + (marked ? "\x1b[0m" : "");
    }
    words.erase(words.find_last_not_of(' ') + 1);
    all += words + "\n";
  }
  return all;
}

}  // namespace steadfast::report
