// SPDX-License-Identifier: Apache-2.0
// Silence: a backend completes far fewer handshakes than the others of its pool in
// the same seconds. Both sides come from the same seconds, so a scan, a flood or a
// lost return path, which hit all alike, say nothing about one of them.
//
// Over each of several windows that end now, it is the log-likelihood ratio of "one
// share for this backend and another for the rest" against "one share for all".
// The estimated shares stand on both sides, so a small pool or few flows make it
// small by themselves. It must hold against the others of the same seconds and of
// half a minute, and the thresholds rise as the others complete less.
//
// Must not enter: what is done about it (trial.h); services whose hash gives one
// client's flows to one backend, because there a single scanner is not shared out.
#pragma once

#include <optional>
#include <string>

#include "health/handshakes.h"

namespace steadfast::health {

struct Silence {
  double evidence = 0;  // log-likelihood ratio
  double share = 0;     // of its handshakes that completed
  double others = 0;    // the same of the rest of the pool
  unsigned ticks = 0;   // window it was found in
  Handshakes counted;   // in it
};

// `pool` is the sum over all backends, this one included.
std::optional<Silence> find_silence(const HandshakeHistory& own, const HandshakeHistory& pool);

// "0 of 12 handshakes completed in 5 s, 99 % of the others'"
std::string text_of(const Silence& silence);

}  // namespace steadfast::health
