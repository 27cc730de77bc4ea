// SPDX-License-Identifier: Apache-2.0
// Packets: what comes to a balancer, made from its configuration: clients of its
// services, their fragments, routers and the network in between, people who look
// for holes. Most frames are nearly right; some are damaged.
//
// Must not enter: engines, judgement of what must become of a frame.
#pragma once

#include <vector>

#include "base/frame.h"
#include "datapath/differential_random.h"
#include "model/model.h"

namespace steadfast::differential {

class Packets {
 public:
  Packets(Random& random, const Model& model) : random_(random), model_(model) {}
  Frame next();

 private:
  const Service* some_service();
  Address some_client(bool v4);
  Address address_of(const Service& service);
  std::uint16_t port_of(const Service& service);
  std::uint16_t some_payload();
  Packet client_packet();
  Packet again();

  Frame plain();
  Frame fragmented();
  Frame icmp_error();
  Frame echo();
  Frame quic();
  Frame not_ip();
  Frame dressed(Frame frame);
  Frame chained(Frame frame);
  void put_connection_id(Frame& frame, std::size_t at, const Service* service);
  void damage(Frame& frame);

  Random& random_;
  const Model& model_;
  std::vector<Packet> recent_;
};

}  // namespace steadfast::differential
