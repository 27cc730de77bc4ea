// SPDX-License-Identifier: Apache-2.0
#include "report/top_tables.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <map>

#include "report/quantity.h"

namespace steadfast::report {
namespace {

constexpr double kBitsPerByte = 8;
constexpr double kNotKnown = -1;

constexpr std::array<TopColumn, 7> kServices{{{"SERVICE", false, 0},
                                              {"ENDPOINT", false, 5},
                                              {"STATE", false, 4},
                                              {"PKT/S", true, 1},
                                              {"BIT/S", true, 3},
                                              {"DROP/S", true, 2},
                                              {"DROPPED", true, 6}}};
constexpr std::array<TopColumn, 9> kBackends{{{"BACKEND", false, 0},
                                              {"SERVICE", false, 3},
                                              {"STATE", false, 2},
                                              {"PKT/S", true, 1},
                                              {"SHARE", true, 4},
                                              {"NEW/S", true, 5},
                                              {"FLOWS", true, 6},
                                              {"SYN AGAIN/S", true, 8},
                                              {"ADDRESS", false, 7}}};
constexpr std::array<TopColumn, 5> kDrops{{{"VERDICT", false, 0},
                                           {"WHERE", false, 2},
                                           {"DROP/S", true, 1},
                                           {"DROPPED", true, 3},
                                           {"KIND", false, 4}}};

// What a counter said in the read before, by the name of its row.
class Former {
 public:
  Former(double before_s, double now_s) : seconds_(before_s == 0 ? 0 : now_s - before_s) {}
  void add(const std::string& name, std::uint64_t value) { values_[name] = value; }
  // Per second. A counter that began anew has no rate.
  double rate(const std::string& name, std::uint64_t now) const {
    const auto found = values_.find(name);
    if (seconds_ <= 0 || found == values_.end() || now < found->second) return kNotKnown;
    return static_cast<double>(now - found->second) / seconds_;
  }

 private:
  double seconds_;
  std::map<std::string, std::uint64_t> values_;
};

TopCell number_cell(double value, Colour colour = Colour::none) {
  return {short_number(value), value, colour};
}
TopCell count_cell(std::uint64_t value) { return {count(value), static_cast<double>(value), Colour::none}; }
TopCell alarm_cell(double rate) { return number_cell(rate, rate > 0 ? Colour::red : Colour::none); }

TopCell state_cell(const std::string& state) {
  const bool good = state == "active" || state == "up";
  const bool on_purpose = state == "drain" || state == "draining" || state == "drained" || state == "parked";
  return {state, 0, good ? Colour::green : on_purpose || state == "disabled" ? Colour::yellow : Colour::red};
}

std::string name_of(const BackendSnapshot& backend) {
  return backend.service + "/" + backend.pool + "/" + backend.name;
}

std::string where(const Drop& drop) {
  return drop.scope == DropScope::service ? drop.service : "(" + std::string(name(drop.scope)) + ")";
}

std::string name_of(const Drop& drop) { return where(drop) + "/" + std::string(label(drop.verdict)); }

TopRows service_rows(const TopSample& before, const TopSample& now) {
  TopRows table{kServices, 3, {}};
  Former packets(before.services.time_s, now.services.time_s), bytes = packets, drops = packets;
  for (const auto& service : before.services.services) {
    packets.add(service.name, all(service.verdicts).packets);
    bytes.add(service.name, all(service.verdicts).bytes);
    drops.add(service.name, dropped(service.verdicts).packets);
  }
  for (const auto& service : now.services.services) {
    const Count seen = all(service.verdicts), lost = dropped(service.verdicts);
    const double bytes_s = bytes.rate(service.name, seen.bytes);
    table.rows.push_back({{service.name},
                          {service.endpoint},
                          state_cell(service.state),
                          number_cell(packets.rate(service.name, seen.packets)),
                          number_cell(bytes_s < 0 ? bytes_s : bytes_s * kBitsPerByte),
                          alarm_cell(drops.rate(service.name, lost.packets)),
                          count_cell(lost.packets)});
  }
  return table;
}

TopRows backend_rows(const TopSample& before, const TopSample& now) {
  TopRows table{kBackends, 3, {}};
  Former packets(before.backends.time_s, now.backends.time_s), flows = packets, again = packets;
  for (const auto& backend : before.backends.backends) {
    packets.add(name_of(backend), backend.packets);
    flows.add(name_of(backend), backend.new_flows);
    again.add(name_of(backend), backend.syn_retransmissions);
  }
  for (const auto& backend : now.backends.backends)
    table.rows.push_back({{backend.name},
                          {backend.service},
                          state_cell(backend.health ? backend.health->state : backend.state),
                          number_cell(packets.rate(name_of(backend), backend.packets)),
                          {percent(backend.ring_share), backend.ring_share},
                          number_cell(flows.rate(name_of(backend), backend.new_flows)),
                          count_cell(backend.flows),
                          number_cell(again.rate(name_of(backend), backend.syn_retransmissions)),
                          {backend.address}});
  return table;
}

TopRows drop_rows(const TopSample& before, const TopSample& now) {
  TopRows table{kDrops, 2, {}};
  Former packets(before.drops.time_s, now.drops.time_s);
  for (const Drop& drop : now.drops.drops) packets.add(name_of(drop), 0);  // a verdict's first drops
  for (const Drop& drop : before.drops.drops) packets.add(name_of(drop), drop.count.packets);
  for (const Drop& drop : now.drops.drops)
    table.rows.push_back({{std::string(label(drop.verdict))},
                          {where(drop)},
                          alarm_cell(packets.rate(name_of(drop), drop.count.packets)),
                          count_cell(drop.count.packets),
                          {std::string(label(kind(drop.verdict)))}});
  return table;
}

std::uint64_t all_dropped(const DropsView& view) {
  std::uint64_t packets = 0;
  for (const Drop& drop : view.drops) packets += drop.count.packets;
  return packets;
}

Count all_received(const ServicesView& view) {
  Count sum;
  for (const auto& service : view.services) {
    const Count seen = all(service.verdicts);
    sum.packets += seen.packets;
    sum.bytes += seen.bytes;
  }
  return sum;
}

double rate_of(std::uint64_t before, double before_s, std::uint64_t now, double now_s) {
  Former former(before_s, now_s);
  former.add("", before);
  return former.rate("", now);
}

}  // namespace

TopRows top_rows(TopTable table, const TopSample& before, const TopSample& now) {
  switch (table) {
    case TopTable::services:
      return service_rows(before, now);
    case TopTable::backends:
      return backend_rows(before, now);
    case TopTable::drops:
      return drop_rows(before, now);
  }
  return {};
}

std::string short_number(double value) {
  constexpr std::array<const char*, 5> kUnits{"", "k", "M", "G", "T"};
  if (value < 0) return "-";
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) value /= 1000, unit++;
  const bool whole = value >= 99.95 || (unit == 0 && value == std::floor(value));
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*f%s", whole ? 0 : 1, value, kUnits[unit]);
  return text.data();
}

TopTotals top_totals(const TopSample& before, const TopSample& now) {
  const Count then = all_received(before.services), seen = all_received(now.services);
  const double then_s = before.services.time_s, now_s = now.services.time_s;
  TopTotals totals;
  totals.packets = rate_of(then.packets, then_s, seen.packets, now_s);
  const double bytes_s = rate_of(then.bytes, then_s, seen.bytes, now_s);
  totals.bits = bytes_s < 0 ? bytes_s : bytes_s * kBitsPerByte;
  totals.dropped =
      rate_of(all_dropped(before.drops), before.drops.time_s, all_dropped(now.drops), now.drops.time_s);
  return totals;
}

}  // namespace steadfast::report
