// SPDX-License-Identifier: Apache-2.0
// Fields: what every byte of a row in the kernel means. The lists name each
// member of each layout of abi.h once and in order; a member that is missing, or
// added later and not listed, does not build.
//
// Must not enter: what a value should be (tables.h, selector.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "bpf/abi.h"

namespace steadfast::audit {

// X(member, form): how people read it: a number, hex digits of a number, or bytes as they stand.
#define SF_SPAN_FIELDS(X, span) X(span.first, number) X(span.count, number)
#define SF_MEMBER_FIELDS(X, member) X(member.ifindex, number) X(member.bond, number)

#define SF_SLOT_FIELDS(X)         \
  X(hash_key, hex)                \
  X(index_key, hex)               \
  X(generation, number)           \
  X(index_mask, number)           \
  X(service_count, number)        \
  X(backend_count, number)        \
  X(echo_limit, number)           \
  X(too_big_limit, number)        \
  X(range_count, number)          \
  X(reserved0, number)            \
  SF_SPAN_FIELDS(X, wide[0][0])   \
  SF_SPAN_FIELDS(X, wide[0][1])   \
  SF_SPAN_FIELDS(X, wide[1][0])   \
  SF_SPAN_FIELDS(X, wide[1][1])   \
  SF_SPAN_FIELDS(X, prefixes[0])  \
  SF_SPAN_FIELDS(X, prefixes[1])  \
  SF_MEMBER_FIELDS(X, members[0]) \
  SF_MEMBER_FIELDS(X, members[1]) \
  SF_MEMBER_FIELDS(X, members[2]) \
  SF_MEMBER_FIELDS(X, members[3]) \
  SF_MEMBER_FIELDS(X, members[4]) \
  SF_MEMBER_FIELDS(X, members[5]) \
  SF_MEMBER_FIELDS(X, members[6]) \
  SF_MEMBER_FIELDS(X, members[7]) \
  X(reserved1, number)

#define SF_SELECTOR_FIELDS(X) \
  X(live, hex)                \
  X(previous, number)         \
  X(confirmed, number)        \
  X(deadline_ns, number)      \
  X(ticks, number)            \
  X(fallbacks, number)        \
  X(fell_back_ns, number)     \
  X(clock_s, number)          \
  X(sample_until_s, number)   \
  X(reserved, number)

#define SF_BUCKET_FIELDS(X) X(way, hex)
#define SF_RANGE_FIELDS(X) X(key, hex) X(value, number) X(count, number)
#define SF_RING_LINE_FIELDS(X) X(backend, number)

#define SF_SERVICE_FIELDS(X)      \
  X(key.addr, bytes)              \
  X(key.port, bytes)              \
  X(key.protocol, number)         \
  X(key.family, number)           \
  X(ring_line, number)            \
  X(ring_mask, number)            \
  X(active, number)               \
  X(hash_mode, number)            \
  X(hash_only, number)            \
  X(checks, hex)                  \
  X(quic_bytes, number)           \
  X(new_flows_per_source, number) \
  SF_SPAN_FIELDS(X, sources)      \
  SF_SPAN_FIELDS(X, server_ids)   \
  X(quic_config, number)          \
  X(vip_bits, number)             \
  X(first_port, number)           \
  X(last_port, number)            \
  X(reserved, number)

#define SF_BACKEND_FIELDS(X) \
  X(vip, bytes)              \
  X(port, bytes)             \
  X(protocol, number)        \
  X(family, number)          \
  X(service_id, number)      \
  X(state, number)           \
  X(checks, hex)             \
  X(idle_s, number)          \
  X(mtu, number)             \
  X(outer_bytes, number)     \
  X(entropy_bits, number)    \
  X(tag_bytes, number)       \
  X(forward, number)         \
  X(egress, number)          \
  X(ethernet, all_bytes)     \
  X(outer_sum, hex)          \
  X(outer, all_bytes)        \
  X(vip_rest, bytes)         \
  X(tags[0].type, bytes)     \
  X(tags[0].tci, bytes)      \
  X(tags[1].type, bytes)     \
  X(tags[1].tci, bytes)      \
  X(address, bytes)          \
  X(address_family, number)  \
  X(reserved, number)

// X(layout, its list)
#define SF_LAYOUTS(X)                  \
  X(sf_slot, SF_SLOT_FIELDS)           \
  X(sf_selector, SF_SELECTOR_FIELDS)   \
  X(sf_bucket, SF_BUCKET_FIELDS)       \
  X(sf_range, SF_RANGE_FIELDS)         \
  X(sf_ring_line, SF_RING_LINE_FIELDS) \
  X(sf_service, SF_SERVICE_FIELDS)     \
  X(sf_backend, SF_BACKEND_FIELDS)

// `all_bytes`: an array that is one value, as a header is; the others have a value per element.
enum class Form { number, hex, bytes, all_bytes };

struct Field {
  const char* name;
  std::size_t offset;
  std::size_t bytes;          // of the whole member
  std::size_t element_bytes;  // of what one value takes
  Form form;
};

template <typename Row>
std::span<const Field> fields_of();
#define X(layout, list) \
  template <>           \
  std::span<const Field> fields_of<layout>();
SF_LAYOUTS(X)
#undef X

// One value that is not what it must be.
struct FieldDifference {
  std::string field;  // "ring_mask", "way[3]", "wide[0][1].count"
  std::string desired;
  std::string found;
};

// Every value in which two rows differ, in the order of the layout.
std::vector<FieldDifference> differing(std::span<const Field> fields, const void* desired, const void* found);

template <typename Row>
std::vector<FieldDifference> differing(const Row& desired, const Row& found) {
  return differing(fields_of<Row>(), &desired, &found);
}

}  // namespace steadfast::audit
