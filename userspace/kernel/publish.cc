// SPDX-License-Identifier: Apache-2.0
#include "kernel/publish.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <string>

#include "base/bug.h"
#include "base/clock.h"
#include "base/fault_point.h"

namespace steadfast {
namespace {

using Clock = std::chrono::steady_clock;

std::uint32_t lines_for(std::size_t entries) {
  return static_cast<std::uint32_t>((entries + SF_RING_LINE_ENTRIES - 1) / SF_RING_LINE_ENTRIES);
}

template <typename Row>
std::span<Row> slot_rows(std::span<Row> all, std::uint32_t slot) {
  const std::size_t rows = all.size() / SF_SLOTS;
  return all.subspan(slot * rows, rows);
}

template <typename Row>
Result<void> has_room(std::span<const Row> table, const std::vector<Row>& rows, const char* name) {
  const std::size_t room = table.size() / SF_SLOTS;
  if (rows.size() <= room) return {};
  return Error{std::string(name) + " has " + std::to_string(room) +
               " rows for a generation, and this one needs " + std::to_string(rows.size()) +
               "; raise [limits]"};
}

// Copies `rows` to the front of `target` and empties the rest: a row of an older
// generation must not outlive it.
template <typename Row>
void write_rows(std::span<Row> target, const std::vector<Row>& rows) {
  invariant(rows.size() <= target.size(), "write() has seen that the rows fit");
  if (!rows.empty()) std::memcpy(target.data(), rows.data(), rows.size() * sizeof(Row));
  std::memset(static_cast<void*>(target.data() + rows.size()), 0,
              (target.size() - rows.size()) * sizeof(Row));
}

template <typename Row>
Result<void> same_rows(std::span<const Row> target, const std::vector<Row>& rows, const char* table) {
  for (std::size_t i = 0; i < target.size(); ++i) {
    const Row want = i < rows.size() ? rows[i] : Row{};
    if (std::memcmp(&target[i], &want, sizeof want) != 0)
      return Error{std::string("read back: row ") + std::to_string(i) + " of " + table +
                   " differs from what was written"};
  }
  return {};
}

// Backend 0 is nobody's. The word must not become 0, or flows that came after it and
// found their first way taken would no longer be looked for.
__u64 nobodys(__u64 word) {
  return (word &
          ~(std::uint64_t{SF_BACKEND_ID_MAX} << SF_FLOW_BACKEND_SHIFT | 0xfull << SF_FLOW_STATE_SHIFT)) |
         std::uint64_t{SF_FLOW_CLOSING} << SF_FLOW_STATE_SHIFT;
}

void forget(sf_bucket& bucket, const std::vector<bool>& gone) {
  for (__u64& way : bucket.way) {
    std::atomic_ref<__u64> flow(way);
    __u64 word = flow.load(std::memory_order_relaxed);
    const auto id = word >> SF_FLOW_BACKEND_SHIFT & SF_BACKEND_ID_MAX;
    if (word != 0 && id < gone.size() && gone[id]) flow.compare_exchange_strong(word, nobodys(word));
  }
}

}  // namespace

Publisher::Publisher(Kernel& kernel) : kernel_(kernel), selector_(*kernel.memory().selector) {
  needs_grace_.fill(true);
}

// Neither the live slots nor the one to fall back to.
std::uint32_t Publisher::free_slot() const {
  const std::uint32_t current = selector_.current();
  for (std::uint32_t step = 1; step <= SF_SLOTS; ++step) {
    const std::uint32_t slot = current == SF_NO_SLOT ? step - 1 : (current + step) % SF_SLOTS;
    if (!selector_.needs(slot)) return slot;
  }
  bug("of four slots at most three are spoken for");
}

Result<void> Publisher::fits(const Tables& tables) const {
  const Memory& memory = kernel_.memory();
  if (auto room = has_room<sf_bucket>(memory.index, tables.index, "sf_index"); !room) return room;
  if (auto room = has_room<sf_service>(memory.services, tables.services, "sf_services"); !room) return room;
  if (auto room = has_room<sf_backend>(memory.backends, tables.backends, "sf_backends"); !room) return room;
  return has_room<sf_range>(memory.ranges, tables.ranges, "sf_ranges");
}

Result<void> Publisher::grace(std::uint32_t slot) {
  if (!needs_grace_[slot]) return {};
  if (auto waited = kernel_.wait_for_packets(); !waited) return waited.error();
  for (std::uint32_t other = 0; other < SF_SLOTS; ++other) needs_grace_[other] = selector_.needs(other);
  return {};
}

// The memory may have been written by somebody else: a row is believed only as
// far as it stays within the arena.
bool Publisher::is_in_arena(const sf_service& row) const {
  const std::uint64_t end = std::uint64_t{row.ring_line} + lines_for(std::uint64_t{row.ring_mask} + 1);
  return row.active != 0 && end <= kernel_.memory().rings.size();
}

std::vector<Publisher::Extent> Publisher::extents_of(std::uint32_t slot) const {
  std::vector<Extent> extents;
  for (const sf_service& service : slot_rows(kernel_.memory().services, slot))
    if (is_in_arena(service))
      extents.push_back({service.ring_line, lines_for(std::size_t{service.ring_mask} + 1)});
  return extents;
}

// Line of the running generation's ring for this service when it is the same one.
std::uint32_t Publisher::shared_line(std::uint32_t service, const std::vector<std::uint16_t>& ring) const {
  const Memory& memory = kernel_.memory();
  const std::uint32_t current = selector_.current();
  if (current == SF_NO_SLOT) return SF_NO_SLOT;
  const sf_service& row = slot_rows(memory.services, current)[service];
  if (!is_in_arena(row) || row.ring_mask + 1 != ring.size()) return SF_NO_SLOT;
  const bool same =
      std::memcmp(memory.rings[row.ring_line].backend, ring.data(), ring.size() * sizeof ring[0]) == 0;
  return same ? row.ring_line : SF_NO_SLOT;
}

// First fit between the extents in use, which are sorted.
Result<std::uint32_t> Publisher::allocate(std::uint32_t lines, const std::vector<Extent>& taken) const {
  std::uint32_t at = 0;
  for (const Extent& extent : taken) {
    if (extent.line >= at && extent.line - at >= lines) return at;
    at = std::max(at, extent.line + extent.lines);
  }
  if (kernel_.memory().rings.size() - at >= lines) return at;
  return Error{"the ring arena has no room for " + std::to_string(lines) + " lines; raise limits.backends"};
}

Result<std::vector<sf_service>> Publisher::place_rings(std::uint32_t slot, const Tables& tables) {
  std::vector<Extent> taken;
  for (std::uint32_t other = 0; other < SF_SLOTS; ++other) {
    if (other == slot) continue;
    const auto extents = extents_of(other);
    taken.insert(taken.end(), extents.begin(), extents.end());
  }
  const auto by_line = [](const Extent& a, const Extent& b) { return a.line < b.line; };
  std::sort(taken.begin(), taken.end(), by_line);
  std::vector<sf_service> services = tables.services;
  for (const TableRing& ring : tables.rings) {
    std::uint32_t line = shared_line(ring.service, ring.backends);
    if (line == SF_NO_SLOT) {
      const auto found = allocate(lines_for(ring.backends.size()), taken);
      if (!found) return found.error();
      line = *found;
      const Extent extent{line, lines_for(ring.backends.size())};
      taken.insert(std::upper_bound(taken.begin(), taken.end(), extent, by_line), extent);
      std::memcpy(kernel_.memory().rings[line].backend, ring.backends.data(),
                  ring.backends.size() * sizeof ring.backends[0]);
    }
    services[ring.service].ring_line = line;
  }
  return services;
}

void Publisher::fill(std::uint32_t slot, const Tables& tables, const std::vector<sf_service>& services) {
  Memory& memory = kernel_.memory();
  write_rows(slot_rows(memory.index, slot), tables.index);
  fault_point("index written");
  write_rows(slot_rows(memory.services, slot), services);
  fault_point("services written");
  write_rows(slot_rows(memory.backends, slot), tables.backends);
  fault_point("backends written");
  write_rows(slot_rows(memory.ranges, slot), tables.ranges);
  memory.slots[slot] = tables.slot;
}

Result<void> Publisher::read_back(std::uint32_t slot, const Tables& tables,
                                  const std::vector<sf_service>& services) const {
  const Memory& memory = kernel_.memory();
  const auto rows = [&](auto table) {
    return slot_rows<const typename decltype(table)::value_type>(table, slot);
  };
  if (auto same = same_rows(rows(memory.index), tables.index, "sf_index"); !same) return same;
  if (auto same = same_rows(rows(memory.services), services, "sf_services"); !same) return same;
  if (auto same = same_rows(rows(memory.backends), tables.backends, "sf_backends"); !same) return same;
  if (auto same = same_rows(rows(memory.ranges), tables.ranges, "sf_ranges"); !same) return same;
  if (std::memcmp(&memory.slots[slot], &tables.slot, sizeof tables.slot) != 0)
    return Error{"read back: slot " + std::to_string(slot) + " differs from what was written"};
  for (const TableRing& ring : tables.rings) {
    const sf_ring_line& line = memory.rings[services[ring.service].ring_line];
    if (std::memcmp(line.backend, ring.backends.data(), ring.backends.size() * sizeof ring.backends[0]) != 0)
      return Error{"read back: the ring of service id " + std::to_string(ring.service) + " differs"};
  }
  return {};
}

Result<std::uint32_t> Publisher::write(const Tables& tables, PublishTimes* times) {
  if (auto fit = fits(tables); !fit) return fit.error();
  const std::uint32_t slot = free_slot();
  auto start = Clock::now();
  if (auto waited = grace(slot); !waited)
    return waited.error().while_doing("waiting for packets to leave the slot");
  fault_point("no packet uses the free slot");
  if (times != nullptr) times->grace_ms = ms_since(start);
  start = Clock::now();
  auto services = place_rings(slot, tables);
  if (!services) return services.error();
  fault_point("rings written");
  fill(slot, tables, *services);
  if (auto same = read_back(slot, tables, *services); !same) return same.error();
  fault_point("read back");
  placed_[slot] = std::move(*services);
  if (times != nullptr) times->write_ms = ms_since(start);
  return slot;
}

void Publisher::flip(std::uint32_t slot) {
  needs_grace_[slot] = true;
  selector_.make_live(slot);
}

bool Publisher::show(std::uint32_t slot, double share) {
  needs_grace_[slot] = true;
  return share < 1 ? selector_.start_canary(slot, share) : selector_.make_live_unless_undone(slot);
}

void Publisher::flip_until(std::uint32_t slot, std::uint64_t deadline_ns, double share) {
  selector_.arm(deadline_ns);
  fault_point("armed");
  invariant(show(slot, share), "the timer waits until there is something to fall back from");
}

// The deadline first: afterwards the timer leaves the daemon time for the rest.
bool Publisher::widen(std::uint32_t slot, std::uint64_t deadline_ns, double share) {
  return selector_.extend(deadline_ns) && show(slot, share);
}

bool Publisher::replace(std::uint32_t from, std::uint32_t slot) {
  needs_grace_[slot] = true;
  return selector_.replace(from, slot);
}

Result<PublishTimes> Publisher::publish(const Tables& tables) {
  PublishTimes times;
  const auto slot = write(tables, &times);
  if (!slot) return slot.error();
  const auto start = Clock::now();
  flip(*slot);
  times.flip_us = ms_since(start) * 1000;
  return times;
}

Result<void> Publisher::forget_flows(const std::vector<bool>& gone) {
  if (auto waited = kernel_.wait_for_packets(); !waited) return waited;
  for (sf_bucket& bucket : kernel_.memory().flows) forget(bucket, gone);
  for (sf_bucket& bucket : kernel_.memory().fragments) forget(bucket, gone);
  return {};
}

}  // namespace steadfast
