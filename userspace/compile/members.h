// SPDX-License-Identifier: Apache-2.0
// Members: the bonds that packets are redirected to, and the interfaces that are
// part of them. A generation lists SF_MEMBERS of them, and a bond whose members it
// cannot list carries nothing: a packet could not be told from its own way back.
//
// Must not enter: rows (compile/rows.h), who asks for next hops.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "bpf/abi.h"
#include "compile/next_hop.h"
#include "model/model.h"

namespace steadfast {

struct Members {
  std::vector<sf_member> listed;     // SF_MEMBERS at most
  std::set<std::uint32_t> unlisted;  // bonds that are left out, whole
};

// Bonds in order of their number, each that still has room.
Members members_of(const Model& model, const NextHops& next_hops);

// Next hops over bonds that are left out are unresolved, and say why.
void refuse_unlisted(const Model& model, NextHops& next_hops);

}  // namespace steadfast
