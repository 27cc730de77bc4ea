// SPDX-License-Identifier: Apache-2.0
#include "datapath/differential_twins.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <sched.h>

#include <algorithm>
#include <cstring>

#include "base/bug.h"
#include "bpf/deadman.h"
#include "datapath/differential_damage.h"
#include "kernel/selector.h"

namespace steadfast::differential {
namespace {

constexpr std::size_t kRoomForOuter = 256;
constexpr std::uint64_t kFarAway_ns = 3'600'000'000'000;

struct RealRun {
  std::uint32_t action = 0;
  Frame frame;
};

// BpfKernel::run() asks the dry twin for the decision; here each program answers for itself.
RealRun run_real(int program, const Frame& frame) {
  RealRun real;
  real.frame.resize(frame.size() + kRoomForOuter);
  LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = frame.data(), .data_out = real.frame.data(),
              .data_size_in = static_cast<__u32>(frame.size()),
              .data_size_out = static_cast<__u32>(real.frame.size()), .repeat = 1);
  invariant(bpf_prog_test_run_opts(program, &run) == 0, "the kernel runs every frame it is given");
  real.frame.resize(run.data_size_out);
  real.action = run.retval;
  return real;
}

std::uint32_t action_of(const sf_decision& decision) {
  std::uint32_t action = XDP_ABORTED;
  switch (decision.verdict) {
#define X(symbol, value, sends, kind, label, help) \
  case value:                                      \
    action = XDP_##sends;                          \
    break;
    SF_VERDICTS(X)
#undef X
    default:
      break;
  }
  return action == XDP_TX && decision.egress != 0 ? std::uint32_t{XDP_REDIRECT} : action;
}

std::string words(const sf_decision& d) {
  return "verdict " + std::to_string(d.verdict) + " slot " + std::to_string(d.slot) + " service " +
         std::to_string(d.service) + " backend " + std::to_string(d.backend) + " ring_entry " +
         std::to_string(d.ring_entry) + " role " + std::to_string(d.role) + " egress " +
         std::to_string(d.egress) + " hash " + std::to_string(d.hash);
}

bool same(const sf_decision& a, const sf_decision& b) { return std::memcmp(&a, &b, sizeof a) == 0; }

std::string differ(const char* what, const sf_decision& a, const sf_decision& b) {
  return same(a, b) ? "" : std::string(what) + ":\n  " + words(a) + "\n  " + words(b) + "\n";
}

std::string differ(const char* what, const Frame& a, const Frame& b) {
  if (a == b) return "";
  const auto at = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return std::string(what) + ": " + std::to_string(a.size()) + " and " + std::to_string(b.size()) +
         " bytes, which differ from byte " + std::to_string(at.first - a.begin()) + "\n";
}

template <typename Row>
std::string differ(const char* table, std::span<const Row> a, std::span<const Row> b) {
  invariant(a.size() == b.size(), "both engines have one capacity");
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::memcmp(&a[i], &b[i], sizeof(Row)) != 0)
      return std::string(table) + ": row " + std::to_string(i) + "\n";
  return "";
}

template <typename Row>
void copy(std::span<Row> from, std::span<Row> to) {
  std::copy(from.begin(), from.end(), to.begin());
}

// Rows that one CPU writes.
template <typename Row>
std::span<Row> stripe(std::span<Row> rows, unsigned cpu, unsigned cpus) {
  const std::size_t each = rows.size() / cpus;
  return rows.subspan(cpu * each, each);
}

void age_words(std::span<sf_bucket> buckets, unsigned shift, std::uint32_t seconds) {
  for (sf_bucket& bucket : buckets)
    for (__u64& word : bucket.way)
      if (word != 0) word -= static_cast<__u64>(seconds) << shift;
}

}  // namespace

struct Runs {
  Answer kernel_dry, host_dry, host;
  RealRun kernel;
};

struct Twins::Backup {
  explicit Backup(const Memory& m)
      : slots(m.slots.begin(), m.slots.end()),
        index(m.index.begin(), m.index.end()),
        services(m.services.begin(), m.services.end()),
        backends(m.backends.begin(), m.backends.end()),
        rings(m.rings.begin(), m.rings.end()),
        ranges(m.ranges.begin(), m.ranges.end()) {}

  void restore(Memory& m) {
    std::copy(slots.begin(), slots.end(), m.slots.begin());
    std::copy(index.begin(), index.end(), m.index.begin());
    std::copy(services.begin(), services.end(), m.services.begin());
    std::copy(backends.begin(), backends.end(), m.backends.begin());
    std::copy(rings.begin(), rings.end(), m.rings.begin());
    std::copy(ranges.begin(), ranges.end(), m.ranges.begin());
  }

  std::vector<sf_slot> slots;
  std::vector<sf_bucket> index;
  std::vector<sf_service> services;
  std::vector<sf_backend> backends;
  std::vector<sf_ring_line> rings;
  std::vector<sf_range> ranges;
};

Result<std::unique_ptr<Twins>> Twins::open(const Limits& limits, Tally& tally) {
  cpu_set_t here;
  const int cpu = sched_getcpu();
  CPU_ZERO(&here);
  CPU_SET(static_cast<unsigned>(cpu), &here);
  if (cpu < 0 || sched_setaffinity(0, sizeof here, &here) != 0)
    return Error::from_errno("staying on one CPU");
  auto kernel = BpfKernel::open({"", capacity_for(limits, 0)});
  if (!kernel) return kernel.error();
  return std::unique_ptr<Twins>(new Twins(std::move(*kernel), static_cast<unsigned>(cpu), tally));
}

Twins::Twins(std::unique_ptr<BpfKernel> kernel, unsigned cpu, Tally& tally)
    : kernel_(std::move(kernel)),
      host_(kernel_->memory().capacity),
      kernel_publisher_(*kernel_),
      host_publisher_(host_),
      identities_([&] {
        Limits limits;
        limits.services = {kernel_->memory().capacity.services - 1};
        limits.backends = {kernel_->memory().capacity.backends - 1};
        return Identities(limits);
      }()),
      cpu_(cpu),
      tally_(tally) {}

Tables Twins::compile_next(const Model& model, const NextHops& hops) {
  auto tables = compile(model, ++generation_, identities_, hops);
  if (!tables) {
    const auto gone = identities_.backends.quarantined();
    invariant(kernel_publisher_.forget_flows(gone) && host_publisher_.forget_flows(gone), "packets end");
    identities_.backends.release();
    identities_.services.release();
    tables = compile(model, generation_, identities_, hops);
  }
  invariant(tables.has_value(), "a scenario compiles");
  ++tally_.tables;
  return std::move(*tables);
}

void Twins::publish(const Model& model, const NextHops& hops) {
  const Tables tables = compile_next(model, hops);
  invariant(kernel_publisher_.publish(tables) && host_publisher_.publish(tables), "a scenario fits");
}

void Twins::start_canary(const Model& model, const NextHops& hops, double share) {
  const Tables tables = compile_next(model, hops);
  const auto slot = kernel_publisher_.write(tables), same_slot = host_publisher_.write(tables);
  invariant(slot && same_slot && *slot == *same_slot, "both engines publish alike");
  const std::uint64_t until = monotonic_ns() + kFarAway_ns;
  kernel_publisher_.flip_until(*slot, until, share);
  host_publisher_.flip_until(*slot, until, share);
}

void Twins::end_canary(bool confirmed) {
  for (Publisher* publisher : {&kernel_publisher_, &host_publisher_}) {
    Selector& selector = publisher->selector();
    if (!confirmed)
      invariant(selector.cancel(), "a canary is pending");
    else
      invariant(selector.make_live_unless_undone(selector.candidate()) && selector.confirm(),
                "a canary is pending");
  }
}

Count Twins::kernel_count(const sf_decision& decision) const {
  const Memory& memory = kernel_->memory();
  invariant(decision.service < memory.capacity.services, "a decision names a service that is counted");
  return service_counts(memory, decision.service)[decision.verdict];
}

std::string Twins::run(const Frame& frame) {
  const volatile __u32& clock_s = kernel_->memory().selector->clock_s;
  Runs runs;
  const __u32 began = clock_s;
  runs.kernel_dry = *kernel_->run_dry(frame, SF_NO_SLOT);
  const Count before = kernel_count(runs.kernel_dry.decision);
  runs.kernel = run_real(kernel_->program_fd(), frame);
  const __u32 ended = clock_s;
  ++packets_;
  ++tally_.packets;
  if (began != ended) {
    ++tally_.discarded;
    take_over();
    return "";
  }
  host_.memory().selector->clock_s = began;
  runs.host_dry = *host_.run_dry(frame, SF_NO_SLOT);
  runs.host = *host_.run(frame);
  ++tally_.verdicts[runs.host.decision.verdict];
  ++tally_.roles[runs.host.decision.role];
  return compare(frame, runs, before);
}

// The real program's verdict shows in its action and in the one counter that must have moved.
std::string Twins::compare(const Frame& frame, const Runs& runs, const Count& before) const {
  const sf_decision& decision = runs.kernel_dry.decision;
  const Count after = kernel_count(decision);
  std::string out =
      differ("host and kernel decide differently", runs.host.decision, decision) +
      differ("the host's dry twin and its program", runs.host_dry.decision, runs.host.decision) +
      differ("frames of host and kernel", runs.host.frame, runs.kernel.frame) +
      differ("frames of the dry twins", runs.host_dry.frame, runs.kernel_dry.frame) +
      differ("frames of the kernel's two programs", runs.kernel_dry.frame, runs.kernel.frame);
  if (runs.kernel.action != action_of(decision))
    out += "the kernel's action is " + std::to_string(runs.kernel.action) + "\n";
  if (after.packets != before.packets + 1 || after.bytes != before.bytes + frame.size())
    out += "the kernel's program has counted something else than its twin decided\n";
  return out;
}

// Everything that packets write.
void Twins::take_over() {
  Memory &from = kernel_->memory(), &to = host_.memory();
  const unsigned cpus = from.capacity.cpus;
  copy(from.flows, to.flows);
  copy(from.fragments, to.fragments);
  copy(from.rates, to.rates);
  copy(from.budget, to.budget);
  copy(stripe(from.counts, cpu_, cpus), stripe(to.counts, 0, cpus));
  copy(stripe(from.backend_counts, cpu_, cpus), stripe(to.backend_counts, 0, cpus));
  copy(stripe(from.flow_counts, cpu_, cpus), stripe(to.flow_counts, 0, cpus));
}

std::string Twins::compare_tables() {
  Memory &a = host_.memory(), &b = kernel_->memory();
  const unsigned cpus = a.capacity.cpus;
  std::string out;
  const auto table = [&](const char* name, auto of_host, auto of_kernel) {
    using Row = typename decltype(of_host)::element_type;
    out += differ<Row>(name, of_host, of_kernel);
  };
  table("flows", a.flows, b.flows);
  table("fragments", a.fragments, b.fragments);
  table("rates", a.rates, b.rates);
  table("budget", a.budget, b.budget);
  table("counts", stripe(a.counts, 0, cpus), stripe(b.counts, cpu_, cpus));
  table("backend counts", stripe(a.backend_counts, 0, cpus), stripe(b.backend_counts, cpu_, cpus));
  table("flow counts", stripe(a.flow_counts, 0, cpus), stripe(b.flow_counts, cpu_, cpus));
  for (const Memory* memory : both()) {
    std::uint64_t sum = 0;
    for (const sf_count& count : memory->counts) sum += count.packets;
    if (sum != packets_)
      out +=
          "the sum of verdicts is " + std::to_string(sum) + " of " + std::to_string(packets_) + " packets\n";
  }
  return out;
}

void Twins::age(std::uint32_t seconds) {
  for (Memory* memory : both()) {
    age_words(memory->flows, SF_FLOW_AGE_SHIFT, seconds);
    age_words(memory->fragments, SF_FLOW_AGE_SHIFT, seconds);
    age_words(memory->rates, SF_FLOW_AGE_SHIFT, seconds);  // their seconds stand where ages do
    for (sf_budget& budget : memory->budget) {
      budget.echo_second -= seconds;
      budget.too_big_second -= seconds;
    }
  }
}

void Twins::damage(Random& random) {
  const std::uint64_t seed = random.word();
  for (std::size_t i = 0; i < 2; ++i) {
    Memory& memory = *both()[i];
    Random one(seed);
    backups_[i] = std::make_shared<Backup>(memory);
    for (std::uint32_t times = one.between(2, 8); times > 0; --times) damage_one(one, memory);
  }
}

void Twins::undo_damage() {
  for (std::size_t i = 0; i < 2; ++i)
    if (backups_[i]) backups_[i]->restore(*both()[i]);
  backups_ = {};
}

void Twins::withdraw(bool away) {
  for (Memory* memory : both()) {
    if (away) withdrawn_ = memory->selector->live;
    memory->selector->live = away ? SF_LIVE_NONE : withdrawn_;
  }
}

}  // namespace steadfast::differential
