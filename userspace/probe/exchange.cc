// SPDX-License-Identifier: Apache-2.0
#include "probe/exchange.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <vector>

#include "probe/dns.h"
#include "probe/http.h"

namespace steadfast::probe {
namespace {

constexpr std::size_t kMostStatusLine = 512;
constexpr std::size_t kMostDatagram = 65535;

class TcpExchange final : public Exchange {
 public:
  std::optional<Verdict> step(int) override { return Verdict{}; }
};

class HttpExchange final : public Exchange {
 public:
  HttpExchange(std::unique_ptr<Stream> stream, std::string request)
      : stream_(std::move(stream)), request_(std::move(request)) {}

  std::optional<Verdict> step(int socket) override {
    while (sent_ < request_.size()) {
      const Transfer sent = stream_->write(socket, std::string_view(request_).substr(sent_));
      if (sent.failed || sent.ended) return sent.failed.value_or(hung_up());
      if (sent.bytes == 0) return std::nullopt;
      sent_ += sent.bytes;
    }
    return receive(socket);
  }

 private:
  static Verdict hung_up() { return {Outcome::bad_body, "hung up before a status line"}; }

  std::optional<Verdict> receive(int socket) {
    std::array<char, kMostStatusLine> room;
    for (;;) {
      const Transfer received = stream_->read(socket, room);
      if (received.failed || received.ended) return received.failed.value_or(hung_up());
      if (received.bytes == 0) return std::nullopt;
      answer_.append(room.data(), received.bytes);
      if (auto judged = http_answer(answer_)) return judged;
    }
  }

  std::unique_ptr<Stream> stream_;
  std::string request_;
  std::string answer_;
  std::size_t sent_ = 0;
};

// One datagram out; `judge` sees every one that comes back until it has decided.
class DatagramExchange : public Exchange {
 public:
  explicit DatagramExchange(std::vector<std::uint8_t> question) : question_(std::move(question)) {}

  std::optional<Verdict> step(int socket) override {
    if (!sent_ && send(socket, question_.data(), question_.size(), MSG_NOSIGNAL) < 0) return failure();
    sent_ = true;
    thread_local std::vector<std::uint8_t> room(kMostDatagram);
    for (;;) {
      const auto received = recv(socket, room.data(), room.size(), 0);
      if (received < 0) return failure();
      if (auto judged = judge({room.data(), static_cast<std::size_t>(received)})) return judged;
    }
  }

 protected:
  const std::vector<std::uint8_t>& question() const { return question_; }

 private:
  static std::optional<Verdict> failure() {
    if (errno == EAGAIN || errno == EINTR) return std::nullopt;
    return verdict_of_error(errno);
  }
  virtual std::optional<Verdict> judge(std::span<const std::uint8_t> answer) const = 0;

  std::vector<std::uint8_t> question_;
  bool sent_ = false;
};

class UdpExchange final : public DatagramExchange {
 public:
  using DatagramExchange::DatagramExchange;

 private:
  std::optional<Verdict> judge(std::span<const std::uint8_t>) const override { return Verdict{}; }
};

class DnsExchange final : public DatagramExchange {
 public:
  using DatagramExchange::DatagramExchange;

 private:
  std::optional<Verdict> judge(std::span<const std::uint8_t> answer) const override {
    return dns_answer(question(), answer);
  }
};

// A check whose question cannot be asked.
class ImpossibleExchange final : public Exchange {
 public:
  explicit ImpossibleExchange(std::string why) : why_(std::move(why)) {}
  std::optional<Verdict> step(int) override { return Verdict{Outcome::local_error, why_}; }

 private:
  std::string why_;
};

}  // namespace

std::unique_ptr<Exchange> tcp_exchange() { return std::make_unique<TcpExchange>(); }

std::unique_ptr<Exchange> http_exchange(std::unique_ptr<Stream> stream, std::string request) {
  return std::make_unique<HttpExchange>(std::move(stream), std::move(request));
}

std::unique_ptr<Exchange> udp_exchange(std::string payload) {
  return std::make_unique<UdpExchange>(std::vector<std::uint8_t>(payload.begin(), payload.end()));
}

std::unique_ptr<Exchange> dns_exchange(std::uint16_t id, const std::string& name) {
  auto query = dns_query(id, name);
  if (query.empty()) return std::make_unique<ImpossibleExchange>("'" + name + "' is not a domain name");
  return std::make_unique<DnsExchange>(std::move(query));
}

}  // namespace steadfast::probe
