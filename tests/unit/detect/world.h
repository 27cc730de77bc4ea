// SPDX-License-Identifier: Apache-2.0
// World: four services over pools of four backends each, second by second.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "detect/detectors.h"

namespace steadfast::detect {

class World : public testing::Test {
 protected:
  static constexpr double kAhead_s = 1'700'000'000;
  static constexpr std::size_t kBackends = 4;

  World() {
    for (const char* name : {"web", "chat", "mail", "news"}) add_service(name);
    show();
  }

  static std::string endpoint(const std::string& name) { return "tcp 192.0.2.10:" + name; }
  static std::string backend(const std::string& name, std::size_t number) {
    return "backend/" + name + "/" + name + "-0" + std::to_string(number);
  }
  SceneBackend& row(const std::string& name, std::size_t number) {
    return scene_.backends[scene_.services.at(endpoint(name)).first_backend + number - 1];
  }

  void add_service(const std::string& name) {
    SceneService service{"service/" + name, {10, 1}, true, scene_.backends.size(), kBackends, "pool/" + name};
    for (std::size_t i = 1; i <= kBackends; ++i)
      scene_.backends.push_back({backend(name, i), {static_cast<std::uint32_t>(20 + i), 3}, 0.25, true});
    scene_.services[endpoint(name)] = service;
    counters_[endpoint(name)] = {};
  }
  void show() {
    scene_.file = "edge.toml";
    detectors_.show(std::make_shared<Scene>(scene_));
  }

  void carry(const std::string& name, std::uint64_t packets, sf_verdict verdict = SF_FORWARDED) {
    counters_[endpoint(name)][verdict].packets += packets;
  }
  // The daemon tells what is in `second_`, and what was carried since.
  void tell() {
    second_.now_s = ++now_s_;
    second_.ahead_s = kAhead_s;
    second_.services = &counters_;
    detectors_.take(second_);
  }
  void quiet(unsigned seconds, std::uint64_t packets = 1000) {
    for (unsigned i = 0; i < seconds; ++i) {
      for (const auto& [at, service] : scene_.services) counters_[at][SF_FORWARDED].packets += packets;
      tell();
    }
  }

  void pend(std::uint64_t generation, const std::vector<std::string>& objects, const std::string& service) {
    ChangeMade change{generation, now_s_, "ann", "edge.toml", {}, {endpoint(service)}};
    std::uint32_t line = 40;
    for (const std::string& object : objects)
      change.objects.push_back({object, {line++, 1}, {endpoint(service)}});
    detectors_.note(change);
    second_.unconfirmed = Unconfirmed{generation};
    second_.generation = second_.generation_in_kernel = generation;
  }

  const Alarm* alarm(const std::string& key) {
    alarms_ = detectors_.alarms();
    const auto found =
        std::find_if(alarms_.begin(), alarms_.end(), [&](const Alarm& one) { return one.key == key; });
    return found == alarms_.end() ? nullptr : &*found;
  }

  Scene scene_;
  std::map<std::string, VerdictCounts> counters_;
  Second second_;
  double now_s_ = 1000;
  Detectors detectors_;
  std::vector<Alarm> alarms_;
};

}  // namespace steadfast::detect
