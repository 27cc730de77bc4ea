// SPDX-License-Identifier: Apache-2.0
#include "support/lab.h"

#include <bpf/libbpf.h>

#include "base/bug.h"
#include "config/config.h"

namespace steadfast {
namespace {

std::unique_ptr<Kernel> make_engine(Engine engine, const Limits& limits) {
  if (engine == Engine::host) return std::make_unique<HostKernel>(capacity_for(limits, 1));
  auto opened = BpfKernel::open({"", capacity_for(limits, 0)});
  if (!opened) std::fprintf(stderr, "%s\n", opened.error().what.c_str());
  invariant(opened.has_value(), "the test asked bpf_available() first");
  return std::move(*opened);
}

}  // namespace

// Loading the balancer's own program to find out would cost every test as much again as
// the test itself; where BPF works and that program does not load, a test must fail.
bool bpf_available(std::string* why) {
  const bool works = libbpf_probe_bpf_prog_type(BPF_PROG_TYPE_XDP, nullptr) == 1;
  if (!works && why != nullptr) *why = "no XDP program can be loaded: not root, or a kernel without BPF";
  return works;
}

std::string lab_config(const std::string& services_and_pools, const std::string& source) {
  return "schema = 1\n[host]\ninterfaces = [\"eth0\"]\nxdp_mode = \"native\"\nsource = [\"" + source +
         "\", \"2001:db8:ffff::1\"]\nhash_seed = \"lab\"\n[limits]\nservices = 16\nbackends = 64\nflows = "
         "\"4K\"\n" +
         services_and_pools;
}

Model model_of(const std::string& toml) {
  Findings findings;
  const auto config = config::parse(toml, "lab.toml", findings);
  auto model = build(config, findings);
  for (const Finding& finding : findings)
    std::fprintf(stderr, "%s: %s\n", finding.code.c_str(), finding.message.c_str());
  invariant(model.has_value(), "a lab's configuration is right");
  return std::move(*model);
}

NextHops hops_for(const Model& model) {
  NextHop hop;
  hop.destination = Mac{{2, 0, 0, 0, 0, 0xbe}};
  hop.source = Mac{{2, 0, 0, 0, 0, 0x1b}};
  hop.ifindex = 1;
  hop.on_link = true;
  hop.interface = "eth0";
  NextHops hops;
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends) hops[backend.address.value] = hop;
  return hops;
}

Lab::Lab(Engine engine, const std::string& toml)
    : model_(model_of(toml)),
      kernel_(make_engine(engine, model_.limits)),
      publisher_(std::make_unique<Publisher>(*kernel_)),
      identities_(model_.limits) {
  publish(model_, hops_for(model_));
}

void Lab::publish(const std::string& toml) {
  model_ = model_of(toml);
  publish(model_, hops_for(model_));
}

void Lab::publish(const Model& model, const NextHops& hops) {
  auto tables = compile(model, ++generation_, *identities_, hops);
  if (!tables) {
    invariant(publisher_->forget_flows(identities_->backends.quarantined()).has_value(), "packets end");
    identities_->backends.release();
    identities_->services.release();
    tables = compile(model, generation_, *identities_, hops);
  }
  invariant(tables.has_value(), "a lab's configuration compiles");
  const auto published = publisher_->publish(*tables);
  if (!published) std::fprintf(stderr, "%s\n", published.error().what.c_str());
  invariant(published.has_value(), "a lab's configuration can be published");
  tables_ = std::move(*tables);
}

Answer Lab::run(const Frame& frame) {
  auto answer = kernel_->run(frame);
  if (!answer) std::fprintf(stderr, "%s\n", answer.error().what.c_str());
  invariant(answer.has_value(), "the engine runs every frame it is given");
  return std::move(*answer);
}

Answer Lab::dry(const Frame& frame, std::uint32_t slot) {
  auto answer = kernel_->run_dry(frame, slot);
  invariant(answer.has_value(), "the engine runs every frame it is given");
  return std::move(*answer);
}

std::string Lab::backend(const Answer& answer) const {
  const std::uint32_t id = answer.decision.backend;
  if (id == 0 || id >= tables_.backend_origin.size() || tables_.backend_origin[id].pool == SIZE_MAX)
    return "";
  const BackendOrigin& origin = tables_.backend_origin[id];
  return model_.pools[origin.pool].backends[origin.backend].name;
}

BackendCounts Lab::backend_count(const std::string& backend) const {
  for (std::uint32_t id = 1; id < tables_.backend_origin.size(); ++id) {
    const BackendOrigin& origin = tables_.backend_origin[id];
    if (origin.pool != SIZE_MAX && model_.pools[origin.pool].backends[origin.backend].name == backend)
      return backend_counts(kernel_->memory(), id);
  }
  bug("a test asks for a backend it configured");
}

std::uint64_t Lab::packets(std::uint32_t service, sf_verdict verdict) const {
  return service_counts(kernel_->memory(), service)[verdict].packets;
}

std::uint64_t Lab::all_packets() const {
  std::uint64_t sum = 0;
  for (std::uint32_t service = 0; service < kernel_->memory().capacity.services; ++service)
    for (const Count& count : service_counts(kernel_->memory(), service)) sum += count.packets;
  return sum;
}

}  // namespace steadfast
