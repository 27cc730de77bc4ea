// SPDX-License-Identifier: Apache-2.0
#include "datapath/differential_damage.h"

#include <algorithm>

namespace steadfast::differential {
namespace {

template <typename Row>
std::span<Row> rows_of(std::span<Row> all, std::uint32_t slot) {
  const std::size_t rows = all.size() / SF_SLOTS;
  return all.subspan(slot * rows, rows);
}

std::uint32_t some_count(Random& random) {
  return random.one_of<std::uint32_t>({0, 1, 7, 600, 0x10000, 0xffffffff});
}

class Damage {
 public:
  Damage(Random& random, Memory& memory) : random_(random), memory_(memory), slot_(live_slot(memory)) {}

  void one() {
    switch (random_.below(6)) {
      case 0:
        return index();
      case 1:
        return service();
      case 2:
        return backend();
      case 3:
        return ring();
      case 4:
        return range();
      default:
        return slot();
    }
  }

 private:
  template <typename Row>
  Row& some(std::span<Row> rows) {
    return rows[random_.below(std::min<std::size_t>(rows.size(), 64))];
  }

  // The fingerprint stays, the service is another, or none.
  void index() {
    for (sf_bucket& bucket : rows_of(memory_.index, slot_))
      if (bucket.way[0] != 0 && random_.once_in(3))
        bucket.way[0] = (bucket.way[0] & ~0xffffffffull) | random_.below(memory_.capacity.services + 2);
  }

  void service() {
    sf_service& row = memory_.services[slot_ * memory_.capacity.services + 1 + random_.below(8)];
    switch (random_.below(8)) {
      case 0:
        row.ring_line = static_cast<std::uint32_t>(random_.word());
        break;
      case 1:
        row.ring_mask = static_cast<std::uint32_t>(random_.word());
        break;
      case 2:
        row.active ^= 1;
        break;
      case 3:
        row.hash_mode = static_cast<std::uint8_t>(random_.word());
        break;
      case 4:
        row.checks = static_cast<std::uint8_t>(random_.below(16));
        break;
      case 5:
        row.quic_bytes = static_cast<std::uint8_t>(random_.below(12));
        break;
      case 6:
        row.sources = {some_count(random_), some_count(random_)};
        break;
      default:
        row.server_ids = {some_count(random_), some_count(random_)};
    }
  }

  // The service stays one that has counters: what is counted nowhere breaks the law of sums.
  void backend() {
    sf_backend& row = some(rows_of(memory_.backends, slot_));
    switch (random_.below(8)) {
      case 0:
        row.state = static_cast<std::uint8_t>(random_.below(4));
        break;
      case 1:
        row.service_id = static_cast<std::uint16_t>(random_.below(memory_.capacity.services));
        break;
      case 2:
        row.outer_bytes = random_.one_of<std::uint8_t>({0, 20, 28, 40, 48, 7, 255});
        break;
      case 3:
        row.mtu = static_cast<std::uint16_t>(random_.below(1600));
        break;
      case 4:
        row.checks = static_cast<std::uint8_t>(random_.below(16));
        break;
      case 5:
        row.entropy_bits = static_cast<std::uint8_t>(random_.word());
        break;
      case 6:
        row.egress = random_.below(9);
        break;
      default:
        row.tag_bytes = random_.one_of<std::uint8_t>({0, 4, 8});
    }
  }

  void ring() {
    for (sf_ring_line& line : memory_.rings)
      for (std::uint32_t entries = random_.below(8); entries > 0; --entries)
        line.backend[random_.below(SF_RING_LINE_ENTRIES)] =
            static_cast<std::uint16_t>(random_.once_in(2) ? random_.below(64) : random_.word());
  }

  void range() {
    sf_range& row = some(rows_of(memory_.ranges, slot_));
    switch (random_.below(3)) {
      case 0:
        row.value = some_count(random_);
        break;
      case 1:
        row.count = some_count(random_);
        break;
      default:
        row.key[1] = random_.word();
    }
    // Values are service ids in some spans; see backend().
    if (row.count == 0) row.value %= memory_.capacity.services;
  }

  void slot() {
    sf_slot& row = memory_.slots[slot_];
    switch (random_.below(4)) {
      case 0:
        row.wide[random_.below(2)][random_.below(2)].first = some_count(random_);
        break;
      case 1:
        row.index_mask = static_cast<std::uint32_t>(random_.word());
        break;
      case 2:
        row.members[0] = {1, 7};
        break;
      default:
        row.hash_key[0] ^= 1;
    }
  }

  Random& random_;
  Memory& memory_;
  std::uint32_t slot_;
};

}  // namespace

void damage_one(Random& random, Memory& memory) { Damage(random, memory).one(); }

}  // namespace steadfast::differential
