// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/observation.h"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "base/bug.h"
#include "compile/hash.h"

namespace steadfast::rehearsal {
namespace {

constexpr std::uint32_t kFirstPort = 1024;
constexpr std::uint32_t kPorts = 65535 - kFirstPort + 1;
constexpr std::size_t kEthernetBytes = 14;

constexpr std::array<std::string_view, SF_VERDICT_COUNT> kLabels{
#define X(symbol, value, action, kind, label, help) label,
    SF_VERDICTS(X)
#undef X
};

Address address_at(const Frame& frame, std::size_t at, Family family) {
  Address address;
  address.family = family;
  std::copy_n(frame.begin() + static_cast<std::ptrdiff_t>(at), family == Family::v4 ? 4 : 16,
              address.bytes.begin());
  return address;
}

const BackendOrigin* origin_of(const Tables& tables, std::uint32_t id) {
  if (id == 0 || id >= tables.backend_origin.size()) return nullptr;
  const BackendOrigin& origin = tables.backend_origin[id];
  return origin.pool == SIZE_MAX ? nullptr : &origin;
}

const Service* service_of(const Scene& scene, std::uint32_t id) {
  const auto& origins = scene.tables->service_origin;
  if (id == 0 || id >= origins.size() || origins[id].service == SIZE_MAX) return nullptr;
  return &scene.model->services[origins[id].service];
}

void name_backend(Way& way, const Scene& scene, std::uint32_t id) {
  const BackendOrigin* origin = origin_of(*scene.tables, id);
  if (origin == nullptr) return;
  way.pool = &scene.model->pools[origin->pool];
  way.backend = &way.pool->backends[origin->backend];
}

Way way_of(const Answer& answer, const Scene& scene) {
  Way way;
  way.verdict = answer.decision.verdict;
  name_backend(way, scene, answer.decision.backend);
  if (way.verdict != SF_FORWARDED || way.backend == nullptr) return way;
  if (const auto outer = outer_addresses(answer.frame)) way.outer_source = outer->source;
  return way;
}

class Observer {
 public:
  Observer(const PacketSpec& spec, const Scene& scene, Stage& stage)
      : packet_(spec.packet), any_port_(spec.any_source_port), scene_(scene), stage_(stage) {}

  Result<Observation> run() {
    if (any_port_) packet_.source_port = static_cast<std::uint16_t>(kFirstPort);
    const auto first = stage_.run(build_frame(packet_));
    if (!first) return first.error();
    seen_.service = service_of(scene_, first->decision.service);
    const TableRing* ring = any_port_ ? ring_of(*scene_.tables, first->decision.service) : nullptr;
    if (seen_.service == nullptr || ring == nullptr || refuses_source(first->decision.verdict)) {
      seen_.ways.push_back(way_of(*first, scene_));
      return std::move(seen_);
    }
    if (ignores_source_port(scene_.tables->services[ring->service].hash_mode)) {
      const FoundPort only = source_ports(*scene_.tables, *ring, packet_, 1).front();
      add(*first, only, 1);
    } else if (auto shared = share_out(*ring); !shared) {
      return shared.error();
    }
    return std::move(seen_);
  }

 private:
  Result<void> share_out(const TableRing& ring) {
    std::unordered_map<std::uint32_t, std::uint32_t> entries;
    for (const std::uint16_t id : ring.backends) ++entries[id];
    for (const FoundPort& found : source_ports(*scene_.tables, ring, packet_, entries.size())) {
      if (auto asked = ask(found, share(entries[found.backend], ring)); !asked) return asked;
      entries.erase(found.backend);
    }
    for (const auto& [id, count] : entries) add_by_row(id, share(count, ring));
    std::sort(seen_.ways.begin(), seen_.ways.end(),
              [](const Way& a, const Way& b) { return a.backend < b.backend; });
    return {};
  }

  static double share(std::uint32_t entries, const TableRing& ring) {
    return static_cast<double>(entries) / static_cast<double>(ring.backends.size());
  }

  Result<void> ask(const FoundPort& found, double part) {
    packet_.source_port = found.port;
    const auto answer = stage_.run(build_frame(packet_));
    if (!answer) return answer.error();
    add(*answer, found, part);
    return {};
  }

  void add(const Answer& answer, const FoundPort& found, double part) {
    Way way = way_of(answer, scene_);
    if (answer.decision.backend != found.backend) contradict(found.backend, found.port, way);
    name_backend(way, scene_, found.backend);
    way.share = part;
    seen_.ways.push_back(way);
  }

  // So small a share that no port of this client meets it: its row decides.
  void add_by_row(std::uint32_t id, double part) {
    Way way;
    way.share = part;
    name_backend(way, scene_, id);
    invariant(id < scene_.tables->backends.size(), "a ring names backends that have rows");
    way.verdict = has_next_hop(scene_.tables->backends[id]) ? SF_FORWARDED : SF_NO_NEXT_HOP;
    seen_.ways.push_back(way);
  }

  void contradict(std::uint32_t id, std::uint16_t port, const Way& got) {
    Way wanted;
    name_backend(wanted, scene_, id);
    const auto words = [](const Way& way) {
      return way.backend ? object_of(*way.pool, *way.backend) : "no backend";
    };
    seen_.contradictions.push_back({"tables", words(wanted) + " for source port " + std::to_string(port),
                                    words(got) + ", " + verdict_label(got.verdict)});
  }

  Packet packet_;
  bool any_port_;
  const Scene& scene_;
  Stage& stage_;
  Observation seen_;
};

}  // namespace

Result<Observation> observe(const PacketSpec& spec, const Scene& scene, Stage& stage) {
  return Observer(spec, scene, stage).run();
}

std::string verdict_label(std::uint32_t verdict) {
  return verdict < kLabels.size() ? std::string(kLabels[verdict]) : "verdict " + std::to_string(verdict);
}

std::optional<OuterAddresses> outer_addresses(const Frame& frame) {
  if (frame.size() <= kEthernetBytes) return std::nullopt;
  const unsigned version = frame[kEthernetBytes] >> 4;
  if (version == 4 && frame.size() >= kEthernetBytes + 20)
    return OuterAddresses{address_at(frame, kEthernetBytes + 12, Family::v4),
                          address_at(frame, kEthernetBytes + 16, Family::v4)};
  if (version == 6 && frame.size() >= kEthernetBytes + 40)
    return OuterAddresses{address_at(frame, kEthernetBytes + 8, Family::v6),
                          address_at(frame, kEthernetBytes + 24, Family::v6)};
  return std::nullopt;
}

const TableRing* ring_of(const Tables& tables, std::uint32_t service) {
  const auto found =
      std::lower_bound(tables.rings.begin(), tables.rings.end(), service,
                       [](const TableRing& ring, std::uint32_t id) { return ring.service < id; });
  return found != tables.rings.end() && found->service == service ? &*found : nullptr;
}

bool has_next_hop(const sf_backend& row) { return (row.ethernet[12] | row.ethernet[13]) != 0; }

std::vector<FoundPort> source_ports(const Tables& tables, const TableRing& ring, Packet packet,
                                    std::size_t most) {
  std::vector<FoundPort> found;
  std::unordered_set<std::uint32_t> met;
  const std::uint64_t mask = ring.backends.size() - 1;
  const std::uint32_t mode = tables.services[ring.service].hash_mode;
  const std::uint32_t ports = ignores_source_port(mode) ? 1 : kPorts;
  for (std::uint32_t i = 0; i < ports && found.size() < most; ++i) {
    packet.source_port = static_cast<std::uint16_t>(kFirstPort + i);
    const std::uint32_t id = ring.backends[ring_hash(tables.slot, mode, packet) & mask];
    if (met.insert(id).second) found.push_back({id, packet.source_port});
  }
  return found;
}

bool ignores_source_port(std::uint32_t mode) {
  return mode == SF_HASH_SOURCE || mode == SF_HASH_DESTINATION_PORT;
}

bool refuses_source(std::uint32_t verdict) {
  return verdict == SF_SOURCE_DENIED || verdict == SF_SOURCE_NOT_ALLOWED || verdict == SF_NEW_FLOW_LIMITED;
}

}  // namespace steadfast::rehearsal
