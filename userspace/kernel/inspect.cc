// SPDX-License-Identifier: Apache-2.0
#include "kernel/inspect.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <array>
#include <filesystem>

#include "bpf/abi.h"
#include "kernel/bpf_maps.h"

namespace steadfast {
namespace {

namespace fs = std::filesystem;

template <typename Info>
bool info_of(int fd, Info& info) {
  __u32 length = sizeof info;
  return bpf_obj_get_info_by_fd(fd, &info, &length) == 0;
}

// The kernel gives any object's descriptor the same call for its facts, but fills
// in only the kind's own; the link in /proc says which kind it is.
std::string kind_of(int fd) {
  std::error_code gone;
  return fs::read_symlink("/proc/self/fd/" + std::to_string(fd), gone).string();
}

void describe_map(int fd, host::Pin& pin) {
  bpf_map_info info{};
  if (!info_of(fd, info)) return;
  pin.kind = host::Pin::Kind::map;
  pin.type = info.type;
  pin.value_bytes = info.value_size;
  pin.rows = info.max_entries;
}

void describe_link(int fd, host::Pin& pin) {
  bpf_link_info info{};
  if (!info_of(fd, info)) return;
  pin.kind = host::Pin::Kind::link;
  pin.type = info.type;
  pin.program = info.prog_id;
  if (info.type == BPF_LINK_TYPE_XDP) pin.ifindex = info.xdp.ifindex;
}

std::uint32_t row_bytes_of(const std::string& table) {
  for (const TableSize& size : table_sizes({}))
    if (size.name == table) return size.row_bytes;
  return 0;
}

Result<host::Pin> describe(const fs::path& path) {
  host::Pin pin;
  pin.name = path.filename();
  pin.row_bytes = row_bytes_of(pin.name);
  const Fd fd(bpf_obj_get(path.c_str()));
  if (fd.get() < 0) {
    if (errno == EPERM || errno == EACCES) return Error::from_errno("looking at " + path.string());
    return pin;
  }
  const std::string kind = kind_of(fd.get());
  if (kind.find("bpf-map") != kind.npos) describe_map(fd.get(), pin);
  if (kind.find("bpf_link") != kind.npos || kind.find("bpf-link") != kind.npos) describe_link(fd.get(), pin);
  if (kind.find("bpf-prog") != kind.npos) pin.kind = host::Pin::Kind::program;
  return pin;
}

// Of the path itself, or of the nearest directory above it that exists.
Result<bool> is_on_bpffs(fs::path path) {
  struct statfs status {};
  while (statfs(path.c_str(), &status) != 0) {
    if (errno != ENOENT || path == path.root_path()) return Error::from_errno("looking at " + path.string());
    path = path.parent_path();
  }
  return status.f_type == BPF_FS_MAGIC;
}

Result<bool> has_helper(bpf_prog_type type, bpf_func_id helper) {
  const int answer = libbpf_probe_bpf_helper(type, helper, nullptr);
  if (answer < 0) return Error::from_errno("asking the kernel for a helper", -answer);
  return answer == 1;
}

// A program that does nothing shows whether programs are compiled: the sysctl
// that says so is not to be seen in every network namespace.
Result<bool> compiles() {
  const std::array<bpf_insn, 2> instructions{
      {{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 0, .imm = 0},
       {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0}}};
  const Fd fd(bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "sf_look", "GPL", instructions.data(),
                            instructions.size(), nullptr));
  bpf_prog_info info{};
  if (fd.get() < 0 || !info_of(fd.get(), info)) return Error::from_errno("loading a program");
  return info.jited_prog_len != 0;
}

}  // namespace

Result<std::string> program_name(std::uint32_t id) {
  const Fd fd(bpf_prog_get_fd_by_id(id));
  if (fd.get() < 0 && errno == ENOENT) return std::string();
  bpf_prog_info info{};
  if (fd.get() < 0 || !info_of(fd.get(), info))
    return Error::from_errno("looking at program " + std::to_string(id));
  return std::string(info.name);
}

std::string pins_below(const std::string& bpffs_dir) {
  return fs::path(bpffs_dir) / ("v" + std::to_string(SF_ABI_VERSION));
}

Result<host::Bpffs> read_bpffs(const std::string& bpffs_dir) {
  host::Bpffs bpffs;
  bpffs.directory = pins_below(bpffs_dir);
  const auto on_bpffs = is_on_bpffs(bpffs.directory);
  if (!on_bpffs) return on_bpffs.error();
  bpffs.is_bpffs = *on_bpffs;
  std::error_code failed;
  fs::directory_iterator entries(bpffs.directory, failed);
  if (failed == std::errc::no_such_file_or_directory) return bpffs;
  if (failed) return Error::from_errno("reading " + bpffs.directory, failed.value());
  for (const auto& entry : entries) {
    auto pin = describe(entry.path());
    if (!pin) return pin.error();
    bpffs.pins.push_back(std::move(*pin));
  }
  return bpffs;
}

Result<Offered> offered_by_kernel() {
  const auto timer = has_helper(BPF_PROG_TYPE_SYSCALL, BPF_FUNC_timer_init);
  if (!timer) return timer.error();
  const auto jit = compiles();
  if (!jit) return jit.error();
  return Offered{*jit, *timer};
}

}  // namespace steadfast
