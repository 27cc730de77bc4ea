// SPDX-License-Identifier: Apache-2.0
// Models made of few words, for plans.
#pragma once

#include <string>
#include <vector>

#include "plan/plan.h"
#include "support/lab.h"

namespace steadfast {

inline std::string service(const std::string& name, const std::string& pool, int port = 443,
                           const std::string& keys = "") {
  return "[[service]]\nname = \"" + name +
         "\"\nvip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = " + std::to_string(port) +
         "\nforward = \"ipip\"\npool = \"" + pool + "\"\n" + keys;
}

inline std::string pool(const std::string& name, const std::string& keys = "") {
  return "[[pool]]\nname = \"" + name + "\"\n" + keys;
}

inline std::string backend(const std::string& name, const std::string& address,
                           const std::string& keys = "weight = 100\n") {
  return "[[pool.backend]]\nname = \"" + name + "\"\naddress = \"" + address + "\"\n" + keys;
}

inline std::string backends(int count, int first = 1) {
  std::string text;
  for (int i = first; i < first + count; ++i)
    text += backend("b" + std::to_string(i), "10.0.2." + std::to_string(i));
  return text;
}

inline Model web(const std::string& members, const std::string& more = "") {
  return model_of(lab_config(service("web", "web") + more + pool("web") + members));
}

inline Plan plan_of(const Model& before, const Model& after, const Traffic& traffic = {}) {
  return make_plan({&before, nullptr}, {&after, nullptr}, traffic);
}

}  // namespace steadfast
