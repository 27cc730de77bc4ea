// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/bug.h"

namespace steadfast::bench {
namespace {

struct Target {
  const char *name, *family, *mode, *protocol;
  std::uint32_t flows;  // 0: any
  const char* order;    // nullptr: any
  double ns;
};

constexpr const char* kInOrder = "in order";
constexpr const char* kScattered = "scattered";

constexpr Target kTargets[] = {
    {"hit", "ipv4", "ipip", "tcp", 1, kInOrder, 45},
    {"hit", "ipv4", "ipip", "tcp", 1024, kInOrder, 50},
    {"hit", "ipv4", "ipip", "tcp", 10000, kInOrder, 95},
    {"hit", "ipv4", "ipip", "tcp", 100000, kInOrder, 100},
    {"hit", "ipv4", "ipip", "tcp", 1000000, kInOrder, 125},
    {"hit", "ipv4", "ipip", "tcp", 16384, kScattered, 130},
    {"hit", "ipv4", "ipip", "tcp", 131072, kScattered, 150},
    {"hit", "ipv4", "ipip", "tcp", 1048576, kScattered, 170},
    {"hit", "ipv6", "ipip", "tcp", 1, kInOrder, 47},
    {"hit", "ipv6", "ipip", "tcp", 100000, kInOrder, 90},
    {"hit", "ipv6", "ipip", "tcp", 1000000, kInOrder, 110},
    {"hit", "ipv4", "ipip", "udp", 1, kInOrder, 50},
    {"hit", "ipv4", "ipip", "udp", 100000, kInOrder, 110},
    {"hit", "ipv4", "gue", "tcp", 1, kInOrder, 60},
    {"new flow, remembered", "ipv4", "ipip", "tcp", 0, nullptr, 170},
    {"for no service", "ipv4", "ipip", "tcp", 0, nullptr, 20},
    {"dropped by its header", "ipv4", "ipip", "tcp", 0, nullptr, 8},
};

// A target's name is the row's or the part of it before a detail.
bool is_named(const std::string& row, const std::string& target) {
  return row == target || (target != "hit" && row.rfind(target, 0) == 0);
}

bool applies(const Target& target, const Row& row) {
  return is_named(row.name, target.name) && row.family == target.family && row.mode == target.mode &&
         row.protocol == target.protocol && (target.flows == 0 || target.flows == row.flows) &&
         (target.order == nullptr || target.order == row.order);
}

double rounded(double value) { return std::round(value * 100) / 100; }

nlohmann::json json_of(const Row& row) {
  nlohmann::json json{{"name", row.name},
                      {"family", row.family},
                      {"mode", row.mode},
                      {"path", row.path},
                      {"flows", row.flows},
                      {"services", row.services},
                      {"backends", row.backends},
                      {"ns", rounded(row.ns)},
                      {"driver_ns", rounded(row.driver_ns)},
                      {"tx_ns", rounded(row.tx_ns)},
                      {"protocol", row.protocol},
                      {"order", row.order},
                      {"rounds", row.rounds},
                      {"table_flows", row.table_flows},
                      {"restore_ns", rounded(row.restore_ns)},
                      {"remembered", rounded(row.remembered)}};
  if (const auto target = target_of(row)) json["target_ns"] = *target;
  return json;
}

}  // namespace

std::optional<double> target_of(const Row& row) {
  for (const Target& target : kTargets)
    if (applies(target, row)) return target.ns;
  return std::nullopt;
}

std::string heading() {
  char text[256];
  std::snprintf(text, sizeof text, "%-50s %-4s %-4s %-3s %8s %-9s %6s %6s %7s %7s %6s\n", "row", "", "mode",
                "", "flows", "order", "svcs", "backs", "ns", "target", "floor");
  return text;
}

std::string line(const Row& row) {
  char target[32] = "";
  if (const auto ns = target_of(row))
    std::snprintf(target, sizeof target, "%.0f%s", *ns, row.ns <= *ns ? "" : " !");
  char text[256];
  std::snprintf(text, sizeof text, "%-50s %-4s %-4s %-3s %8u %-9s %6u %6u %7.1f %7s %6.1f\n",
                row.name.c_str(), row.family.c_str(), row.mode.c_str(), row.protocol.c_str(), row.flows,
                row.order.c_str(), row.services, row.backends, row.ns, target, row.driver_ns);
  return text;
}

void write_json(const std::vector<Row>& rows, const std::string& path) {
  nlohmann::json all = nlohmann::json::array();
  for (const Row& row : rows) all.push_back(json_of(row));
  std::ofstream file(path);
  file << all.dump(1) << "\n";
  invariant(file.good(), "the file for the figures can be written");
}

}  // namespace steadfast::bench
