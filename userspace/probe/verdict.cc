// SPDX-License-Identifier: Apache-2.0
#include "probe/verdict.h"

#include <cerrno>
#include <cstring>

namespace steadfast::probe {

Verdict verdict_of_error(int os_error) {
  switch (os_error) {
    case ECONNREFUSED:
      return {Outcome::refused, ""};
    case ECONNRESET:
    case EPIPE:
      return {Outcome::refused, "reset after the handshake"};
    case EHOSTUNREACH:
    case ENETUNREACH:
    case EHOSTDOWN:
    case ENONET:
      return {Outcome::unreachable, std::strerror(os_error)};
    case ETIMEDOUT:
      return {Outcome::no_answer, ""};
    default:
      return {Outcome::local_error, std::strerror(os_error)};
  }
}

}  // namespace steadfast::probe
