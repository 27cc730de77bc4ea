// SPDX-License-Identifier: Apache-2.0
// XdpLinks: one program on several interfaces, by BPF links that are pinned, so
// that forwarding outlives the daemon, and taken over by the next one.
//
// Must not enter: which program, and which interfaces the configuration names.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "kernel/bpf_maps.h"
#include "model/model.h"

namespace steadfast {

class XdpLinks {
 public:
  // `pins` empty: nothing is pinned, and links end with this object.
  XdpLinks(int program, std::filesystem::path pins) : program_(program), pins_(std::move(pins)) {}

  // Replaces the program of a link that an earlier daemon left, or makes a link.
  // In another mode than before: when that fails, the old one is back.
  Result<void> attach(const std::string& interface, XdpMode mode);
  // Ends every link of an interface that is not named.
  Result<void> keep_only(const std::vector<std::string>& interfaces);

 private:
  Result<void> attach_in(const std::string& interface, XdpMode mode);
  Result<void> replace_program(const std::string& interface, Fd link);
  Result<void> create_link(const std::string& interface, XdpMode mode);
  Result<void> end_link(const std::string& interface, const std::filesystem::path& pin);
  std::multimap<std::string, std::filesystem::path> pinned_links() const;

  int program_;
  std::filesystem::path pins_;
  std::map<std::string, Fd> links_;  // by interface
  std::map<std::string, XdpMode> modes_;
};

}  // namespace steadfast
