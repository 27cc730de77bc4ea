// SPDX-License-Identifier: Apache-2.0
// Stream: bytes over a non-blocking connection, plain or in TLS.
//
// Must not enter: what the bytes mean.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "probe/probe.h"
#include "probe/verdict.h"

namespace steadfast::probe {

struct Transfer {
  std::size_t bytes = 0;  // 0 and nothing else set: not now
  bool ended = false;     // the peer has said that there is no more
  std::optional<Verdict> failed;
};

class Stream {
 public:
  virtual ~Stream() = default;
  virtual Transfer write(int socket, std::string_view bytes) = 0;
  virtual Transfer read(int socket, std::span<char> room) = 0;
};

std::unique_ptr<Stream> plain_stream();

// What all TLS probes share: the trusted certificates are read once.
class TlsSettings {
 public:
  static Result<TlsSettings> open();
  std::unique_ptr<Stream> stream(const Check& check) const;

 private:
  struct Context;
  explicit TlsSettings(std::shared_ptr<Context> context) : context_(std::move(context)) {}
  std::shared_ptr<Context> context_;
};

}  // namespace steadfast::probe
