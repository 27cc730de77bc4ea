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
#include "kernel/attached.h"
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

  // What runs on an interface now, whoever attached it.
  static Result<AttachedInterface> look_at(const std::string& interface);
  // The same as attach() where somebody else has meddled: with the link's program,
  // the link, or its pin.
  Result<void> attach_again(const std::string& interface, XdpMode mode);
  // File name of the pin of a link that is held; empty when it is there and right, or nothing is pinned.
  std::string missing_pin(const std::string& interface) const;

 private:
  Result<void> pin_again(const std::string& interface, XdpMode mode);
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
