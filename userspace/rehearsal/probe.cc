// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/bug.h"
#include "compile/precedence.h"
#include "rehearsal/clients.h"
#include "rehearsal/observation.h"
#include "rehearsal/runner.h"

namespace steadfast::rehearsal {
namespace {

// Bounds what a change waits for; a service is never left out for it.
constexpr std::size_t kMostProbes = 2000;

// More than one for shares so small that no port of the first client meets them.
constexpr std::size_t kClients = 4;

Packet packet_for(const Service& service, const Point& at, const Address& client) {
  Packet packet;
  packet.protocol = static_cast<std::uint8_t>(service.protocol);
  packet.source = client;
  packet.source_port = 1024;
  packet.destination = at.address;
  packet.destination_port = at.port;
  packet.syn = service.protocol == Protocol::tcp;
  return packet;
}

// What the tables say of one packet.
struct Expected {
  std::uint32_t verdict = SF_FORWARDED;
  std::uint32_t service = 0;  // ids
  std::uint32_t backend = 0;
};

class Prober {
 public:
  Prober(const Scene& scene, Stage& stage)
      : scene_(scene),
        stage_(stage),
        points_(reached_at(*scene.model)),
        ids_(scene.model->services.size(), 0) {
    const auto& origins = scene.tables->service_origin;
    for (std::uint32_t id = 1; id < origins.size(); ++id)
      if (origins[id].service < ids_.size()) ids_[origins[id].service] = id;
    const std::size_t services = std::max<std::size_t>(1, ids_.size());
    per_service_ = std::max<std::size_t>(1, kMostProbes / services);
  }

  Result<TestReport> run() {
    for (std::size_t i = 0; i < ids_.size(); ++i)
      if (auto probed = probe_service(i); !probed)
        return probed.error().while_doing("probing " + object_of(scene_.model->services[i]));
    return std::move(report_);
  }

 private:
  Result<void> probe_service(std::size_t at) {
    const Service& service = scene_.model->services[at];
    if (ids_[at] == 0) return probe_parked(service);
    if (!points_[at]) return {};  // SF209 has refused it
    if (auto probed = probe_refused(service, *points_[at], ids_[at]); !probed) return probed;
    const bool by_address = service.hash == HashMode::source;
    const std::vector<Address> clients = welcome_clients(service, by_address ? kManyClients : kClients);
    if (clients.empty()) return {};  // SF209 again
    const Packet packet = packet_for(service, *points_[at], clients.front());
    const TableRing* ring = ring_of(*scene_.tables, ids_[at]);
    if (ring == nullptr) return probe_one(service, packet, {SF_NO_BACKEND, ids_[at], 0});
    return probe_ring(service, packet, clients, ids_[at], *ring);
  }

  // What it leaves may be another service's, whose own probe tells.
  Result<void> probe_parked(const Service& service) {
    const Point at{*service.vip, *service.port};
    const std::vector<Address> clients = welcome_clients(service, 1);
    if (clients.empty() || owner_of(*scene_.model, service.protocol, at) != nullptr) return {};
    return probe_one(service, packet_for(service, at, clients.front()), {SF_NOT_SERVICE, 0, 0});
  }

  Result<void> probe_refused(const Service& service, const Point& at, std::uint32_t id) {
    const auto client = refused_client(service);
    if (!client) return {};
    return probe_one(service, packet_for(service, at, client->address), {client->verdict, id, 0});
  }

  Result<void> probe_ring(const Service& service, Packet packet, const std::vector<Address>& clients,
                          std::uint32_t id, const TableRing& ring) {
    const std::vector<Backend>& backends = scene_.model->pool_of(service).backends;
    const auto active = static_cast<std::size_t>(std::count_if(
        backends.begin(), backends.end(), [](const Backend& backend) { return backend.takes_new_flows(); }));
    const std::size_t most = std::min(per_service_, active);
    std::vector<std::uint32_t> met;
    for (const Address& client : clients) {
      packet.source = client;
      for (const auto& [backend, port] : source_ports(*scene_.tables, ring, packet, most)) {
        if (std::find(met.begin(), met.end(), backend) != met.end()) continue;
        met.push_back(backend);
        packet.source_port = port;
        if (auto probed = probe_one(service, packet, expected(id, backend)); !probed) return probed;
      }
      if (met.size() >= most) return {};
    }
    return {};
  }

  Expected expected(std::uint32_t service, std::uint32_t backend) const {
    invariant(backend < scene_.tables->backends.size(), "a ring names backends that have rows");
    const bool leaves = has_next_hop(scene_.tables->backends[backend]);
    return {leaves ? SF_FORWARDED : SF_NO_NEXT_HOP, service, backend};
  }

  Result<void> probe_one(const Service& service, const Packet& packet, const Expected& wanted) {
    const Frame frame = build_frame(packet);
    const auto answer = stage_.run(frame);
    if (!answer) return answer.error();
    // A flow that a user has, or whose tag is that of one: its backend says nothing about the ring.
    if (answer->decision.role == SF_ROLE_HIT) return {};
    TestResult result;
    result.name = "probe of " + object_of(service);
    result.place = service.place;
    result.packet = text(PacketSpec{packet, false});
    result.service = service.name;
    compare(result.mismatches, wanted, *answer, frame);
    report_.results.push_back(std::move(result));
    return {};
  }

  void compare(std::vector<Mismatch>& mismatches, const Expected& wanted, const Answer& got,
               const Frame& sent) const {
    if (got.decision.verdict != wanted.verdict)
      mismatches.push_back({"verdict", verdict_label(wanted.verdict), verdict_label(got.decision.verdict)});
    if (got.decision.service != wanted.service)
      mismatches.push_back({"service", service_name(wanted.service), service_name(got.decision.service)});
    if (got.decision.backend != wanted.backend)
      mismatches.push_back({"backend", backend_name(wanted.backend), backend_name(got.decision.backend)});
    if (!mismatches.empty()) return;
    if (wanted.verdict == SF_FORWARDED)
      compare_frame(mismatches, wanted.backend, sent, got.frame);
    else if (got.frame != sent)
      mismatches.push_back({"frame", "left as it came", "changed"});
  }

  void compare_frame(std::vector<Mismatch>& mismatches, std::uint32_t id, const Frame& sent,
                     const Frame& frame) const {
    const BackendOrigin& origin = scene_.tables->backend_origin[id];
    const Service& service = scene_.model->services[origin.service];
    const Address& address = scene_.model->pools[origin.pool].backends[origin.backend].address.value;
    const auto hop = scene_.next_hops->find(address);
    Mac to;
    if (frame.size() >= to.bytes.size()) std::copy_n(frame.begin(), to.bytes.size(), to.bytes.begin());
    if (hop == scene_.next_hops->end() || to != hop->second.destination)
      mismatches.push_back(
          {"next hop", hop == scene_.next_hops->end() ? "none" : hop->second.destination.text(), to.text()});
    const auto asked = outer_addresses(sent);
    invariant(asked.has_value(), "a probe is an IP packet");
    const Address& destination = service.forward.value == Forward::l2 ? asked->destination : address;
    const auto outer = outer_addresses(frame);
    if (!outer || outer->destination != destination)
      mismatches.push_back({"frame", "for " + destination.text(),
                            outer ? "for " + outer->destination.text() : "no IP header"});
  }

  std::string service_name(std::uint32_t id) const {
    const auto& origins = scene_.tables->service_origin;
    if (id == 0) return "none";
    if (id >= origins.size() || origins[id].service == SIZE_MAX) return "id " + std::to_string(id);
    return object_of(scene_.model->services[origins[id].service]);
  }

  std::string backend_name(std::uint32_t id) const {
    const auto& origins = scene_.tables->backend_origin;
    if (id == 0) return "none";
    if (id >= origins.size() || origins[id].pool == SIZE_MAX) return "id " + std::to_string(id);
    const Pool& pool = scene_.model->pools[origins[id].pool];
    return object_of(pool, pool.backends[origins[id].backend]);
  }

  const Scene& scene_;
  Stage& stage_;
  std::vector<std::optional<Point>> points_;  // by index of the service in the model
  std::vector<std::uint32_t> ids_;            // by index of the service in the model; 0 = it has no row
  std::size_t per_service_ = 1;
  TestReport report_;
};

}  // namespace

Result<TestReport> probe(const Scene& scene, Stage& stage) { return Prober(scene, stage).run(); }

}  // namespace steadfast::rehearsal
