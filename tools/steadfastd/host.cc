// SPDX-License-Identifier: Apache-2.0
#include "host.h"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "control/host_doctor.h"
#include "kernel/route.h"

namespace steadfast {
namespace {

// Packets leave by the interface they came in on, so a next hop behind any other
// one cannot be reached.
Result<NextHops> resolve(NextHopResolver& resolver, const Model& model) {
  auto hops = resolver.resolve(destinations_of(model));
  if (!hops) return hops;
  const auto ours = interface_names(model);
  for (auto& [address, hop] : *hops)
    if (hop.resolved() && std::find(ours.begin(), ours.end(), hop.interface) == ours.end())
      hop.problem = "leaves by " + hop.interface + ", which is not in host.interfaces";
  return hops;
}

std::optional<Address> address_of(const sockaddr* from) {
  Address address;
  if (from == nullptr) return std::nullopt;
  if (from->sa_family == AF_INET) {
    std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in*>(from)->sin_addr, 4);
    return address;
  }
  if (from->sa_family != AF_INET6) return std::nullopt;
  address.family = Family::v6;
  std::memcpy(address.bytes.data(), &reinterpret_cast<const sockaddr_in6*>(from)->sin6_addr, 16);
  return address;
}

bool others_reach(const Address& address) { return !address.is_loopback() && !address.is_link_local(); }

// The first of each family, where none is known yet.
void add(const ifaddrs* list, OwnAddresses& own, const std::function<bool(const char*)>& wanted) {
  for (const ifaddrs* each = list; each != nullptr; each = each->ifa_next) {
    const auto address = address_of(each->ifa_addr);
    if (!address || !others_reach(*address) || !wanted(each->ifa_name)) continue;
    std::optional<Address>& known = address->is_v4() ? own.v4 : own.v6;
    if (!known) known = address;
  }
}

}  // namespace

OwnAddresses own_addresses(const std::vector<std::string>& interfaces) {
  OwnAddresses own;
  ifaddrs* list = nullptr;
  if (getifaddrs(&list) != 0) return own;
  const std::unique_ptr<ifaddrs, decltype(&freeifaddrs)> owned(list, freeifaddrs);
  add(list, own, [&](const char* name) {
    return std::find(interfaces.begin(), interfaces.end(), name) != interfaces.end();
  });
  add(list, own, [](const char*) { return true; });
  return own;
}

Surroundings surroundings_of(BpfKernel& kernel, std::string config_file, const std::string& bpffs) {
  Surroundings around;
  around.resolve = [resolver = std::make_shared<NextHopResolver>()](const Model& model) {
    return resolve(*resolver, model);
  };
  around.attach = [&kernel](const Model& model) {
    return kernel.attach(interface_names(model), model.host.xdp_mode);
  };
  around.restart_timer = [&kernel]() -> Result<bool> {
    if (auto restarted = kernel.restart_timer(); !restarted) return restarted.error();
    return true;
  };
  around.attached = [&kernel](const Model& model) { return kernel.attached(interface_names(model)); };
  around.attach_again = [&kernel](const Model& model) {
    return kernel.attach_again(interface_names(model), model.host.xdp_mode);
  };
  around.keep_text = [&kernel](const KeptText& kept) { return kernel.keep_text(kept); };
  around.forget_texts_but = [&kernel](std::uint64_t number) { kernel.forget_texts_but(number); };
  around.has_host = true;
  around.examine_host = [bpffs](const Model& model) { return examine_host(model, {bpffs, true}); };
  around.examine_change = [bpffs](const Model& after, const Model* before) {
    return examine_change(after, before, bpffs);
  };
  around.config_file = std::move(config_file);
  around.release = [&kernel](const Model& model) { return kernel.release_others(interface_names(model)); };
  return around;
}

}  // namespace steadfast
