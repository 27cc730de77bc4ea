// SPDX-License-Identifier: Apache-2.0
// PcapngWriter: dropped packets as Wireshark reads them, each with its verdict as the
// packet's comment. libpcap writes no comments, so the three blocks that this takes
// are written here (draft-ietf-opsawg-pcapng: Section Header 4.1, Interface
// Description 4.2, Enhanced Packet 4.3).
//
// Must not enter: reading captures (capture.h).
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "report/live_drop.h"

namespace steadfast::cli {

class PcapngWriter {
 public:
  // Begins a section in `out`, which outlives the writer.
  explicit PcapngWriter(std::ostream& out);
  // What has been added can be read at once; false when it could not be written.
  bool add(const report::LiveDrop& drop);

 private:
  std::uint32_t interface_number(const std::string& name);

  std::ostream& out_;
  std::vector<std::string> interfaces_;  // that have been described, in order
};

}  // namespace steadfast::cli
