// SPDX-License-Identifier: Apache-2.0
#include "kernel/probe_path.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <net/if.h>

#include <algorithm>
#include <cstdarg>
#include <utility>

#include "probe_egress.skel.h"

namespace steadfast {
namespace {

// Ours alone, so that replacing and removing can never meet another's filter.
constexpr std::uint32_t kHandle = 0x5fad;
constexpr std::uint32_t kPriority = 50;

// libbpf says why on its log only; what it says meanwhile becomes part of the Error.
class LogCapture {
 public:
  LogCapture() : before_(libbpf_set_print(keep)) { words().clear(); }
  ~LogCapture() { libbpf_set_print(before_); }
  LogCapture(const LogCapture&) = delete;
  LogCapture& operator=(const LogCapture&) = delete;

  static Error error(const std::string& doing, int code) {
    Error error = Error::from_errno(doing, code < 0 ? -code : code);
    if (!words().empty()) error.what += "\n" + std::exchange(words(), {});
    return error;
  }

 private:
  static std::string& words() {
    thread_local std::string words;
    return words;
  }
  static int keep(libbpf_print_level level, const char* format, va_list arguments) {
    if (level != LIBBPF_WARN) return 0;
    char line[1024];
    const int length = std::vsnprintf(line, sizeof line, format, arguments);
    words() += line;
    return length;
  }

  libbpf_print_fn_t before_;
};

bpf_tc_hook hook_of(int ifindex, bpf_tc_attach_point point) {
  LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = ifindex, .attach_point = point);
  return hook;
}

// The qdisc may be there already, and stays when we go: others may use it meanwhile.
int attach_program(int ifindex, bpf_tc_attach_point point, int program) {
  bpf_tc_hook hook = hook_of(ifindex, point);
  if (const int failed = bpf_tc_hook_create(&hook); failed != 0 && failed != -EEXIST) return failed;
  LIBBPF_OPTS(bpf_tc_opts, options, .prog_fd = program, .flags = BPF_TC_F_REPLACE, .handle = kHandle,
              .priority = kPriority);
  return bpf_tc_attach(&hook, &options);
}

void detach_program(int ifindex, bpf_tc_attach_point point) {
  const bpf_tc_hook hook = hook_of(ifindex, point);
  LIBBPF_OPTS(bpf_tc_opts, options, .handle = kHandle, .priority = kPriority);
  bpf_tc_detach(&hook, &options);
}

}  // namespace

void ProbePath::Destroy::operator()(probe_egress* object) const { probe_egress::destroy(object); }

ProbePath::ProbePath(Object object, int sockets, int seen)
    : object_(std::move(object)), sockets_(sockets), seen_(seen) {}

ProbePath::ProbePath(ProbePath&& other) noexcept
    : object_(std::move(other.object_)),
      sockets_(other.sockets_),
      seen_(other.seen_),
      ifindexes_(std::exchange(other.ifindexes_, {})) {}

ProbePath::~ProbePath() {
  const LogCapture quiet;  // an interface may have gone before
  for (const int ifindex : ifindexes_) {
    detach_program(ifindex, BPF_TC_EGRESS);
    detach_program(ifindex, BPF_TC_INGRESS);
  }
}

Result<ProbePath> ProbePath::attach(const std::vector<std::string>& interfaces) {
  const LogCapture capture;
  Object object(probe_egress::open_and_load());
  if (!object) return LogCapture::error("loading probe_egress", errno);
  const int sockets = bpf_map__fd(object->maps.probe_sockets);
  const int seen = bpf_map__fd(object->maps.probe_seen);
  ProbePath path(std::move(object), sockets, seen);
  for (const std::string& interface : interfaces)
    if (auto attached = path.attach_to(interface); !attached) return attached.error();
  return path;
}

Result<void> ProbePath::follow(const std::vector<std::string>& interfaces) {
  const LogCapture capture;
  std::vector<int> wanted;
  for (const std::string& interface : interfaces) {
    const auto attached = attach_to(interface);
    if (!attached) return attached.error();
    wanted.push_back(*attached);
  }
  let_go_of_others(wanted);
  return {};
}

void ProbePath::let_go_of_others(const std::vector<int>& ifindexes) {
  for (const int ifindex : ifindexes_) {
    if (std::find(ifindexes.begin(), ifindexes.end(), ifindex) != ifindexes.end()) continue;
    detach_program(ifindex, BPF_TC_EGRESS);
    detach_program(ifindex, BPF_TC_INGRESS);
  }
  ifindexes_ = ifindexes;
}

// Answers are understood before the first probe can leave.
Result<int> ProbePath::attach_to(const std::string& interface) {
  const int ifindex = static_cast<int>(if_nametoindex(interface.c_str()));
  if (ifindex == 0) return Error::from_errno("interface " + interface);
  const int ingress = bpf_program__fd(object_->progs.probe_ingress);
  const int egress = bpf_program__fd(object_->progs.probe_egress);
  if (const int failed = attach_program(ifindex, BPF_TC_INGRESS, ingress); failed != 0)
    return LogCapture::error("attaching probe_ingress to " + interface, failed);
  if (const int failed = attach_program(ifindex, BPF_TC_EGRESS, egress); failed != 0) {
    Error error = LogCapture::error("attaching probe_egress to " + interface, failed);
    detach_program(ifindex, BPF_TC_INGRESS);
    return error;
  }
  if (std::find(ifindexes_.begin(), ifindexes_.end(), ifindex) == ifindexes_.end())
    ifindexes_.push_back(ifindex);
  return ifindex;
}

Result<void> ProbePath::mark(int socket, const sf_probe& probe) const {
  if (bpf_map_update_elem(sockets_, &socket, &probe, BPF_NOEXIST) != 0)
    return Error::from_errno("marking a probe's socket");
  return {};
}

Result<std::optional<sf_probe_seen>> ProbePath::take(const sf_probe_key& key) const {
  sf_probe_seen seen;
  if (bpf_map_lookup_and_delete_elem(seen_, &key, &seen) == 0) return std::optional(seen);
  if (errno != ENOENT) return Error::from_errno("reading what was seen of a probe");
  return std::optional<sf_probe_seen>();
}

Result<void> ProbePath::forget(const sf_probe_key& key) const {
  if (bpf_map_delete_elem(seen_, &key) != 0 && errno != ENOENT)
    return Error::from_errno("forgetting a probe");
  return {};
}

}  // namespace steadfast
