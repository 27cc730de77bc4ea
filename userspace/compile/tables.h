// SPDX-License-Identifier: Apache-2.0
// Tables: one generation as the kernel keeps it, byte for byte, except where
// each ring lies in the arena (kernel/publish.h decides that). compile() is pure
// and deterministic: the same model, ids and next hops give the same bytes on
// every machine.
//
// Must not enter: libbpf, files, the clock.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "bpf/abi.h"
#include "compile/identity.h"
#include "compile/next_hop.h"
#include "compile/ring.h"
#include "model/model.h"

namespace steadfast {

struct TableRing {
  std::uint32_t service = 0;            // id
  std::vector<std::uint16_t> backends;  // id per entry; a power of two of them, or empty
};

// Where a row of the tables comes from in the model: indices.
struct ServiceOrigin {
  std::size_t service = SIZE_MAX;
};
struct BackendOrigin {
  std::size_t service = SIZE_MAX;
  std::size_t pool = SIZE_MAX;
  std::size_t backend = SIZE_MAX;
};

struct Tables {
  sf_slot slot{};
  std::vector<sf_bucket> index;
  std::vector<sf_service> services;  // by id; [0] is unused
  std::vector<sf_backend> backends;  // by id; [0] is unused
  std::vector<TableRing> rings;      // one per service that has one, by id
  std::vector<sf_range> ranges;
  std::vector<ServiceOrigin> service_origin;
  std::vector<BackendOrigin> backend_origin;
};

// Sizes of the maps for these limits.
sf_capacity capacity_for(const Limits& limits, std::uint32_t cpus);

// Assigns ids in `identities` (the caller keeps them) and fills every table.
// Fails when ids run out although the limits allow the count: quarantine.
// `rings` may hold the rings of an earlier compilation.
Result<Tables> compile(const Model& model, std::uint64_t generation, Identities& identities,
                       const NextHops& next_hops, RingCache& rings);
Result<Tables> compile(const Model& model, std::uint64_t generation, Identities& identities,
                       const NextHops& next_hops);

// Digest (hex SHA-256) of everything that decides where packets go and is the
// same on every balancer: no ids, no next hops.
std::string digest(const Model& model);

}  // namespace steadfast
