// SPDX-License-Identifier: Apache-2.0
// Rows: one service or one backend in the layout of abi.h, outer header included.
//
// Must not enter: which id a row has, where a ring lies.
#pragma once

#include "bpf/abi.h"
#include "compile/next_hop.h"
#include "model/model.h"

namespace steadfast {

// The interface that packets are redirected to. With one interface every packet
// leaves by the one it came in on, and the program need not ask which that was: 0.
std::uint32_t egress_of(const Model& model, const NextHop& hop);

// sf_backend::outer_sum of an outer IPv4 header: its words as they stand in memory (RFC 1071 §2.B).
std::uint16_t outer_sum_of(const std::uint8_t* ipv4_header);

// What the index finds it by; a wide service has port 0, which it never finds.
sf_service_key key_of(const Service& service);

// Without its ring and its ranges.
sf_service service_row(const Service& service);

// `next_hop` may be null: the row then has no Ethernet header, and packets for
// it get the verdict no_next_hop.
sf_backend backend_row(const Model& model, const Service& service, std::uint32_t service_id,
                       const Backend& backend, const NextHop* next_hop);

}  // namespace steadfast
