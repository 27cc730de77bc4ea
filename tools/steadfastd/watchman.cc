// SPDX-License-Identifier: Apache-2.0
#include "watchman.h"

#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <algorithm>
#include <random>

#include "base/thread_name.h"
#include "host.h"
#include "probe/doctor.h"

namespace steadfast {
namespace {

using health::Time;
using std::chrono::milliseconds;

constexpr milliseconds kBeat{100};                     // of the governing and the examining thread
constexpr milliseconds kLongestWait{100};              // of the asking one, so that it notices the end
constexpr Time kJudgeEvery = milliseconds(200);        // probe answers, together
constexpr Time kPathEvery = std::chrono::seconds(10);  // somebody may have taken it away
constexpr Time kPathAgain = std::chrono::seconds(1);   // while it cannot be attached
constexpr milliseconds kChangePatience{3000};          // of somebody who applies
constexpr std::size_t kMostProbes = 4096;              // at once
constexpr rlim_t kOtherDescriptors = 512;              // maps, links, requests
constexpr std::size_t kEventsLogged = 100;             // of one moment

Time now() { return std::chrono::steady_clock::now().time_since_epoch(); }

std::uint64_t any_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

// A probe holds a descriptor: as many as the host allows are taken, and the rest waits.
std::size_t probes_at_once() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kOtherDescriptors;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t free =
      limit.rlim_cur > 2 * kOtherDescriptors ? limit.rlim_cur - kOtherDescriptors : limit.rlim_cur / 2;
  return std::min<std::size_t>(kMostProbes, free);
}

void tell(const std::vector<health::Event>& events) {
  for (std::size_t i = 0; i < std::min(events.size(), kEventsLogged); ++i) {
    const health::Event& event = events[i];
    spdlog::warn("backend/{}/{}: {} after {} ({}){}{}", event.pool, event.backend, name(event.to),
                 name(event.from), name(event.reason), event.detail.empty() ? "" : ": ", event.detail);
  }
  if (events.size() > kEventsLogged)
    spdlog::warn("{} more backends changed their state", events.size() - kEventsLogged);
}

Error no_path() { return Error{"probes cannot take the packets' own path from this host"}; }

Examined examined(const std::string& service, const probe::Diagnosis& diagnosis) {
  Examined one{service, "", diagnosis.sentence, "", diagnosis.deaf};
  if (!diagnosis.fault) return one;
  one.code = probe::code_of(*diagnosis.fault);
  one.fix = probe::fix_of(*diagnosis.fault);
  return one;
}

}  // namespace

Watchman::Watchman(LiveBalancer& balancer, probe::Prober prober, std::filesystem::path memory)
    : balancer_(balancer), keeper_(any_seed(), now), prober_(std::move(prober)), memory_(std::move(memory)) {}

// The path stands before the first probe, or the first answers would be about this host.
Result<std::unique_ptr<Watchman>> Watchman::start(LiveBalancer& balancer, const Recollection& remembered,
                                                  std::filesystem::path memory) {
  auto prober = probe::Prober::open({.concurrency = probes_at_once()});
  if (!prober) return prober.error().while_doing("starting health checks");
  std::unique_ptr<Watchman> watchman(new Watchman(balancer, std::move(*prober), std::move(memory)));
  watchman->follow();
  watchman->keeper_.recall(remembered);
  watchman->remembered_ = remembered;
  watchman->asking_ = std::thread([w = watchman.get()] { w->ask(); });
  watchman->governing_ = std::thread([w = watchman.get()] { w->govern(); });
  watchman->examining_ = std::thread([w = watchman.get()] { w->examine_failing(); });
  balancer.ask_about_health(watchman.get());
  return watchman;
}

Watchman::~Watchman() {
  balancer_.ask_about_health(nullptr);
  {
    const std::lock_guard guard(mutex_);
    stopping_ = true;
  }
  stopped_.notify_all();
  for (std::thread* thread : {&asking_, &governing_, &examining_})
    if (thread->joinable()) thread->join();
}

bool Watchman::rest(milliseconds time) {
  std::unique_lock lock(mutex_);
  return !stopped_.wait_for(lock, time, [this] { return stopping_.load(); });
}

void Watchman::ask() {
  name_thread("probing");
  while (!stopping_) {
    prober_.use_path(path_in_use_);
    for (probe::ProbeRequest& request : keeper_.due_probes()) prober_.start(std::move(request));
    const auto wait = std::chrono::ceil<milliseconds>(keeper_.until_next(kLongestWait));
    const auto ended = prober_.run(wait);
    if (ended && !ended->empty()) keeper_.take(*ended);
    if (ended) continue;
    spdlog::error("health checks: {}", ended.error().what);
    rest(kLongestWait);
  }
}

void Watchman::govern() {
  name_thread("health");
  while (rest(kBeat)) {
    const Time at = now();
    follow();
    if (at >= path_due_) hold_path(at);
    count();
    if (at >= judge_due_) judge(at);
    publish();
  }
}

void Watchman::follow() {
  auto what_runs = balancer_.follow(revision_);
  if (!what_runs) return;
  revision_ = what_runs->revision;
  interfaces_ = interface_names(what_runs->model);
  hold_path(now());
  const OwnAddresses own = own_addresses(interfaces_);
  keeper_.adopt(std::move(*what_runs), own);
}

void Watchman::hold_path(Time at) {
  Result<void> held;
  if (path_) {
    held = path_->follow(interfaces_);
  } else if (auto attached = ProbePath::attach(interfaces_); attached) {
    path_ = std::make_unique<ProbePath>(std::move(*attached));
    path_in_use_ = path_.get();
  } else {
    held = attached.error();
  }
  keeper_.set_path_problem(held ? "" : held.error().what);
  path_due_ = at + (held ? kPathEvery : kPathAgain);
}

// A reading is health's tick (health/handshakes.h).
void Watchman::count() {
  const auto counted = balancer_.count_members(reading_, keeper_.wants_flows());
  if (!counted) return;
  reading_ = counted->reading;
  keeper_.count(*counted);
}

void Watchman::judge(Time at) {
  judge_due_ = at + kJudgeEvery;
  keeper_.tick();
  tell(keeper_.take_events());
}

void Watchman::publish() {
  const auto overlay = keeper_.overlay_due();
  if (!overlay) return;
  const Time before = now();
  const auto changed = balancer_.set_health(*overlay);
  const Time took = now() - before;
  if (!changed) {
    keeper_.not_published(changed.error().what);
    return;
  }
  keeper_.published(*overlay, took);
  spdlog::info("health: {} backends out or with a part of their weight, published in {} us",
               overlay->shares.size(), took.count() / 1000);
  remember();
}

// A disk that fails must not stand in the way of health.
void Watchman::remember() {
  Recollection known = keeper_.recollection();
  if (known == remembered_) return;
  remembered_ = std::move(known);
  if (const auto written = write_recollection(memory_, remembered_); !written)
    spdlog::warn("{}", written.error().what);
}

Result<std::vector<Examined>> Watchman::examine(const std::string& pool, const std::string& backend) const {
  const ProbePath* path = path_in_use_;
  if (path == nullptr) return no_path();
  const std::vector<Checkup> checkups = keeper_.checkups(pool, backend);
  if (checkups.empty())
    return Error{"no active service uses backend \"" + backend + "\" of pool \"" + pool + "\""};
  std::vector<Examined> found;
  for (const Checkup& checkup : checkups) {
    auto examination = probe::examine(checkup.patient, *path);
    if (!examination) return examination.error();
    if (!examination->diagnosis)
      return Error{"this host could not probe: " + examination->evidence.small.detail};
    found.push_back(examined(checkup.service, *examination->diagnosis));
  }
  return found;
}

// The probes leave by the interfaces that run: a change of these alone is not examined.
Result<std::vector<ExaminedMember>> Watchman::examine_change(const Model& after, const NextHops& hops,
                                                             const Model* before) const {
  const auto checkups = checkups_of_change(after, hops, before, own_addresses(interface_names(after)));
  if (checkups.empty()) return std::vector<ExaminedMember>();
  const ProbePath* path = path_in_use_;
  if (path == nullptr) return no_path();
  std::vector<probe::Patient> patients;
  patients.reserve(checkups.size());
  for (const Checkup& checkup : checkups) patients.push_back(checkup.patient);
  const auto examinations = probe::examine(patients, *path, kChangePatience);
  if (!examinations) return examinations.error();
  std::vector<ExaminedMember> members;
  members.reserve(checkups.size());
  for (std::size_t i = 0; i < checkups.size(); ++i) {
    ExaminedMember member{checkups[i].pool, checkups[i].backend, std::nullopt};
    if (const auto& diagnosis = (*examinations)[i].diagnosis)
      member.found = examined(checkups[i].service, *diagnosis);
    members.push_back(std::move(member));
  }
  return members;
}

void Watchman::examine_failing() {
  name_thread("examining");
  while (rest(kBeat))
    while (!stopping_) {
      const auto failing = keeper_.next_case();
      if (!failing) break;
      auto found = examine(failing->first, failing->second);
      keeper_.note_case(*failing, found ? std::move(*found) : std::vector<Examined>());
    }
}

}  // namespace steadfast
