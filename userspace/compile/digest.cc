// SPDX-License-Identifier: Apache-2.0
#include <sstream>

#include "base/sha256.h"
#include "compile/ring.h"
#include "compile/tables.h"

namespace steadfast {
namespace {

void put(std::ostream& out, const Service& service, const Pool& pool) {
  out << "service " << service.endpoint() << ' ' << name(service.forward.value) << ' ' << name(service.state)
      << '\n';
  for (const Backend& backend : pool.backends)
    out << "  " << backend.address->text() << ' ' << backend.weight.value << ' ' << name(backend.state)
        << '\n';
}

}  // namespace

std::string digest(const Model& model) {
  std::ostringstream canonical;
  canonical << "seed " << model.host.hash_seed << "\ngue " << model.host.gue_port << '\n';
  for (const Service& service : model.services) put(canonical, service, model.pool_of(service));
  return sha256_hex(canonical.str());
}

}  // namespace steadfast
