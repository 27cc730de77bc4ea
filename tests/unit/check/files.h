// SPDX-License-Identifier: Apache-2.0
// Files made of few words, for rules.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "check/check.h"
#include "tests/support/replaced.h"

namespace steadfast {

inline std::string head(const std::string& source = "\"198.51.100.0/28\", \"2001:db8:f::/64\"",
                        const std::string& host = "") {
  return "schema = 1\n[host]\ninterfaces = [\"eth0\"]\nxdp_mode = \"native\"\nsource = [" + source +
         "]\nhash_seed = \"seed\"\n" + host + "[limits]\nservices = 2000\nbackends = 20000\nflows = \"4M\"\n";
}

inline std::string service(const std::string& name, const std::string& pool,
                           const std::string& vip = "192.0.2.10", int port = 443,
                           const std::string& forward = "ipip", const std::string& protocol = "tcp") {
  return "[[service]]\nname = \"" + name + "\"\nvip = \"" + vip + "\"\nprotocol = \"" + protocol +
         "\"\nport = " + std::to_string(port) + "\nforward = \"" + forward + "\"\npool = \"" + pool + "\"\n";
}

inline const std::string kHealth =
    "health = { type = \"tcp\", interval = \"2s\", timeout = \"1s\", fall = 3, rise = 2 }\n";

inline std::string pool(const std::string& name,
                        const std::string& keys = "min_healthy = \"50%\"\n" + kHealth) {
  return "[[pool]]\nname = \"" + name + "\"\n" + keys;
}

inline std::string backend(const std::string& name, const std::string& address, int weight = 100,
                           const std::string& keys = "") {
  return "[[pool.backend]]\nname = \"" + name + "\"\naddress = \"" + address +
         "\"\nweight = " + std::to_string(weight) + "\n" + keys;
}

inline std::string backends(int count, const std::string& prefix = "10.0.2.", int first = 1,
                            int weight = 100) {
  std::string text;
  for (int i = first; i < first + count; ++i)
    text += backend("b" + std::to_string(1000 + i), prefix + std::to_string(i), weight);
  return text;
}

inline Findings findings(const std::string& text) { return check(text, "edge.toml").findings; }

inline std::vector<Finding> only(const std::string& code, const std::string& text) {
  std::vector<Finding> found;
  for (const Finding& finding : findings(text))
    if (finding.code == code) found.push_back(finding);
  return found;
}

inline std::vector<std::string> objects(const std::string& code, const std::string& text) {
  std::vector<std::string> names;
  for (const Finding& finding : only(code, text)) names.push_back(finding.object);
  return names;
}

inline std::vector<std::string> codes(const std::string& text) {
  std::vector<std::string> list;
  for (const Finding& finding : findings(text)) list.push_back(finding.code);
  return list;
}

}  // namespace steadfast
