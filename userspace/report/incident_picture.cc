// SPDX-License-Identifier: Apache-2.0
#include "report/incident_picture.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>

#include "report/incident_words.h"

namespace steadfast::report {
namespace {

using incident::Record;

constexpr char kPackets[] = "packets";
constexpr char kDropped[] = "dropped-by-";

struct Mark {
  const char* name;
  std::optional<double> after_s;
};

std::string decimal(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

std::optional<double> value_at(const incident::Line& line, std::size_t i) {
  return i < line.values.size() ? line.values[i] : std::nullopt;
}

// Packets at one step and those of them that were dropped; nothing where nobody counted.
std::optional<std::pair<double, double>> rates_at(const incident::Series& traffic, std::size_t i) {
  std::optional<double> packets;
  double dropped = 0;
  for (const incident::Line& line : traffic.lines) {
    if (line.name == kPackets) packets = value_at(line, i);
    if (line.name.starts_with(kDropped)) dropped += value_at(line, i).value_or(0);
  }
  if (!packets) return std::nullopt;
  return std::pair(*packets, dropped);
}

// gnuplot leaves a gap where a line is blank.
std::string data(const Record& record) {
  const incident::Series& traffic = record.traffic;
  std::size_t steps = 0;
  for (const incident::Line& line : traffic.lines) steps = std::max(steps, line.values.size());
  std::string rows;
  bool any = false;
  for (std::size_t i = 0; i < steps; ++i) {
    const auto rates = rates_at(traffic, i);
    any = any || rates;
    const double middle_s = (static_cast<double>(i) + 0.5) * traffic.step_s;
    const double at_s = traffic.from_s + middle_s - record.first_packet_s;
    rows += rates ? decimal(at_s) + " " + decimal(rates->first) + " " + decimal(rates->second) + "\n" : "\n";
  }
  return any ? rows : "";
}

// Steps within the same tenth of the width would write over each other: each has a row.
std::string marks(const Record& record) {
  const std::array<Mark, 5> all{{{"first packet", 0.0},
                                 {"detected", record.detected_s},
                                 {"located", record.located_s},
                                 {"undone", record.undone_s},
                                 {"recovered", record.recovered_s}}};
  std::string text;
  double row = 0.97;
  for (const Mark& mark : all) {
    if (!mark.after_s) continue;
    const std::string x = decimal(*mark.after_s);
    text += "set arrow from " + x + ", graph 0 to " + x + ", graph 1 nohead dt 2 lc rgb '#888888'\n";
    text += "set label '" + std::string(mark.name) + "' at " + x + ", graph " + decimal(row) +
            " offset 0.5, 0 font ',10'\n";
    row -= 0.06;
  }
  return text;
}

std::string title(const Record& record) {
  return "incident " + std::to_string(record.number) + ", " +
         (record.service.empty() ? "the whole host" : "service " + record.service) + ", " +
         moment(record.first_packet_s);
}

// What stands between single quotes for gnuplot.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("''") : std::string(1, c == '\n' ? ' ' : c);
  return out + "'";
}

}  // namespace

std::string incident_plot(const Record& record) {
  const std::string rows = data(record);
  if (rows.empty()) return "";
  return "set terminal svg size 900,420 dynamic background '#ffffff' font 'sans-serif,12' name 'incident'\n"
         "set encoding utf8\n"
         "$traffic << END_OF_TRAFFIC\n" +
         rows + "END_OF_TRAFFIC\n" + "set title " + quoted(title(record)) + " noenhanced\n" +
         "set xlabel 'seconds after the first affected packet'\n"
         "set ylabel 'packets per second'\n"
         "set yrange [0:*]\nset offsets graph 0, graph 0, graph 0.35, 0\n"
         "set grid ytics lc rgb '#dddddd'\nset border 3\nset tics nomirror\nset key outside right top\n" +
         marks(record) +
         "plot $traffic using 1:2 with lines lw 2 lc rgb '#1f77b4' title 'packets', "
         "$traffic using 1:3 with filledcurves y1=0 lc rgb '#d62728' fs transparent solid 0.6 title "
         "'dropped'\n";
}

}  // namespace steadfast::report
