// SPDX-License-Identifier: Apache-2.0
// Session: one probe from its socket to its result. Told when the socket is
// ready and when its time is up; asks no clock and waits for nothing.
//
// Must not enter: epoll, the queue of probes (prober.h).
#pragma once

#include <memory>
#include <optional>

#include "kernel/probe_path.h"
#include "probe/exchange.h"
#include "probe/probe.h"
#include "probe/socket.h"

namespace steadfast::probe {

class Session {
 public:
  // `path` may be null where the request has no path; `serial` is never used twice.
  Session(ProbeRequest request, std::uint64_t serial, const ProbePath* path, const TlsSettings& tls);

  // Opens the socket and sends the first packet. A verdict at once where that fails.
  std::optional<Verdict> start();
  std::optional<Verdict> ready();
  // What the end of its time says: a peer that has not said a word, or one that did not finish.
  Verdict out_of_time() const;
  // Ends the probe: closes the socket and asks what was seen of it.
  ProbeResult finish(Verdict verdict);

  int socket() const { return socket_.get(); }
  const ProbeRequest& request() const { return request_; }

 private:
  Result<void> open();
  Result<void> mark();
  std::unique_ptr<Exchange> exchange_for() const;
  std::uint16_t inner_headers() const;
  sf_probe_key key() const;
  Result<std::optional<Wire>> seen(Outcome outcome) const;

  ProbeRequest request_;
  std::uint64_t serial_;
  const ProbePath* path_;
  const TlsSettings& tls_;
  Fd socket_;
  std::uint16_t port_ = 0;
  bool connected_ = false;
  std::unique_ptr<Exchange> exchange_;
};

// What the wire says against the socket: a socket that heard nothing may have
// been answered from elsewhere. Pure.
Verdict refined(Verdict verdict, const Wire& wire);

}  // namespace steadfast::probe
