// SPDX-License-Identifier: Apache-2.0
// Lab: a configuration published on one engine, and packets to send through it.
// What a datapath test needs, and nothing of the daemon.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/frame.h"
#include "compile/tables.h"
#include "counters/stripes.h"
#include "kernel/bpf_kernel.h"
#include "kernel/host_kernel.h"
#include "kernel/publish.h"

namespace steadfast {

enum class Engine { host, kernel };

// True where programs for the kernel can be loaded. Without BPF a test is skipped with
// the reason, except where STEADFAST_REQUIRE_BPF=1 makes that a failure.
bool bpf_available(std::string* why);

// Services and backends in a few words; everything else is filled in.
std::string lab_config(const std::string& services_and_pools, const std::string& source = "198.51.100.1");

Model model_of(const std::string& toml);
// Every backend on link behind one made-up MAC address.
NextHops hops_for(const Model& model);

class Lab {
 public:
  Lab(Engine engine, const std::string& toml);

  // Publishes another configuration with the ids kept; the next generation.
  void publish(const std::string& toml);
  void publish(const Model& model, const NextHops& hops);

  Answer run(const Packet& packet) { return run(build_frame(packet)); }
  Answer run(const Frame& frame);
  Answer dry(const Frame& frame, std::uint32_t slot = SF_NO_SLOT);

  // Name of the backend an answer chose, "" when none.
  std::string backend(const Answer& answer) const;
  BackendCounts backend_count(const std::string& backend) const;
  std::uint64_t packets(std::uint32_t service, sf_verdict verdict) const;
  std::uint64_t all_packets() const;

  Kernel& kernel() { return *kernel_; }
  Memory& memory() { return kernel_->memory(); }
  const Tables& tables() const { return tables_; }
  const Model& model() const { return model_; }
  Identities& identities() { return *identities_; }
  Publisher& publisher() { return *publisher_; }

 private:
  Model model_;
  std::unique_ptr<Kernel> kernel_;
  std::unique_ptr<Publisher> publisher_;
  std::optional<Identities> identities_;
  Tables tables_;
  std::uint64_t generation_ = 0;
};

}  // namespace steadfast
