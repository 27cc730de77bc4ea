// SPDX-License-Identifier: Apache-2.0
#include "kernel/xdp_links.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <net/if.h>

#include <algorithm>

namespace steadfast {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLinkPin = "link-";

// bpffs refuses names with a dot, which VLAN interfaces have; no interface's name
// has a colon.
std::string with(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

// The mode is part of the name, because a link cannot tell it and cannot change it.
std::string link_pin(const std::string& interface, XdpMode mode) {
  return std::string(kLinkPin) + std::string(name(mode)) + "-" + with(interface, '.', ':');
}

XdpMode other(XdpMode mode) { return mode == XdpMode::native ? XdpMode::generic : XdpMode::native; }

__u32 flag_of(XdpMode mode) { return mode == XdpMode::native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE; }

std::string mode_text(unsigned char attached) {
  switch (attached) {
    case XDP_ATTACHED_NONE:
      return {};
    case XDP_ATTACHED_DRV:
      return std::string(name(XdpMode::native));
    case XDP_ATTACHED_SKB:
      return std::string(name(XdpMode::generic));
    default:
      return "offloaded";
  }
}

// 0: there is no such link.
__u32 link_id(int fd) {
  bpf_link_info info{};
  __u32 length = sizeof info;
  return fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &length) == 0 ? info.id : 0;
}

}  // namespace

Result<void> XdpLinks::replace_program(const std::string& interface, Fd link) {
  LIBBPF_OPTS(bpf_link_update_opts, options);
  if (bpf_link_update(link.get(), program_, &options) != 0)
    return Error::from_errno("replacing the program on " + interface);
  links_[interface] = std::move(link);
  return {};
}

Result<void> XdpLinks::create_link(const std::string& interface, XdpMode mode) {
  const unsigned index = if_nametoindex(interface.c_str());
  if (index == 0) return Error::from_errno("interface " + interface);
  LIBBPF_OPTS(bpf_link_create_opts, options, .flags = flag_of(mode));
  Fd link(bpf_link_create(program_, static_cast<int>(index), BPF_XDP, &options));
  if (link.get() < 0)
    return Error::from_errno("attaching to " + interface + " in " + std::string(name(mode)) + " mode");
  if (!pins_.empty() && bpf_obj_pin(link.get(), (pins_ / link_pin(interface, mode)).c_str()) != 0)
    return Error::from_errno("pinning the link of " + interface);
  links_[interface] = std::move(link);
  return {};
}

// A link ends some time after its last reference does; detaching ends it now, so
// that the next program finds the interface free and nothing forwards meanwhile.
Result<void> XdpLinks::end_link(const std::string& interface, const fs::path& pin) {
  links_.erase(interface);
  modes_.erase(interface);
  const Fd link(pin.empty() ? -1 : bpf_obj_get(pin.c_str()));
  if (link.get() < 0) return {};
  if (bpf_link_detach(link.get()) != 0 && errno != ENOLINK)
    return Error::from_errno("detaching from " + interface);
  std::error_code failed;
  fs::remove(pin, failed);
  if (failed) return Error::from_errno("removing " + pin.string(), failed.value());
  return {};
}

// A link left by an earlier daemon is taken over, so that no packet passes
// without a program; one whose interface has gone since is dead and is dropped.
Result<void> XdpLinks::attach(const std::string& interface, XdpMode mode) {
  const auto held = modes_.find(interface);
  if (held != modes_.end() && held->second == mode) return {};
  std::error_code absent;  // then nothing was pinned
  const bool changes_mode =
      held != modes_.end() || fs::exists(pins_ / link_pin(interface, other(mode)), absent);
  if (!pins_.empty())
    if (auto ended = end_link(interface, pins_ / link_pin(interface, other(mode))); !ended) return ended;
  auto attached = attach_in(interface, mode);
  if (attached || !changes_mode) return attached;
  // An interface takes one mode at a time, so the old program had to go first.
  if (auto again = attach_in(interface, other(mode)); !again)
    return Error{attached.error().what + "; and back in the mode before: " + again.error().what};
  return attached;
}

Result<void> XdpLinks::attach_in(const std::string& interface, XdpMode mode) {
  const fs::path pin = pins_ / link_pin(interface, mode);
  Fd earlier(pins_.empty() ? -1 : bpf_obj_get(pin.c_str()));
  auto attached =
      earlier.get() >= 0 ? replace_program(interface, std::move(earlier)) : create_link(interface, mode);
  if (!attached && attached.error().os_error == ENOLINK) {
    if (auto ended = end_link(interface, pin); !ended) return ended;
    attached = create_link(interface, mode);
  }
  if (attached) modes_[interface] = mode;
  return attached;
}

// Pins of links, by interface.
std::multimap<std::string, fs::path> XdpLinks::pinned_links() const {
  std::multimap<std::string, fs::path> found;
  std::error_code absent;  // nothing is pinned yet
  for (const auto& entry : fs::directory_iterator(pins_, absent)) {
    const std::string file = entry.path().filename();
    if (file.starts_with(kLinkPin))
      found.emplace(with(file.substr(file.find('-', kLinkPin.size()) + 1), ':', '.'), entry.path());
  }
  return found;
}

Result<void> XdpLinks::keep_only(const std::vector<std::string>& interfaces) {
  const auto wanted = [&](const std::string& name) {
    return std::find(interfaces.begin(), interfaces.end(), name) != interfaces.end();
  };
  for (const auto& [interface, pin] : pinned_links())
    if (!wanted(interface))
      if (auto ended = end_link(interface, pin); !ended) return ended;
  std::erase_if(links_, [&](const auto& link) { return !wanted(link.first); });
  std::erase_if(modes_, [&](const auto& mode) { return !wanted(mode.first); });
  return {};
}

Result<AttachedInterface> XdpLinks::look_at(const std::string& interface) {
  AttachedInterface found{interface, false, 0, {}};
  const unsigned index = if_nametoindex(interface.c_str());
  if (index == 0) return found;
  LIBBPF_OPTS(bpf_xdp_query_opts, query);
  if (const int failed = bpf_xdp_query(static_cast<int>(index), 0, &query); failed != 0)
    return Error::from_errno("asking what runs on " + interface, -failed);
  found.exists = true;
  found.program = query.attach_mode == XDP_ATTACHED_MULTI ? query.drv_prog_id : query.prog_id;
  found.mode =
      mode_text(query.attach_mode == XDP_ATTACHED_MULTI ? static_cast<unsigned char>(XDP_ATTACHED_DRV)
                                                        : query.attach_mode);
  return found;
}

std::string XdpLinks::missing_pin(const std::string& interface) const {
  const auto held = links_.find(interface);
  const auto mode = modes_.find(interface);
  if (pins_.empty() || held == links_.end() || mode == modes_.end()) return {};
  const std::string file = link_pin(interface, mode->second);
  const Fd pinned(bpf_obj_get((pins_ / file).c_str()));
  return link_id(pinned.get()) == link_id(held->second.get()) ? "" : file;
}

Result<void> XdpLinks::pin_again(const std::string& interface, XdpMode mode) {
  if (missing_pin(interface).empty()) return {};
  const fs::path pin = pins_ / link_pin(interface, mode);
  std::error_code absent;
  fs::remove(pin, absent);
  if (bpf_obj_pin(links_.at(interface).get(), pin.c_str()) != 0)
    return Error::from_errno("pinning the link of " + interface + " again");
  return {};
}

Result<void> XdpLinks::attach_again(const std::string& interface, XdpMode mode) {
  const auto held = links_.find(interface);
  if (held == links_.end()) return attach(interface, mode);
  LIBBPF_OPTS(bpf_link_update_opts, options);
  if (bpf_link_update(held->second.get(), program_, &options) == 0) return pin_again(interface, mode);
  if (errno != ENOLINK) return Error::from_errno("replacing the program on " + interface);
  if (auto ended = end_link(interface, pins_.empty() ? fs::path() : pins_ / link_pin(interface, mode));
      !ended)
    return ended;
  return attach(interface, mode);
}

}  // namespace steadfast
