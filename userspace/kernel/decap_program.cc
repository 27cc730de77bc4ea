// SPDX-License-Identifier: Apache-2.0
#include "kernel/decap_program.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <unistd.h>

#include <cstdarg>
#include <utility>

#include "xdp_decap.skel.h"

namespace steadfast {
namespace {

std::string& libbpf_words() {
  static std::string words;
  return words;
}

// libbpf says why on its log only; the last words become part of the Error.
int remember(libbpf_print_level level, const char* format, va_list arguments) {
  if (level != LIBBPF_WARN) return 0;
  char line[1024];
  const int length = std::vsnprintf(line, sizeof line, format, arguments);
  libbpf_words() += line;
  return length;
}

Error refused(const std::string& doing, int code) {
  Error error = Error::from_errno(doing, code);
  if (!libbpf_words().empty()) error.what += "\n" + std::exchange(libbpf_words(), {});
  return error;
}

sf_decap_local key_of(const Address& address) {
  sf_decap_local key{};
  std::memcpy(key.addr, address.bytes.data(), sizeof key.addr);
  key.family = static_cast<std::uint32_t>(address.family);
  return key;
}

Result<void> write_locals(const xdp_decap& object, const std::vector<Address>& addresses) {
  const int map = bpf_map__fd(object.maps.decap_locals);
  const std::uint8_t present = 1;
  for (const Address& address : addresses) {
    const sf_decap_local key = key_of(address);
    if (bpf_map_update_elem(map, &key, &present, BPF_ANY) != 0)
      return Error::from_errno("local address " + address.text());
  }
  return {};
}

Result<int> link_to(const xdp_decap& object, unsigned ifindex, bool generic) {
  LIBBPF_OPTS(bpf_link_create_opts, options, .flags = generic ? XDP_FLAGS_SKB_MODE : XDP_FLAGS_DRV_MODE);
  const int link =
      bpf_link_create(bpf_program__fd(object.progs.xdp_decap), static_cast<int>(ifindex), BPF_XDP, &options);
  if (link < 0) return refused(generic ? "attaching in generic mode" : "attaching in native mode", -link);
  return link;
}

// A program whose description is refused (no privilege) is known by its number.
std::string name_of_program(std::uint32_t id) {
  const std::string number = "program " + std::to_string(id);
  const int fd = bpf_prog_get_fd_by_id(id);
  if (fd < 0) return number;
  bpf_prog_info info{};
  std::uint32_t bytes = sizeof info;
  const bool known = bpf_obj_get_info_by_fd(fd, &info, &bytes) == 0 && info.name[0] != '\0';
  close(fd);
  return known ? info.name : number;
}

}  // namespace

Result<std::string> foreign_program(const std::string& device) {
  const unsigned ifindex = if_nametoindex(device.c_str());
  if (ifindex == 0) return Error::from_errno(device);
  std::uint32_t id = 0;
  if (const int failed = bpf_xdp_query_id(static_cast<int>(ifindex), 0, &id); failed != 0)
    return Error::from_errno(device + ": asking for its XDP program", -failed);
  if (id == 0) return std::string();
  const std::string name = name_of_program(id);
  return name == "xdp_decap" ? std::string() : name;
}

void DecapProgram::Destroy::operator()(xdp_decap* object) const { xdp_decap::destroy(object); }

DecapProgram::DecapProgram(DecapProgram&& other) noexcept
    : object_(std::move(other.object_)), link_(std::exchange(other.link_, -1)) {}

DecapProgram::~DecapProgram() {
  if (link_ >= 0) close(link_);
}

Result<DecapProgram> DecapProgram::attach(const DecapSettings& settings) {
  libbpf_set_print(remember);
  const unsigned ifindex = if_nametoindex(settings.device.c_str());
  if (ifindex == 0) return Error::from_errno(settings.device);
  Object object(xdp_decap::open());
  if (!object) return refused("opening xdp_decap", errno);
  object->rodata->gue_port = htons(settings.gue_port);
  if (const int failed = xdp_decap::load(object.get()); failed != 0)
    return refused("loading xdp_decap", -failed);
  if (auto written = write_locals(*object, settings.local); !written) return written.error();
  auto link = link_to(*object, ifindex, settings.generic);
  if (!link) return link.error().while_doing(settings.device);
  return DecapProgram(std::move(object), *link);
}

Result<DecapCounts> DecapProgram::counts() const {
  const int map = bpf_map__fd(object_->maps.decap_counts);
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 0) return Error::from_errno("counting CPUs", -cpus);
  std::vector<std::uint64_t> stripes(static_cast<std::size_t>(cpus));
  DecapCounts counts{};
  for (std::uint32_t outcome = 0; outcome < counts.size(); ++outcome) {
    if (bpf_map_lookup_elem(map, &outcome, stripes.data()) != 0) return Error::from_errno("reading counters");
    for (const std::uint64_t stripe : stripes) counts[outcome] += stripe;
  }
  return counts;
}

}  // namespace steadfast
