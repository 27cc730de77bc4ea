// SPDX-License-Identifier: Apache-2.0
// Sends N packets of one known flow through the host engine, nothing else: what
// scripts/lib/packet_profile.py lets callgrind count, once for a few and once for
// many packets, so that the difference is the packets alone.
#include <cstdio>
#include <cstdlib>

#include "base/bug.h"
#include "packet_lab.h"
#include "support/lab.h"

int main(int argc, char** argv) {
  using namespace steadfast;
  if (argc != 5) {
    std::fputs("usage: profile_run FAMILY MODE PROTOCOL PACKETS\n", stderr);
    return 2;
  }
  const bench::Path path{argv[1], argv[2], argv[3]};
  Lab lab(Engine::host, bench::lab_text(path, {}));
  const Frame frame = bench::drive_of(path, false).frame;
  for (long left = std::atol(argv[4]); left > 0; --left)
    invariant(lab.run(frame).frame.size() == frame.size() + path.grows(), "a known flow is forwarded");
}
