// SPDX-License-Identifier: Apache-2.0
// The tables of `top`: what each row says and sorts by, with rates between two reads.
//
// Must not enter: what fits on a screen (report/top.h).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "report/answer.h"
#include "report/table.h"
#include "report/view.h"

namespace steadfast::report {

// X(symbol, title)
#define SF_TOP_TABLES(X)  \
  X(services, "Services") \
  X(backends, "Backends") \
  X(drops, "Drops")

enum class TopTable {
#define X(symbol, title) symbol,
  SF_TOP_TABLES(X)
#undef X
};
inline constexpr const char* kTopTitles[] = {
#define X(symbol, title) title,
    SF_TOP_TABLES(X)
#undef X
};

// One read of the daemon. Backends are read only while they are shown.
struct TopSample {
  Status status;
  ServicesView services;
  BackendsView backends;
  DropsView drops;
  std::string problem;  // why the rest is older than it should be; empty: it is not
};

struct TopColumn {
  const char* title;
  bool right;
  int rank;  // where there is no room the highest goes first; 0 always stays
};

struct TopCell {
  std::string text;
  double value = 0;  // of a number; texts sort by themselves
  Colour colour = Colour::none;
};

struct TopRows {
  std::span<const TopColumn> columns;
  std::size_t usual_sort = 0;  // the column that matters most
  std::vector<std::vector<TopCell>> rows;
};

// `before` may be of any age; what it does not know has no rate yet.
TopRows top_rows(TopTable table, const TopSample& before, const TopSample& now);

// "1.2M", "950", "0.5": three figures at a glance.
std::string short_number(double value);

// Per second between two reads; below 0: not known.
struct TopTotals {
  double packets = -1;
  double bits = -1;
  double dropped = -1;
};
TopTotals top_totals(const TopSample& before, const TopSample& now);

}  // namespace steadfast::report
