// SPDX-License-Identifier: Apache-2.0
// Captures: Ethernet frames in pcap files, as tcpdump reads and writes them.
//
// Must not enter: live interfaces.
#pragma once

#include <sys/time.h>

#include <memory>
#include <string>
#include <vector>

#include "base/frame.h"
#include "base/result.h"

struct pcap;
struct pcap_dumper;

namespace steadfast::cli {

struct Captured {
  Frame frame;
  timeval time{};
};

// Whole Ethernet frames only: a shortened one would get the answer for a broken packet.
Result<std::vector<Captured>> read_capture(const std::string& path);

class CaptureWriter {
 public:
  static Result<CaptureWriter> create(const std::string& path);
  void add(const Captured& captured);
  // Call once at the end: only now is everything known to be on disk.
  Result<void> finish();

 private:
  struct Close {
    void operator()(pcap* handle) const;
    void operator()(pcap_dumper* dumper) const;
  };
  std::string path_;
  std::unique_ptr<pcap, Close> format_;
  std::unique_ptr<pcap_dumper, Close> file_;
};

Result<void> write_capture(const std::string& path, const std::vector<Captured>& frames);

}  // namespace steadfast::cli
