// SPDX-License-Identifier: Apache-2.0
#include "probe/session.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include "base/bug.h"
#include "probe/http.h"
#include "probe/record.h"

namespace steadfast::probe {
namespace {

constexpr std::uint16_t kIpv4Header = 20, kIpv6Header = 40, kTcpHeader = 20;

Verdict local(const Error& error) { return {Outcome::local_error, error.what}; }

}  // namespace

Session::Session(ProbeRequest request, std::uint64_t serial, const ProbePath* path, const TlsSettings& tls)
    : request_(std::move(request)), serial_(serial), path_(path), tls_(tls) {
  invariant(!request_.path || path_ != nullptr, "a probe with a path needs its programs attached");
  if (request_.path) request_.path->record.id = serial_;
}

std::uint16_t Session::inner_headers() const {
  const bool v4 =
      request_.path ? request_.path->record.vip_family == SF_IPV4 : request_.backend.address.is_v4();
  return static_cast<std::uint16_t>((v4 ? kIpv4Header : kIpv6Header) + kTcpHeader);
}

std::unique_ptr<Exchange> Session::exchange_for() const {
  const Check& check = request_.check;
  if (check.full_size)
    return full_size_exchange(inner_headers(),
                              check.type == HealthType::http ? http_request(check, request_.backend) : "");
  switch (check.type) {
    case HealthType::tcp:
      return tcp_exchange();
    case HealthType::http:
      return http_exchange(plain_stream(), http_request(check, request_.backend));
    case HealthType::https:
      return http_exchange(tls_.stream(check), http_request(check, request_.backend));
    case HealthType::udp:
      return udp_exchange(check.payload);
    case HealthType::dns:
      return dns_exchange(static_cast<std::uint16_t>(serial_ * 40503u), check.host);
  }
  bug("a check of no type");
}

Result<void> Session::mark() {
  if (!request_.path) return {};
  auto port = local_port(socket_.get());
  if (!port) return port.error();
  port_ = *port;
  return path_->mark(socket_.get(), request_.path->record);
}

// Only what carries data can send a segment that the path has no room for.
Result<void> Session::open() {
  const bool datagram = request_.check.is_datagram();
  auto opened = open_socket(request_.backend.address.family, datagram);
  if (!opened) return opened.error();
  socket_ = std::move(*opened);
  const bool speaks = request_.check.full_size || request_.check.type != HealthType::tcp;
  if (request_.path && !datagram && speaks)
    if (auto limited = limit_segments(socket_.get(), request_.path->inner_mtu, inner_headers()); !limited)
      return limited;
  return mark();
}

std::optional<Verdict> Session::start() {
  if (auto opened = open(); !opened) return local(opened.error());
  exchange_ = exchange_for();
  if (const int failed = connect_to(socket_.get(), request_.backend); failed != 0)
    return verdict_of_error(failed);
  return std::nullopt;
}

std::optional<Verdict> Session::ready() {
  if (!connected_) {
    if (const int failed = pending_error(socket_.get()); failed != 0) return verdict_of_error(failed);
    connected_ = true;
  }
  return exchange_->step(socket_.get());
}

// A connected datagram socket has heard nothing yet.
Verdict Session::out_of_time() const {
  const bool heard = connected_ && !request_.check.is_datagram();
  return {heard ? Outcome::timed_out : Outcome::no_answer, ""};
}

sf_probe_key Session::key() const {
  const sf_probe& record = request_.path->record;
  return {htons(port_), record.protocol, record.vip_family};
}

// A probe that passed has nothing to tell, but its entry must not outlive its port.
Result<std::optional<Wire>> Session::seen(Outcome outcome) const {
  if (outcome == Outcome::passed) {
    if (auto forgotten = path_->forget(key()); !forgotten) return forgotten.error();
    return std::optional<Wire>();
  }
  const auto taken = path_->take(key());
  if (!taken) return taken.error();
  if (!*taken || (*taken)->id != serial_) return std::optional(Wire{});
  return std::optional(wire_of(**taken, request_.path->record.vip_family));
}

ProbeResult Session::finish(Verdict verdict) {
  ProbeResult result;
  result.id = request_.id;
  if (exchange_) result.full_bytes = exchange_->full_bytes();
  exchange_.reset();
  abandon(socket_);
  if (request_.path && port_ != 0) {
    auto wire = seen(verdict.outcome);
    if (!wire) verdict = local(wire.error());
    if (wire && *wire) {
      verdict = refined(std::move(verdict), **wire);
      result.wire = **wire;
    }
  }
  result.outcome = verdict.outcome;
  result.detail = std::move(verdict.detail);
  result.identity = std::move(verdict.identity);
  return result;
}

}  // namespace steadfast::probe
