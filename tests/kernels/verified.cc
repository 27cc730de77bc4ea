// SPDX-License-Identifier: Apache-2.0
#include "verified.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <cstdarg>
#include <cstdio>
#include <memory>

#include "compile/tables.h"
#include "kernel/memory.h"
#include "xdp_decap.skel.h"
#include "xdp_lb.skel.h"

namespace steadfast {
namespace {

template <typename Skeleton>
struct Destroy {
  void operator()(Skeleton* skeleton) const { Skeleton::destroy(skeleton); }
};
template <typename Skeleton>
using Opened = std::unique_ptr<Skeleton, Destroy<Skeleton>>;

Result<void> append(const bpf_object* object, std::vector<VerifiedProgram>& all) {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object) {
    bpf_prog_info info{};
    __u32 length = sizeof info;
    if (bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &length) != 0)
      return Error::from_errno("asking about a loaded program");
    all.push_back({bpf_program__name(program), info.verified_insns});
  }
  return {};
}

// libbpf's warnings carry the verifier's log: the test's output is where it belongs.
int print_warnings(libbpf_print_level level, const char* format, va_list arguments) {
  return level == LIBBPF_WARN ? std::vfprintf(stderr, format, arguments) : 0;
}

// Limits of a large host: sizes are constants to the verifier, and it must accept any.
Opened<xdp_lb> balancer_of_a_large_host() {
  Opened<xdp_lb> balancer(xdp_lb::open());
  if (!balancer) return balancer;
  const Limits limits{{10000}, {10000}, {1U << 20}};
  const sf_capacity capacity = capacity_for(limits, static_cast<__u32>(libbpf_num_possible_cpus()));
  balancer->rodata->sf_capacity = capacity;
  for (const TableSize& size : table_sizes(capacity))
    bpf_map__set_max_entries(bpf_object__find_map_by_name(balancer->obj, size.name), size.rows);
  return balancer;
}

}  // namespace

Result<std::vector<VerifiedProgram>> verify_all() {
  libbpf_set_print(print_warnings);
  const Opened<xdp_lb> balancer = balancer_of_a_large_host();
  if (!balancer || xdp_lb::load(balancer.get()) != 0) return Error::from_errno("loading xdp_lb");
  const Opened<xdp_decap> decap(xdp_decap::open_and_load());
  if (!decap) return Error::from_errno("loading xdp_decap");
  std::vector<VerifiedProgram> all;
  if (auto seen = append(balancer->obj, all); !seen) return seen.error();
  if (auto seen = append(decap->obj, all); !seen) return seen.error();
  return all;
}

}  // namespace steadfast
