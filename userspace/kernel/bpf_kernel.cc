// SPDX-License-Identifier: Apache-2.0
#include "kernel/bpf_kernel.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdarg>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include "base/bug.h"
#include "kernel/bpf_maps.h"
#include "kernel/selector.h"
#include "kernel/xdp_links.h"
#include "xdp_lb.skel.h"

namespace steadfast {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostLogBytes = 4096;
constexpr std::size_t kRoomForOuter = 256;
constexpr unsigned kClockAttempts = 50;
constexpr std::chrono::milliseconds kClockPause{10};
constexpr const char* kClockMap = "sf_clock";
constexpr const char* kControlMap = "sf_control";
const std::string kVersion = "v" + std::to_string(SF_ABI_VERSION);

// libbpf tells why through a global callback; the tail of it goes into the Error.
thread_local std::string captured_log;

int capture_log(libbpf_print_level level, const char* format, va_list arguments) {
  if (level == LIBBPF_DEBUG) return 0;
  char line[1024];
  const int length = std::vsnprintf(line, sizeof line, format, arguments);
  captured_log += line;
  if (captured_log.size() > kMostLogBytes) captured_log.erase(0, captured_log.size() - kMostLogBytes);
  return length;
}

Error libbpf_error(const std::string& doing, int code) {
  Error error = Error::from_errno(doing, code < 0 ? -code : code);
  if (!captured_log.empty()) error.what += "\n" + captured_log;
  captured_log.clear();
  return error;
}

bool same_size(int fd, const TableSize& size) {
  bpf_map_info info{};
  __u32 length = sizeof info;
  if (bpf_obj_get_info_by_fd(fd, &info, &length) != 0) return false;
  return info.type == BPF_MAP_TYPE_ARRAY && info.value_size == size.row_bytes &&
         info.max_entries == size.rows;
}

// 0: there is no such map.
__u32 id_of_map(int fd) {
  bpf_map_info info{};
  __u32 length = sizeof info;
  return fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &length) == 0 ? info.id : 0;
}

// What a later daemon takes over: not what the loader made by itself, nor the ring of
// samples, whose reader is this process.
bool is_lasting(const bpf_map* map) {
  return !bpf_map__is_internal(map) && bpf_map__type(map) != BPF_MAP_TYPE_RINGBUF;
}

__u32 id_of_program(int fd) {
  bpf_prog_info info{};
  __u32 length = sizeof info;
  return bpf_obj_get_info_by_fd(fd, &info, &length) == 0 ? info.id : 0;
}

// Pinned tables of an earlier daemon, all of them and all of the right size, or none.
std::map<std::string, Fd> adoptable(const fs::path& pins, const sf_capacity& capacity) {
  std::map<std::string, Fd> found;
  for (const TableSize& size : table_sizes(capacity)) {
    Fd fd(bpf_obj_get((pins / size.name).c_str()));
    if (fd.get() < 0 || !same_size(fd.get(), size)) return {};
    found.emplace(size.name, std::move(fd));
  }
  Fd clock(bpf_obj_get((pins / kClockMap).c_str()));
  if (clock.get() < 0) return {};
  found.emplace(kClockMap, std::move(clock));
  return found;
}

}  // namespace

struct BpfKernel::State {
  struct Destroy {
    void operator()(xdp_lb* object) const { xdp_lb::destroy(object); }
  };
  std::unique_ptr<xdp_lb, Destroy> skeleton;
  MappedTables tables;
  fs::path pins;  // empty: nothing pinned
  bool adopted = false;
  std::unique_ptr<XdpLinks> links;
  std::mutex dry_mailbox;

  Result<void> load(const sf_capacity& capacity);
  Result<void> pin_maps();
  Result<void> pin_map(int fd, const std::string& name) const;
  std::vector<std::string> missing_map_pins() const;
  Result<void> start_clock();
};

Result<void> BpfKernel::State::load(const sf_capacity& capacity) {
  captured_log.clear();
  skeleton.reset(xdp_lb::open(nullptr));
  if (!skeleton) return libbpf_error("opening the program object", errno);
  skeleton->rodata->sf_capacity = capacity;
  for (const TableSize& size : table_sizes(capacity))
    bpf_map__set_max_entries(bpf_object__find_map_by_name(skeleton->obj, size.name), size.rows);
  auto earlier = pins.empty() ? std::map<std::string, Fd>{} : adoptable(pins, capacity);
  for (const auto& [name, fd] : earlier)
    if (const int failed =
            bpf_map__reuse_fd(bpf_object__find_map_by_name(skeleton->obj, name.c_str()), fd.get()))
      return libbpf_error("adopting " + name, failed);
  if (const int failed = xdp_lb::load(skeleton.get())) return libbpf_error("loading the program", failed);
  adopted = !earlier.empty();
  return {};
}

// Fresh tables replace the pins of others; adopted ones are pinned already.
Result<void> BpfKernel::State::pin_maps() {
  if (pins.empty() || adopted) return {};
  std::error_code failed;
  fs::create_directories(pins, failed);
  if (failed) return Error::from_errno("creating " + pins.string() + " (is bpffs mounted?)", failed.value());
  bpf_map* map = nullptr;
  bpf_object__for_each_map(map, skeleton->obj) {
    if (!is_lasting(map)) continue;
    if (auto pinned = pin_map(bpf_map__fd(map), bpf_map__name(map)); !pinned) return pinned;
  }
  return {};
}

Result<void> BpfKernel::State::pin_map(int fd, const std::string& name) const {
  const fs::path pin = pins / name;
  std::error_code absent;
  fs::create_directories(pins, absent);
  fs::remove(pin, absent);
  if (bpf_obj_pin(fd, pin.c_str()) != 0) return libbpf_error("pinning " + pin.string(), errno);
  return {};
}

// Names whose pins are gone, or are those of other maps.
std::vector<std::string> BpfKernel::State::missing_map_pins() const {
  std::vector<std::string> missing;
  bpf_map* map = nullptr;
  if (pins.empty()) return missing;
  bpf_object__for_each_map(map, skeleton->obj) {
    if (!is_lasting(map)) continue;
    const Fd pinned(bpf_obj_get((pins / bpf_map__name(map)).c_str()));
    if (id_of_map(pinned.get()) != id_of_map(bpf_map__fd(map))) missing.emplace_back(bpf_map__name(map));
  }
  return missing;
}

// bpf_timer_init() takes its memory without waiting for any: in a moment of shortage it
// fails, and a moment later it does not.
Result<void> BpfKernel::State::start_clock() {
  int answer = -ENOMEM;
  for (unsigned i = 0; i < kClockAttempts && answer == -ENOMEM; ++i) {
    if (i != 0) std::this_thread::sleep_for(kClockPause);
    LIBBPF_OPTS(bpf_test_run_opts, run);
    if (bpf_prog_test_run_opts(bpf_program__fd(skeleton->progs.sf_clock_start), &run) != 0)
      return Error::from_errno("starting the in-kernel clock");
    answer = static_cast<int>(run.retval);
  }
  if (answer != 0) return Error::from_errno("starting the in-kernel clock", -answer);
  return {};
}

BpfKernel::BpfKernel(std::unique_ptr<State> state) : state_(std::move(state)) {}
BpfKernel::~BpfKernel() = default;

Result<std::unique_ptr<BpfKernel>> BpfKernel::open(const BpfOptions& options) {
  libbpf_set_print(capture_log);
  auto state = std::make_unique<State>();
  sf_capacity capacity = options.capacity;
  capacity.cpus = static_cast<__u32>(libbpf_num_possible_cpus());
  if (!options.bpffs_dir.empty()) state->pins = fs::path(options.bpffs_dir) / kVersion;
  if (auto loaded = state->load(capacity); !loaded) return loaded.error();
  std::vector<int> fds;
  for (const TableSize& size : table_sizes(capacity))
    fds.push_back(bpf_object__find_map_fd_by_name(state->skeleton->obj, size.name));
  auto mapped = MappedTables::map(capacity, fds);
  if (!mapped) return mapped.error();
  state->tables = std::move(*mapped);
  if (!state->adopted) Selector(*state->tables.memory().selector).clear();
  if (auto pinned = state->pin_maps(); !pinned) return pinned.error();
  if (auto started = state->start_clock(); !started) return started.error();
  state->links = std::make_unique<XdpLinks>(bpf_program__fd(state->skeleton->progs.sf_lb), state->pins);
  return std::unique_ptr<BpfKernel>(new BpfKernel(std::move(state)));
}

std::uint64_t BpfKernel::confirmed_generation(const std::string& bpffs_dir) {
  const fs::path pin = fs::path(bpffs_dir) / kVersion / kControlMap;
  const Fd fd(bpf_obj_get(pin.c_str()));
  const __u32 first = 0;
  sf_control control{};
  bpf_map_info info{};
  __u32 length = sizeof info;
  if (fd.get() < 0 || bpf_obj_get_info_by_fd(fd.get(), &info, &length) != 0) return 0;
  if (info.value_size != sizeof control || bpf_map_lookup_elem(fd.get(), &first, &control) != 0) return 0;
  const std::uint32_t slot = control.selector.confirmed;
  return slot < SF_SLOTS ? control.slots[slot].generation : 0;
}

std::optional<KeptText> BpfKernel::kept_text(const std::string& bpffs_dir, std::uint64_t generation) {
  return steadfast::kept_text(fs::path(bpffs_dir) / kVersion, generation);
}

Result<void> BpfKernel::keep_text(const KeptText& kept) const {
  return state_->pins.empty() ? Result<void>{} : steadfast::keep_text(state_->pins, kept);
}

void BpfKernel::forget_texts_but(std::uint64_t generation) const {
  if (!state_->pins.empty()) steadfast::forget_texts_but(state_->pins, generation);
}

Result<void> BpfKernel::restart_timer() { return state_->start_clock(); }

bool BpfKernel::adopted() const { return state_->adopted; }
Memory& BpfKernel::memory() { return state_->tables.memory(); }
int BpfKernel::program_fd() const { return bpf_program__fd(state_->skeleton->progs.sf_lb); }
int BpfKernel::map_fd(const char* table) const {
  return bpf_object__find_map_fd_by_name(state_->skeleton->obj, table);
}

Result<void> BpfKernel::attach(const std::vector<std::string>& interfaces, XdpMode mode) {
  for (const std::string& interface : interfaces)
    if (auto attached = state_->links->attach(interface, mode); !attached) return attached;
  return {};
}

Result<void> BpfKernel::release_others(const std::vector<std::string>& interfaces) {
  return state_->links->keep_only(interfaces);
}

Result<Attached> BpfKernel::attached(const std::vector<std::string>& interfaces) const {
  Attached attached;
  attached.program = id_of_program(program_fd());
  attached.missing_pins = state_->missing_map_pins();
  for (const std::string& interface : interfaces) {
    auto found = XdpLinks::look_at(interface);
    if (!found) return found.error();
    attached.interfaces.push_back(std::move(*found));
    if (std::string pin = state_->links->missing_pin(interface); !pin.empty())
      attached.missing_pins.push_back(std::move(pin));
  }
  return attached;
}

Result<void> BpfKernel::attach_again(const std::vector<std::string>& interfaces, XdpMode mode) {
  for (const std::string& name : state_->missing_map_pins())
    if (auto pinned = state_->pin_map(map_fd(name.c_str()), name); !pinned) return pinned;
  for (const std::string& interface : interfaces)
    if (auto attached = state_->links->attach_again(interface, mode); !attached) return attached;
  return {};
}

Result<void> BpfKernel::detach() {
  if (auto dropped = state_->links->keep_only({}); !dropped) return dropped;
  if (state_->pins.empty()) return {};
  std::error_code failed;
  fs::remove_all(state_->pins, failed);
  if (failed) return Error::from_errno("removing " + state_->pins.string(), failed.value());
  fs::remove(state_->pins.parent_path(), failed);
  return {};
}

namespace {

struct TestRun {
  std::uint32_t action = 0;
  Frame frame;
};

Result<TestRun> test_run(int program, std::span<const std::uint8_t> frame) {
  TestRun out;
  out.frame.resize(frame.size() + kRoomForOuter);
  LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame.data(), .data_out = out.frame.data(),
              .data_size_in = static_cast<__u32>(frame.size()),
              .data_size_out = static_cast<__u32>(out.frame.size()), .repeat = 1);
  if (bpf_prog_test_run_opts(program, &run) != 0)
    return Error::from_errno("running the program on a frame of " + std::to_string(frame.size()) + " bytes");
  out.frame.resize(run.data_size_out);
  out.action = run.retval;
  return out;
}

}  // namespace

Result<Answer> BpfKernel::run_dry(std::span<const std::uint8_t> frame, std::uint32_t slot) {
  const std::lock_guard guard(state_->dry_mailbox);
  sf_dry& mailbox = *memory().dry;
  mailbox.slot = slot;
  auto out = test_run(bpf_program__fd(state_->skeleton->progs.sf_lb_dry), frame);
  if (!out) return out.error();
  return Answer{mailbox.decision, std::move(out->frame)};
}

Result<Answer> BpfKernel::run(std::span<const std::uint8_t> frame) {
  auto expected = run_dry(frame, SF_NO_SLOT);
  if (!expected) return expected;
  auto out = test_run(program_fd(), frame);
  if (!out) return out.error();
  return Answer{expected->decision, std::move(out->frame)};
}

// synchronize_rcu() by way of a system call: programs run inside an RCU read-side
// section, so none that began before is left afterwards, however long the
// machine held its CPU back. A fixed sleep could not promise that.
Result<void> BpfKernel::wait_for_packets() {
  if (syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) != 0) return Error::from_errno("membarrier");
  return {};
}

Result<ProgramStats> BpfKernel::stats() {
  bpf_prog_info info{};
  __u32 length = sizeof info;
  if (bpf_obj_get_info_by_fd(program_fd(), &info, &length) != 0)
    return Error::from_errno("reading program statistics");
  return ProgramStats{info.run_cnt, info.run_time_ns, info.verified_insns};
}

}  // namespace steadfast
