// SPDX-License-Identifier: Apache-2.0
#include "probe/icmp.h"
#include "probe/session.h"

namespace steadfast::probe {

Verdict refined(Verdict verdict, const Wire& wire) {
  if (!is_silence(verdict.outcome)) return verdict;
  if (wire.unsent != 0) return {Outcome::local_error, "the interface has no room for the outer header"};
  if (wire.wrong_source) return {Outcome::wrong_source, "answered from " + wire.wrong_source->text()};
  if (!wire.icmp) return verdict;
  const bool closed = meaning_of(*wire.icmp) == IcmpMeaning::port_closed;
  return {closed ? Outcome::refused : Outcome::unreachable, text_of(*wire.icmp)};
}

}  // namespace steadfast::probe
