// SPDX-License-Identifier: Apache-2.0
// Questions: what is sent to ask a target of a model, and which examination tells
// what one of its backends lacks. Pure: the same model gives the same packets.
//
// Must not enter: when it is asked (health/schedule.h), sockets (probe/).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "compile/next_hop.h"
#include "health/targets.h"
#include "model/model.h"
#include "probe/doctor.h"

namespace steadfast {

// Of this host: where a backend of the other family than the VIP's sends its answers.
struct OwnAddresses {
  std::optional<Address> v4, v6;
  const std::optional<Address>& of(Family family) const { return family == Family::v4 ? v4 : v6; }
};

struct Question {
  probe::ProbeRequest request;  // its id is the asker's
  std::string problem;          // why it cannot be asked from here; empty when it can
};
using Questions = std::map<health::Target, Question>;

Questions questions_of(const Model& model, const std::vector<health::Task>& tasks, const OwnAddresses& own);

// One backend as one service uses it.
struct Checkup {
  std::string service, pool, backend;
  probe::Patient patient;
};
// For every service that a check of its pool asks; without a check the TCP handshake.
std::vector<Checkup> checkups_of(const Model& model, const NextHops& hops, const std::string& pool,
                                 const std::string& backend, const OwnAddresses& own);
// Before users are sent there: for every active backend with a next hop whose packets
// look otherwise than before, or that took none. `before` is null when nothing runs.
std::vector<Checkup> checkups_of_change(const Model& after, const NextHops& hops, const Model* before,
                                        const OwnAddresses& own);

}  // namespace steadfast
