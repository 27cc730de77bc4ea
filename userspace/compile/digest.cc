// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <sstream>
#include <string_view>
#include <vector>

#include "base/sha256.h"
#include "compile/ring.h"
#include "compile/tables.h"

namespace steadfast {
namespace {

// In any order: the longest prefix decides.
void put(std::ostream& out, std::string_view what, const std::vector<Located<Prefix>>& prefixes) {
  std::set<Prefix> sorted;
  for (const auto& prefix : prefixes) sorted.insert(*prefix);
  for (const Prefix& prefix : sorted) out << "  " << what << ' ' << prefix.text() << '\n';
}

void put(std::ostream& out, const Service& service, const Pool& pool) {
  out << "service " << service.endpoint() << ' ' << name(service.forward.value) << ' ' << name(service.state)
      << ' ' << name(service.hash) << ' ' << service.remembers_flows << ' ' << service.idle_s << '\n';
  put(out, "allow", service.allow);
  put(out, "deny", service.deny);
  if (service.new_flows_per_source) out << "  new flows " << **service.new_flows_per_source << '\n';
  if (service.quic)
    out << "  quic " << service.quic->server_id_bytes << ' ' << service.quic->config_id << '\n';
  for (const Backend& backend : pool.backends) {
    out << "  " << backend.address->text() << ' ' << backend.weight.value << ' ' << name(backend.state);
    if (service.quic && backend.server_id) out << " server id " << **backend.server_id;
    out << '\n';
  }
}

}  // namespace

std::string digest(const Model& model) {
  std::ostringstream canonical;
  canonical << "seed " << model.host.hash_seed << "\ngue " << model.host.gue_port << '\n';
  for (const Service& service : model.services) put(canonical, service, model.pool_of(service));
  return sha256_hex(canonical.str());
}

}  // namespace steadfast
