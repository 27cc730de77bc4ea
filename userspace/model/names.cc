// SPDX-License-Identifier: Apache-2.0
#include "model/names.h"

#include "model/model.h"

namespace steadfast {

static_assert(static_cast<int>(HashMode::five_tuple) == SF_HASH_FIVE_TUPLE);
static_assert(static_cast<int>(HashMode::source) == SF_HASH_SOURCE);
static_assert(static_cast<int>(HashMode::source_port) == SF_HASH_SOURCE_PORT);
static_assert(static_cast<int>(HashMode::destination_port) == SF_HASH_DESTINATION_PORT);

std::string_view name(XdpMode mode) { return word_of(kXdpModes, mode); }
std::string_view name(Protocol protocol) { return word_of(kProtocols, protocol); }
std::string_view name(Forward forward) { return word_of(kForwards, forward); }
std::string_view name(BackendState state) { return word_of(kBackendStates, state); }
std::string_view name(ServiceState state) { return word_of(kServiceStates, state); }
std::string_view name(HashMode mode) { return word_of(kHashModes, mode); }
std::string_view name(AuditAction action) { return word_of(kAuditActions, action); }
std::string_view name(HealthType type) { return word_of(kHealthTypes, type); }

std::string ports_text(std::uint16_t first, std::uint16_t last) {
  if (first == last) return std::to_string(first);
  return first == 1 && last == 65535 ? "all" : std::to_string(first) + "-" + std::to_string(last);
}

std::string Service::endpoint() const {
  const std::string network = vip_prefix().text();
  const std::string address = vip->is_v4() ? network : "[" + network + "]";
  return std::string(steadfast::name(protocol)) + " " + address + ":" + ports_text(*port, last_port);
}

std::vector<std::string> interface_names(const Model& model) {
  std::vector<std::string> names;
  for (const auto& interface : model.host.interfaces) names.push_back(interface.value);
  return names;
}

std::string object_of(const Service& service) { return "service/" + service.name; }
std::string object_of(const Pool& pool) { return "pool/" + pool.name; }
std::string object_of(const Pool& pool, const Backend& backend) {
  return "backend/" + pool.name + "/" + backend.name;
}

}  // namespace steadfast
