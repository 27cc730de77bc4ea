// SPDX-License-Identifier: Apache-2.0
// LiveBalancer and the detectors: what they are told every second, and what follows
// while a change is pending.
#include <algorithm>
#include <atomic>
#include <numeric>

#include "base/clock.h"
#include "control/endpoints_of.h"
#include "control/live_balancer.h"
#include "counters/stripes.h"
#include "detect/sentence.h"
#include "host/occupancy.h"

namespace steadfast {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;
// What takes longer to read, and is judged over longer.
constexpr std::uint64_t kFlowsEvery_s = 10, kFillsEvery_s = 15;

bool is_silent(const BackendHealth& health) { return health.reason == "silent" && health.state != "up"; }

double next_hop_of(const Running& running, std::uint32_t id) {
  return running.tables.backends[id].ethernet[12];
}

std::uint64_t packets_counted(const Memory& memory) {
  return std::accumulate(memory.counts.begin(), memory.counts.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const sf_count& count) { return sum + count.packets; });
}

// Ids by endpoint; 0 is the host.
std::map<std::string, std::uint32_t> service_ids(const Running& running) {
  std::map<std::string, std::uint32_t> ids{{"", 0}};
  const auto& origin = running.tables.service_origin;
  for (std::uint32_t id = 1; id < origin.size(); ++id)
    if (origin[id].service < running.model.services.size())
      ids[running.model.services[origin[id].service].endpoint()] = id;
  return ids;
}

// The program writes these words while they are read.
std::uint64_t packets_in(const sf_count& count) {
  return std::atomic_ref<__u64>(const_cast<__u64&>(count.packets)).load(std::memory_order_relaxed);
}

void add(detect::CpuCounts& counts, sf_verdict verdict, std::uint64_t packets) {
  counts.packets += packets;
  if (detect::is_by(detect::Cause::configuration, verdict)) counts.configuration += packets;
  if (detect::is_by(detect::Cause::sender, verdict)) counts.sender += packets;
}

// In the order in which they lie: it is all of the counters. Nothing to compare on a host with one CPU.
detect::CpuCountsOf count_cpus(const Memory& memory, const Running& running) {
  detect::CpuCountsOf all;
  if (memory.capacity.cpus < 2) return all;
  std::vector<std::pair<std::uint32_t, std::vector<detect::CpuCounts>*>> rows;
  for (const auto& [endpoint, id] : service_ids(running)) rows.emplace_back(id, &all[endpoint]);
  std::sort(rows.begin(), rows.end());
  for (const auto& [id, cpus] : rows) cpus->resize(memory.capacity.cpus);
  for (std::uint32_t cpu = 0; cpu < memory.capacity.cpus; ++cpu)
    for (std::uint32_t at = 0; at < SF_VERDICT_COUNT; ++at)
      for (const auto& [id, cpus] : rows) {
        const std::size_t row = (std::size_t{cpu} * SF_VERDICT_ROOM + at) * memory.capacity.services + id;
        add((*cpus)[cpu], static_cast<sf_verdict>(at), packets_in(memory.counts[row]));
      }
  return all;
}

// Lines of the arena that rings of these slots take; a ring that they share is one.
std::size_t ring_lines(const Memory& memory, const std::vector<Deployment::InSlot>& slots) {
  std::map<std::uint32_t, std::size_t> lines;
  for (const Deployment::InSlot& in : slots)
    for (const sf_service& row :
         memory.services.subspan(std::size_t{in.slot} * memory.capacity.services, memory.capacity.services))
      if (row.active != 0)
        lines[row.ring_line] = (row.ring_mask + SF_RING_LINE_ENTRIES) / SF_RING_LINE_ENTRIES;
  return std::accumulate(lines.begin(), lines.end(), std::size_t{0},
                         [](std::size_t sum, const auto& ring) { return sum + ring.second; });
}

detect::SceneBackend backend_of(const Running& running, const Pool& pool, const Backend& backend,
                                std::uint32_t id, double ring_share) {
  return {object_of(pool, backend), backend.place, ring_share, id == 0 || next_hop_of(running, id) != 0};
}

// Rows of the backends of all services, in the order of the file; 0: it has no id.
std::vector<std::vector<std::uint32_t>> backend_ids(const Running& running) {
  std::vector<std::vector<std::uint32_t>> ids;
  for (const Service& service : running.model.services)
    ids.emplace_back(running.model.pool_of(service).backends.size());
  for (std::uint32_t id = 1; id < running.tables.backend_origin.size(); ++id) {
    const BackendOrigin& origin = running.tables.backend_origin[id];
    if (origin.service < ids.size() && origin.backend < ids[origin.service].size())
      ids[origin.service][origin.backend] = id;
  }
  return ids;
}

detect::Alarm frozen_alarm(const std::string& why, std::uint64_t generation, double since_s) {
  detect::Alarm alarm;
  alarm.key = alarm.verdict = "SF903";
  alarm.detector = "audit";
  alarm.object = "generation/" + std::to_string(generation);
  alarm.since_s = alarm.raised_s = since_s;
  alarm.sentence = "no change is taken: " + why + "; steadfast confirm makes what runs known";
  detect::Suspect& suspect = alarm.suspects.emplace_back();
  suspect.object = alarm.object;
  suspect.weight = 1;
  suspect.generation = generation;
  suspect.evidence = why;
  suspect.command = "steadfast confirm";
  return alarm;
}

}  // namespace

bool LiveBalancer::is_record_due() {
  const std::lock_guard guard(mutex_);
  return now_ns() >= next_record_ns_;
}

// A witness has a lock of its own, which is never taken under the balancer's.
std::optional<std::vector<detect::SilentBackend>> LiveBalancer::hear_of_silence() {
  const HealthWitness* knows = witness();
  if (knows == nullptr || !is_record_due()) return std::nullopt;
  const double now = now_s();
  std::vector<detect::SilentBackend> silent;
  for (const PoolHealth& pool : knows->unwell().pools)
    for (const BackendHealth& one : pool.backends)
      if (is_silent(one))
        silent.push_back({"backend/" + pool.name + "/" + one.name, one.detail, one.completion,
                          now - one.since_s, one.serving});
  return silent;
}

void LiveBalancer::show_to_detectors(const Running& watched) {
  const std::pair showing(deployment_.writings(), watched.generation);
  if (shown_ == showing) return;
  shown_ = showing;
  shown_ids_.clear();
  const Model& model = watched.model;
  const auto ids = backend_ids(watched);
  const auto entries = ring_entries(watched.tables);
  auto scene = std::make_shared<detect::Scene>();
  scene->file = running_record().file;
  for (std::uint32_t id = 1; id < watched.tables.service_origin.size(); ++id) {
    const std::size_t at = watched.tables.service_origin[id].service;
    if (at >= model.services.size()) continue;
    const Service& service = model.services[at];
    const sf_service& row = watched.tables.services[id];
    const double ring = row.active != 0 ? row.ring_mask + 1.0 : 1.0;
    const Pool& pool = model.pool_of(service);
    scene->services[service.endpoint()] = {
        object_of(service),     service.place,        service.hash == HashMode::five_tuple && !service.quic,
        scene->backends.size(), pool.backends.size(), "pool/" + pool.name};
    for (std::size_t i = 0; i < pool.backends.size(); ++i) {
      const std::uint32_t backend = ids[at][i];
      scene->backends.push_back(
          backend_of(watched, pool, pool.backends[i], backend, entries[backend] / ring));
      shown_ids_.push_back(backend);
    }
  }
  detectors_.show(std::move(scene));
}

void LiveBalancer::count_flows(detect::Second& second) const {
  for (const std::uint32_t id : shown_ids_) {
    const auto counts = id == 0 ? BackendCounts{} : backend_counts(deployment_.kernel().memory(), id);
    second.new_flows.push_back(counts.new_flows);
    second.established.push_back(counts.established);
  }
}

std::vector<detect::Fill> LiveBalancer::fills() const {
  const Memory& memory = deployment_.kernel().memory();
  const Running& running = *deployment_.running();
  const Limits& limits = running.model.limits;
  const auto rows = std::count_if(shown_ids_.begin(), shown_ids_.end(), [](auto id) { return id != 0; });
  std::vector<detect::Fill> all{
      {"table/flows", flow_table_fill(memory), 1},
      {"table/services", static_cast<double>(running.model.services.size()),
       static_cast<double>(*limits.services)},
      {"table/backends", static_cast<double>(rows), static_cast<double>(*limits.backends)},
      {"table/ranges", static_cast<double>(running.tables.ranges.size()),
       static_cast<double>(*limits.ranges)},
      {"table/arena", static_cast<double>(ring_lines(memory, deployment_.in_slots())),
       static_cast<double>(memory.rings.size())}};
  if (deployment_.around().has_host)
    for (const host::Occupancy& one : host::read_occupancies("/"))
      all.push_back({one.name, one.used, one.capacity});
  return all;
}

std::vector<detect::Drift> LiveBalancer::drifts() const {
  std::vector<detect::Drift> all;
  for (const auto& [at_ns, finding] : auditor_.all_events())
    all.push_back(
        {finding.code, finding.object, finding.message, static_cast<double>(at_ns) / kNanosecondsPerSecond});
  for (const Finding& finding : auditor_.standing(now_ns()))
    if (finding.severity == Severity::error)
      all.push_back({finding.code, finding.object, finding.message, 0});
  return all;
}

detect::Second LiveBalancer::second_of(const Sight& sight, const Running& watched) {
  const Memory& memory = deployment_.kernel().memory();
  detect::Second second;
  second.now_s = now_s();
  second.ahead_s = unix_now_s() - second.now_s;
  second.generation = deployment_.running()->generation;
  const std::uint32_t slot = deployment_.selector().current();
  second.generation_in_kernel = slot < SF_SLOTS ? memory.slots[slot].generation : 0;
  second.services = &sight.services;
  second.host = &sight.host;
  second.cpus = count_cpus(memory, watched);
  second.counted = packets_counted(memory);
  if (const auto stats = deployment_.kernel().stats(); stats && stats->runs != 0)
    second.program_runs = stats->runs;
  // In a canary two rings have their shares.
  const bool has_one_ring = !pending_ || pending_->probation.is_whole();
  if (has_one_ring && seconds_detected_ % kFlowsEvery_s == 0) count_flows(second);
  if (seconds_detected_ % kFillsEvery_s == 0) second.fills = fills();
  second.silent = silent_;
  second.drifts = drifts();
  if (pending_) second.unconfirmed = detect::Unconfirmed{pending_->record.number};
  return second;
}

void LiveBalancer::detect(const Sight& sight, const Running& watched) {
  show_to_detectors(watched);
  detectors_.take(second_of(sight, watched));
  ++seconds_detected_;
  if (!pending_) return;
  if (const detect::Alarm* harm = detectors_.harm(pending_->record.number); harm != nullptr)
    roll_back_pending(detect::without_command(harm->sentence));
}

// With what it moves, and what it names: the rest of the services is compared with these.
detect::ChangeMade LiveBalancer::change_made(const Generation& record, const Plan& plan,
                                             const Model& next) const {
  const auto& running = deployment_.running();
  detect::ChangeMade made{record.number, 0, record.author, record.file, {}, {}};
  const EndpointsOf after(next);
  const std::optional<EndpointsOf> before =
      running ? std::optional<EndpointsOf>(running->model) : std::nullopt;
  for (const ObjectChange& change : plan.objects) {
    detect::TouchedObject touched{change.object, change.after ? change.after : change.before, {}};
    touched.endpoints = after(change.object);
    if (before) touched.endpoints.merge((*before)(change.object));
    made.endpoints.insert(touched.endpoints.begin(), touched.endpoints.end());
    made.objects.push_back(std::move(touched));
  }
  for (const ServiceMovement& service : plan.services)
    if (service.moved > 0 || service.dropped > 0 || service.recovered > 0)
      made.endpoints.insert(service.heir_endpoint.empty() ? service.endpoint : service.heir_endpoint);
  return made;
}

void LiveBalancer::note(detect::ChangeMade change) {
  change.at_s = now_s();
  detectors_.note(std::move(change));
}

// Silent backends are said by who watches their health.
void LiveBalancer::describe_alarms(Status& status) const {
  for (const detect::Alarm& alarm : detectors_.alarms())
    if (alarm.detector != "T3" || alarm.object.starts_with("service/"))
      status.alerts.push_back(alarm.sentence);
}

std::vector<detect::Alarm> LiveBalancer::alarms() {
  const std::lock_guard guard(mutex_);
  settle();
  std::vector<detect::Alarm> all = detectors_.alarms();
  const std::string frozen = why_frozen();
  if (frozen.empty())
    frozen_since_s_.reset();
  else
    all.push_back(frozen_alarm(frozen, running_record().number,
                               frozen_since_s_ ? *frozen_since_s_ : frozen_since_s_.emplace(unix_now_s())));
  return all;
}

}  // namespace steadfast
