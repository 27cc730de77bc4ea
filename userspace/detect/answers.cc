// SPDX-License-Identifier: Apache-2.0
#include "detect/answers.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace steadfast::detect {
namespace {

constexpr double kFallen = 0.5;   // of the usual
constexpr double kEvidence = 16;  // nats, of each of the two
constexpr double kLeastKnown_s = 30;
constexpr double kMemory_s = 100;
constexpr double kAlmostAll = 0.99;  // an ACK may be lost where none ever was

// Of a count where so many are usual.
double poisson_evidence(double seen, double usual) {
  return usual - seen + (seen > 0 ? seen * std::log(seen / usual) : 0);
}

double binomial_evidence(double seen, double of, double share) {
  const double failed = of - seen;
  return (seen > 0 ? seen * std::log(seen / (of * share)) : 0) +
         (failed > 0 ? failed * std::log(failed / (of * (1 - share))) : 0);
}

std::string count_text(double count) { return std::to_string(std::lround(count)); }

}  // namespace

void Answers::begin_anew() { began_s_ = 0; }

Answers::Handshakes Answers::counted(const SceneService& service, const Second& second) {
  Handshakes sum;
  for (std::size_t row = service.first_backend; row < service.first_backend + service.backends; ++row) {
    sum.tried += static_cast<double>(second.new_flows[row]);
    sum.completed += static_cast<double>(second.established[row]);
  }
  return sum;
}

// What has fallen teaches nothing.
void Answers::look_at(Watched& watched, const Handshakes& window, double began_s, double length_s) {
  const double completed = std::min(window.completed, window.tried);
  const double usual = watched.usual.completed * length_s;
  const double share =
      watched.usual.tried > 0 ? std::min(watched.usual.completed / watched.usual.tried, kAlmostAll) : 0;
  const bool fallen = watched.known_s >= kLeastKnown_s && completed < kFallen * usual &&
                      window.tried >= kFallen * watched.usual.tried * length_s &&
                      completed < kFallen * share * window.tried &&
                      poisson_evidence(completed, usual) >= kEvidence &&
                      binomial_evidence(completed, window.tried, share) >= kEvidence;
  if (fallen) {
    if (watched.fallen_since_s == 0) watched.fallen_since_s = began_s;
    watched.fallen = {window.tried, completed};
    return;
  }
  watched.fallen_since_s = 0;
  watched.known_s += length_s;
  const double keep = std::exp(-length_s / std::min(watched.known_s, kMemory_s));
  watched.usual.tried = keep * watched.usual.tried + (1 - keep) * window.tried / length_s;
  watched.usual.completed = keep * watched.usual.completed + (1 - keep) * completed / length_s;
}

Sign Answers::sign(const Watched& watched, const SceneService& service, const std::string& endpoint) {
  const Handshakes& fallen = watched.fallen;
  const double usual = watched.usual.completed / watched.usual.tried;
  return {"T3",
          Severity::page,
          service.object,
          endpoint,
          "silent",
          1 - fallen.completed / fallen.tried,
          watched.fallen_since_s,
          "users' handshakes with it are not completed (" + count_text(fallen.completed) + " of " +
              count_text(fallen.tried) + ", usually " + count_text(100 * usual) + " %)"};
}

// An alarm stands through the window in which the next one is counted.
std::vector<Sign> Answers::take(const Second& second, const Scene& scene) {
  std::erase_if(services_, [&](const auto& one) { return !scene.services.contains(one.first); });
  if (!second.established.empty()) {
    for (const auto& [endpoint, service] : scene.services) {
      Watched& watched = services_[endpoint];
      const Handshakes now = counted(service, second), before = std::exchange(watched.counted, now);
      if (began_s_ == 0 || now.tried < before.tried || now.completed < before.completed) continue;
      look_at(watched, {now.tried - before.tried, now.completed - before.completed}, began_s_,
              second.now_s - began_s_);
    }
    began_s_ = second.now_s;
  }
  std::vector<Sign> signs;
  for (const auto& [endpoint, watched] : services_)
    if (watched.fallen_since_s != 0) signs.push_back(sign(watched, scene.services.at(endpoint), endpoint));
  return signs;
}

}  // namespace steadfast::detect
