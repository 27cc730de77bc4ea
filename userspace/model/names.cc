// SPDX-License-Identifier: Apache-2.0
#include "model/names.h"

#include "model/model.h"

namespace steadfast {

std::string_view name(XdpMode mode) { return word_of(kXdpModes, mode); }
std::string_view name(Protocol protocol) { return word_of(kProtocols, protocol); }
std::string_view name(Forward forward) { return word_of(kForwards, forward); }
std::string_view name(BackendState state) { return word_of(kBackendStates, state); }
std::string_view name(ServiceState state) { return word_of(kServiceStates, state); }
std::string_view name(HealthType type) { return word_of(kHealthTypes, type); }

std::string Service::endpoint() const {
  const std::string address = vip->is_v4() ? vip->text() : "[" + vip->text() + "]";
  return std::string(steadfast::name(protocol)) + " " + address + ":" + std::to_string(*port);
}

std::string object_of(const Service& service) { return "service/" + service.name; }
std::string object_of(const Pool& pool) { return "pool/" + pool.name; }
std::string object_of(const Pool& pool, const Backend& backend) {
  return "backend/" + pool.name + "/" + backend.name;
}

}  // namespace steadfast
