// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include "rehearsal/slips.h"

namespace steadfast::rehearsal {
namespace {

class ServiceSlips {
 public:
  ServiceSlips(const Model& model, std::size_t at, Slips& slips)
      : model_(model), service_(model.services[at]), at_(at), object_(object_of(service_)), slips_(slips) {}

  void run() {
    add_endpoints();
    add_forwarding();
    add_pools();
    add_presence();
    add_sources();
    add_twins();
  }

 private:
  using Apply = std::function<void(Service&)>;

  void add(const std::string& operation, const std::string& change, std::function<void(Model&)> apply) {
    slips_.push_back({operation, object_, change, std::move(apply)});
  }
  void add_change(const std::string& operation, const std::string& change, Apply apply) {
    add(operation, change, [at = at_, apply = std::move(apply)](Model& model) { apply(model.services[at]); });
  }

  // Of a prefix the network moves; a step within it changes nothing.
  void add_vip(const std::string& operation, const Address& moved) {
    const Prefix to = Prefix{moved, service_.vip_bits}.network();
    if (to == service_.vip_prefix()) return;
    add_change(operation, "vip " + service_.vip_prefix().text() + " → " + to.text(),
               [to](Service& service) { service.vip.value = to.address; });
  }

  // A range moves as a whole.
  void add_port(unsigned to) {
    const unsigned last = to + service_.last_port - service_.port.value;
    if (to == 0 || last > 65535) return;
    const auto first_port = static_cast<std::uint16_t>(to), last_port = static_cast<std::uint16_t>(last);
    add_change(
        "port changed",
        "port " + ports_text(*service_.port, service_.last_port) + " → " + ports_text(first_port, last_port),
        [=](Service& service) {
          service.port.value = first_port;
          service.last_port = last_port;
        });
  }

  Protocol other_protocol() const {
    return service_.protocol == Protocol::tcp ? Protocol::udp : Protocol::tcp;
  }

  void add_endpoints() {
    add_vip("VIP changed", moved(service_.vip.value, 0, 1));
    add_vip("VIP changed", moved(service_.vip.value, 0, 90));
    add_vip("VIP changed", moved(service_.vip.value, 1, 1));
    const unsigned port = service_.port.value;
    add_port(port + 1);
    add_port(port - 1);
    add_port(port + 8000);
    const Protocol other = other_protocol();
    add_change("protocol flipped",
               "protocol " + std::string(name(service_.protocol)) + " → " + std::string(name(other)),
               [other](Service& service) { service.protocol = other; });
  }

  void add_forwarding() {
    for (const Forward forward : {Forward::l2, Forward::ipip, Forward::gue}) {
      if (forward == service_.forward.value) continue;
      add_change("forwarding mode changed",
                 "forward " + std::string(name(service_.forward.value)) + " → " + std::string(name(forward)),
                 [forward](Service& service) { service.forward.value = forward; });
    }
  }

  void add_pools() {
    for (std::size_t pool = 0; pool < model_.pools.size(); ++pool) {
      if (pool == service_.pool) continue;
      add_change("another pool", "pool " + model_.pool_of(service_).name + " → " + model_.pools[pool].name,
                 [pool](Service& service) { service.pool = pool; });
    }
    for (std::size_t other = at_ + 1; other < model_.services.size(); ++other) {
      if (model_.services[other].pool == service_.pool) continue;
      add("pools swapped", "pool swapped with service/" + model_.services[other].name,
          [at = at_, other](Model& model) {
            std::swap(model.services[at].pool, model.services[other].pool);
          });
    }
  }

  void add_presence() {
    add("service removed", "removed", [at = at_](Model& model) {
      model.services.erase(model.services.begin() + static_cast<std::ptrdiff_t>(at));
    });
    if (service_.state == ServiceState::active) {
      add_change("service parked", "state active → parked",
                 [](Service& service) { service.state = ServiceState::parked; });
    } else {
      add_change("service unparked", "state parked → active",
                 [](Service& service) { service.state = ServiceState::active; });
    }
  }

  void add_sources() {
    if (!service_.allow.empty())
      add_change("allow removed", "allow removed", [](Service& service) { service.allow.clear(); });
    if (!service_.deny.empty())
      add_change("deny removed", "deny removed", [](Service& service) { service.deny.clear(); });
  }

  void add_twin(const std::string& change, Apply apply) {
    add("service added", change, [at = at_, apply = std::move(apply)](Model& model) {
      Service twin = model.services[at];
      twin.name += "-2";
      apply(twin);
      model.services.push_back(std::move(twin));
    });
  }

  // Somebody copies a block and changes one line of it.
  void add_twins() {
    const unsigned beside = service_.last_port == 65535 ? service_.port.value - 1u : service_.last_port + 1u;
    const auto port = static_cast<std::uint16_t>(beside);
    if (port != 0)
      add_twin("a copy on port " + std::to_string(port), [port](Service& twin) {
        twin.port.value = port;
        twin.last_port = port;
      });
    const Protocol other = other_protocol();
    add_twin("a copy for " + std::string(name(other)), [other](Service& twin) { twin.protocol = other; });
  }

  const Model& model_;
  const Service& service_;
  std::size_t at_;
  std::string object_;
  Slips& slips_;
};

void add_source_slips(const Located<Prefix>& now, std::optional<Located<Prefix>> Host::*source,
                      Slips& slips) {
  const std::size_t bytes = now->address.is_v4() ? 4 : 16;
  // The byte that the prefix ends in, and the one before it: both are another network.
  const std::size_t last = bytes - 1 - (now->length == 0 ? 0 : (now->length - 1) / 8);
  for (const std::size_t byte : {last, last + 1}) {
    Prefix to = now.value;
    to.address = moved(to.address, byte, 16);
    slips.push_back({"outer source changed", "host", "source " + now->text() + " → " + to.text(),
                     [source, to](Model& model) { (model.host.*source)->value = to; }});
  }
  slips.push_back({"outer source removed", "host", "source " + now->text() + " removed",
                   [source](Model& model) { (model.host.*source).reset(); }});
}

}  // namespace

void add_service_slips(const Model& model, Slips& slips) {
  for (std::size_t i = 0; i < model.services.size(); ++i) ServiceSlips(model, i, slips).run();
}

void add_host_slips(const Model& model, Slips& slips) {
  if (model.host.source_v4) add_source_slips(*model.host.source_v4, &Host::source_v4, slips);
  if (model.host.source_v6) add_source_slips(*model.host.source_v6, &Host::source_v6, slips);
  slips.push_back(
      {"hash seed changed", "host", "hash_seed changed", [](Model& copy) { copy.host.hash_seed += "-2"; }});
  slips.push_back({"hash seed changed", "host", "hash_seed shortened", [](Model& copy) {
                     if (copy.host.hash_seed.size() > 1) copy.host.hash_seed.pop_back();
                   }});
}

}  // namespace steadfast::rehearsal
