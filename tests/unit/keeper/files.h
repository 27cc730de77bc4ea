// SPDX-License-Identifier: Apache-2.0
// Configurations of one service "web" whose pool is checked, in a few words.
#pragma once

#include <string>

#include "support/lab.h"

namespace steadfast {

inline constexpr char kTcpCheck[] =
    "health = { type = \"tcp\", interval = \"2s\", timeout = \"1s\", fall = 3, rise = 2 }\n";

inline std::string member(const std::string& name, const std::string& address, const std::string& more = "") {
  return "[[pool.backend]]\nname = \"" + name + "\"\naddress = \"" + address + "\"\nweight = 100\n" + more;
}

inline std::string service(const std::string& name, const std::string& vip,
                           const std::string& protocol = "tcp", const std::string& pool = "web") {
  return "[[service]]\nname = \"" + name + "\"\nvip = \"" + vip + "\"\nprotocol = \"" + protocol +
         "\"\nport = 80\nforward = \"ipip\"\npool = \"" + pool + "\"\n";
}

inline std::string pool(const std::string& members, const std::string& check = kTcpCheck,
                        const std::string& name = "web") {
  return "[[pool]]\nname = \"" + name + "\"\nmin_healthy = \"50%\"\n" + check + members;
}

inline std::string members(int count) {
  std::string all;
  for (int i = 1; i <= count; ++i)
    all += member("web-0" + std::to_string(i), "10.0.2." + std::to_string(10 + i));
  return all;
}

inline Model web_of(int backends) {
  return model_of(lab_config(service("web", "192.0.2.10") + pool(members(backends))));
}

}  // namespace steadfast
