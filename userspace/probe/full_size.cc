// SPDX-License-Identifier: Apache-2.0
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cerrno>

#include "probe/exchange.h"

namespace steadfast::probe {
namespace {

// RFC 7323: the timestamps option with its padding.
constexpr unsigned kTimestamps = 12;

std::optional<tcp_info> read_info(int socket) {
  tcp_info info{};
  socklen_t bytes = sizeof info;
  if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &bytes) != 0) return std::nullopt;
  return info;
}

// The segment is as long as the connection allows, which the session has limited
// to what the path takes; only that it was acknowledged counts. A reset after it
// is an acknowledgement too: nothing else was sent that could have caused one.
class FullSizeExchange final : public Exchange {
 public:
  FullSizeExchange(std::uint16_t headers, std::string request)
      : headers_(headers), request_(std::move(request)) {}

  std::optional<Verdict> step(int socket) override {
    if (full_bytes_ == 0) return send_segment(socket);
    const auto info = read_info(socket);
    if (!info) return verdict_of_error(errno);
    if (info->tcpi_state == TCP_CLOSE) return closed(socket);
    int unacknowledged = 0;
    if (ioctl(socket, SIOCOUTQ, &unacknowledged) != 0) return verdict_of_error(errno);
    if (unacknowledged != 0) return std::nullopt;
    return Verdict{Outcome::passed, size_text()};
  }

  std::uint16_t full_bytes() const override { return full_bytes_; }

 private:
  std::string size_text() const { return "a packet of " + std::to_string(full_bytes_) + " bytes arrived"; }

  // Acknowledgements wake nobody by themselves: the kernel is asked to report them.
  std::optional<Verdict> send_segment(int socket) {
    const auto info = read_info(socket);
    const unsigned report = SOF_TIMESTAMPING_TX_ACK | SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_TSONLY;
    if (!info || setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPING, &report, sizeof report) != 0)
      return verdict_of_error(errno);
    request_.resize(info->tcpi_snd_mss, '\n');
    if (send(socket, request_.data(), request_.size(), MSG_NOSIGNAL) < 0) return verdict_of_error(errno);
    const unsigned options = (info->tcpi_options & TCPI_OPT_TIMESTAMPS) != 0 ? kTimestamps : 0;
    full_bytes_ = static_cast<std::uint16_t>(headers_ + options + info->tcpi_snd_mss);
    return std::nullopt;
  }

  std::optional<Verdict> closed(int socket) const {
    int failed = 0;
    socklen_t bytes = sizeof failed;
    getsockopt(socket, SOL_SOCKET, SO_ERROR, &failed, &bytes);
    if (failed != 0 && failed != ECONNRESET && failed != EPIPE) return verdict_of_error(failed);
    return Verdict{Outcome::passed, size_text() + " and was answered with a reset"};
  }

  std::uint16_t headers_;
  std::string request_;
  std::uint16_t full_bytes_ = 0;
};

}  // namespace

std::unique_ptr<Exchange> full_size_exchange(std::uint16_t headers, std::string request) {
  return std::make_unique<FullSizeExchange>(headers, std::move(request));
}

}  // namespace steadfast::probe
