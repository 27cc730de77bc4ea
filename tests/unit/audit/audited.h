// SPDX-License-Identifier: Apache-2.0
// A generation on the host engine with two services: one of them has ranges, so
// that no table is empty. And what must be found there.
#pragma once

#include "audit/tables.h"
#include "support/lab.h"

namespace steadfast::audit {

inline std::string audited_config() {
  return lab_config(
      "[[service]]\nname = \"web\"\nvip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = 80\nforward = \"ipip\"\n"
      "pool = \"web\"\ndeny = [\"10.0.0.0/8\"]\n"
      "[[service]]\nname = \"dns\"\nvip = \"192.0.2.11\"\nprotocol = \"udp\"\nport = 53\nforward = \"l2\"\n"
      "pool = \"dns\"\n"
      "[[pool]]\nname = \"web\"\n"
      "[[pool.backend]]\nname = \"web-01\"\naddress = \"10.0.2.11\"\nweight = 1\n"
      "[[pool.backend]]\nname = \"web-02\"\naddress = \"10.0.2.12\"\nweight = 1\n"
      "[[pool]]\nname = \"dns\"\n"
      "[[pool.backend]]\nname = \"dns-01\"\naddress = \"10.0.2.21\"\nweight = 1\n");
}

class Audited {
 public:
  Audited() : lab(Engine::host, audited_config()) {}

  std::uint32_t slot() { return live_slot(lab.memory()); }
  std::vector<Written> written() {
    return {{slot(), &lab.model(), &lab.tables(), &lab.publisher().services_in(slot())}};
  }
  std::vector<Difference> differences() { return compare(lab.memory(), written()); }

  template <typename Row>
  Row& row(std::span<Row> table, std::size_t at) {
    return table[table.size() / SF_SLOTS * slot() + at];
  }

  Lab lab;
};

}  // namespace steadfast::audit
