// SPDX-License-Identifier: Apache-2.0
// Scene: what runs, as detectors and their sentences need it; made anew whenever that
// changes, and shared until then.
//
// Must not enter: counters, which change every second (detect/second.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/place.h"

namespace steadfast::detect {

struct SceneBackend {
  std::string object;  // "backend/messaging/msg-03"
  Place place;
  double ring_share = 0;  // exact share of new flows, 0…1
  bool has_next_hop = true;
};

// Its backends are rows first_backend … first_backend + backends - 1.
struct SceneService {
  std::string object;  // "service/messaging"
  Place place;
  bool is_spread = true;  // by all five fields: a busy source is no deviation
  std::size_t first_backend = 0, backends = 0;
  std::string pool;  // "pool/messaging"
};

struct Scene {
  std::string file;
  std::map<std::string, SceneService> services;  // by Service::endpoint()
  std::vector<SceneBackend> backends;

  // Null: none of this name.
  const SceneBackend* find(const SceneService& service, const std::string& backend) const;
  // Of several services that use it one stands for all: what touches it touches each.
  std::string endpoint_of(const std::string& backend) const;
  // The same services with the same backends: their counters go on.
  bool has_rows_of(const Scene& other) const;
};

}  // namespace steadfast::detect
