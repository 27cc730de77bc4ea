// SPDX-License-Identifier: Apache-2.0
// The kernel: its release and what it offers to programs.
#include <sys/utsname.h>
#include <unistd.h>

#include "host/readers.h"
#include "kernel/inspect.h"

namespace steadfast::host {

Result<KernelFacts> read_kernel() {
  utsname names{};
  if (uname(&names) != 0) return Error::from_errno("uname");
  const auto offered = offered_by_kernel();
  if (!offered) return offered.error();
  KernelFacts kernel;
  kernel.release = names.release;
  kernel.btf = access("/sys/kernel/btf/vmlinux", R_OK) == 0;
  kernel.jit = offered->jit;
  kernel.timer = offered->timer;
  kernel.cpus = static_cast<unsigned>(sysconf(_SC_NPROCESSORS_ONLN));
  kernel.page_bytes = static_cast<std::uint32_t>(sysconf(_SC_PAGESIZE));
  return kernel;
}

}  // namespace steadfast::host
