// SPDX-License-Identifier: Apache-2.0
// Exchange: what is said on one connected socket until it can be judged. Each is
// called whenever the socket is ready (edge-triggered, so it goes on until the
// socket has no more), and never waits.
//
// Must not enter: connecting, timeouts, which path the packets take.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "probe/probe.h"
#include "probe/stream.h"
#include "probe/verdict.h"

namespace steadfast::probe {

class Exchange {
 public:
  virtual ~Exchange() = default;
  // Nothing: not yet.
  virtual std::optional<Verdict> step(int socket) = 0;
  // Bytes of the largest packet that was sent, where that was the question.
  virtual std::uint16_t full_bytes() const { return 0; }
};

// The handshake itself is the answer.
std::unique_ptr<Exchange> tcp_exchange();
// `headers`: bytes of IP and TCP header around the segment in the inner packet.
std::unique_ptr<Exchange> full_size_exchange(std::uint16_t headers, std::string request);
std::unique_ptr<Exchange> http_exchange(std::unique_ptr<Stream> stream, std::string request);
// Any datagram passes.
std::unique_ptr<Exchange> udp_exchange(std::string payload);
std::unique_ptr<Exchange> dns_exchange(std::uint16_t id, const std::string& name);

}  // namespace steadfast::probe
