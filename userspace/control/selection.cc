// SPDX-License-Identifier: Apache-2.0
#include "control/selection.h"

#include <strings.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "control/api.h"
#include "health/state.h"

namespace steadfast {
namespace {

constexpr int kBadRequest = 400, kServerError = 500;

bool contains(const std::string& text, const std::string& word) {
  const auto alike = [](char a, char b) { return strncasecmp(&a, &b, 1) == 0; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), alike) != text.end();
}

bool is_wanted(const BackendSnapshot& row, const std::string& word) {
  return contains(row.name, word) || contains(row.address, word) || contains(row.service, word) ||
         contains(row.pool, word);
}

bool is_wanted(const report::BackendFlows& row, const std::string& word) {
  return contains(row.backend, word) || contains(row.service, word) || contains(row.pool, word);
}

bool needs_action(const BackendSnapshot& row) {
  if (row.state != "active") return false;
  return !row.next_hop_resolved || (row.health && (row.health->state == name(health::State::down) ||
                                                   row.health->state == name(health::State::deaf) ||
                                                   row.health->state == name(health::State::held)));
}

auto order(const BackendSnapshot& row) {
  return std::tuple(!needs_action(row), std::tie(row.pool, row.service, row.name));
}

auto order(const report::BackendFlows& row) { return std::tie(row.pool, row.service, row.backend); }

// How many there are of what was asked for.
template <typename Row>
std::size_t keep(const Selection& selection, std::vector<Row>& rows) {
  std::erase_if(rows, [&](const Row& row) { return !is_wanted(row, selection.find); });
  const std::size_t all = rows.size(), most = std::min(selection.most.value_or(all), all);
  const auto end = rows.begin() + static_cast<std::ptrdiff_t>(most);
  std::partial_sort(rows.begin(), end, rows.end(),
                    [](const Row& a, const Row& b) { return order(a) < order(b); });
  rows.erase(end, rows.end());
  return all;
}

// Rows of one service stand together.
std::vector<report::ServiceFlows> sums_of(const std::vector<BackendSnapshot>& rows) {
  std::vector<report::ServiceFlows> sums;
  for (const BackendSnapshot& row : rows) {
    if (sums.empty() || sums.back().service != row.service) sums.push_back({row.service, 0});
    sums.back().new_flows += row.new_flows;
  }
  return sums;
}

template <auto view>
Reply answer_selection(Balancer& balancer, const Query& query) {
  const auto selection = Selection::in(query);
  if (!selection) return failure(kBadRequest, selection.error().what);
  const auto snapshot = balancer.snapshot();
  if (!snapshot) return failure(kServerError, snapshot.error().what);
  auto shown = view(*snapshot);
  select(*selection, shown);
  return {200, api::encode(shown)};
}

}  // namespace

Result<Selection> Selection::in(const Query& query) {
  Selection selection;
  for (const auto& [key, word] : query) {
    if (key != "find" && key != "most")
      return Error{"\"" + key + "\" is no parameter of this endpoint: it takes find and most"};
    if (key == "find") {
      selection.find = word;
      continue;
    }
    std::size_t most = 0;
    const auto [end, wrong] = std::from_chars(word.data(), word.data() + word.size(), most);
    if (wrong != std::errc() || end != word.data() + word.size())
      return Error{"most: expected a number of rows"};
    selection.most = most;
  }
  return selection;
}

void select(const Selection& selection, report::BackendsView& view) {
  if (selection.is_everything()) return;
  view.services = sums_of(view.backends);
  view.all = keep(selection, view.backends);
}

void select(const Selection& selection, report::FlowsView& view) {
  if (!selection.is_everything()) keep(selection, view.backends);
}

Reply answer_backends(Balancer& balancer, const Query& query) {
  return answer_selection<report::backends>(balancer, query);
}

Reply answer_flows(Balancer& balancer, const Query& query) {
  return answer_selection<report::flows>(balancer, query);
}

}  // namespace steadfast
