// SPDX-License-Identifier: Apache-2.0
// steadfastd: the pipeline, in order. A configuration is read (the journal's
// running generation, or the file on the first start), checked, given tables
// sized by its limits, published, attached; then every change comes over the
// control socket until a signal ends the daemon, and forwarding goes on without it.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <climits>
#include <filesystem>

#include "base/clock.h"
#include "base/fault_point.h"
#include "check/check.h"
#include "control/api.h"
#include "control/live_balancer.h"
#include "control/server.h"
#include "host.h"
#include "journal/state_lock.h"
#include "kernel/drop_ring.h"
#include "report/finding_text.h"
#include "report/version.h"
#include "reporter.h"
#include "start.h"
#include "watch.h"
#include "watchman.h"

namespace steadfast {
namespace {

struct Options {
  std::string config;
  std::string state = "/var/lib/steadfast";
  std::string control = "/run/steadfast/control.sock";
  std::string bpffs = "/sys/fs/bpf/steadfast";
  std::string listen = "127.0.0.1:9464";
  bool detach_on_exit = false;
  bool from_file = false;
  std::vector<std::string> accept;
  std::string reason;
  std::vector<std::string> alertmanagers, webhooks;
};

int failed(const Error& error) {
  spdlog::error("{}", error.what);
  return kEnvironment;
}

int refused(const Findings& findings, const std::string& text, int exit_code) {
  spdlog::error("the configuration is refused; nothing was changed");
  std::fputs(report::render_findings(findings, text, false).c_str(), stderr);
  return exit_code;
}

Result<std::vector<Acceptance>> acceptances(const std::vector<std::string>& texts) {
  std::vector<Acceptance> accepted;
  for (const std::string& text : texts) {
    auto one = api::parse_acceptance(text);
    if (!one) return one.error().while_doing("--accept");
    accepted.push_back(std::move(*one));
  }
  return accepted;
}

Result<std::vector<notify::Address>> addresses(const std::vector<std::string>& urls, const char* option) {
  std::vector<notify::Address> all;
  for (const std::string& url : urls) {
    auto one = notify::Address::parse(url);
    if (!one) return one.error().while_doing(option);
    all.push_back(std::move(*one));
  }
  return all;
}

std::string host_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "";
}

Result<Reporter::Wish> receivers(const Options& options) {
  auto alertmanagers = addresses(options.alertmanagers, "--alertmanager");
  if (!alertmanagers) return alertmanagers.error();
  auto webhooks = addresses(options.webhooks, "--webhook");
  if (!webhooks) return webhooks.error();
  return Reporter::Wish{std::move(*alertmanagers), std::move(*webhooks), host_name()};
}

// What is recorded, and who is told.
struct Reporting {
  std::unique_ptr<IncidentDesk> desk;
  Reporter::Wish wish;
};

// A disk that is full must not keep the balancer down: then nothing is recorded.
std::unique_ptr<IncidentDesk> open_desk(const Options& options, const Journal& journal) {
  auto desk = IncidentDesk::open(options.state + "/incidents", seen(journal.generations()));
  if (desk) return std::move(*desk);
  spdlog::error("no incident is recorded: {}", desk.error().what);
  return nullptr;
}

// The directory of the control socket; systemd makes it, other starts may not have.
Result<void> make_directory_of(const std::string& socket) {
  std::error_code failed;
  std::filesystem::create_directories(std::filesystem::path(socket).parent_path(), failed);
  if (failed) return Error::from_errno("creating the directory of " + socket, failed.value());
  return {};
}

Outcome begin(LiveBalancer& balancer, const Options& options, const Start& start,
              std::vector<Acceptance> accepted) {
  if (start.resumes != 0) return balancer.resume(start.resumes, start.alert, start.crashed);
  Change change;
  change.text = start.text;
  change.file = start.file;
  change.author = "steadfastd";
  change.reason = options.reason.empty() ? "first start" : options.reason;
  change.accepted = std::move(accepted);
  return balancer.apply(change);
}

std::filesystem::path health_memory(const Options& options) { return options.state + "/health.json"; }

// Packets follow what the daemon before knew of backends' health, from the first publication on.
Recollection recall_health(LiveBalancer& balancer, const Options& options) {
  auto remembered = read_recollection(health_memory(options));
  if (!remembered) spdlog::warn("{}", remembered.error().what);
  if (!remembered || remembered->empty()) return {};
  if (const auto set = balancer.set_health(overlay_of(*remembered)); !set)
    spdlog::warn("{}", set.error().what);
  spdlog::info("health: what was known before is kept: {} backends of pools with somebody out",
               remembered->size());
  return std::move(*remembered);
}

int serve(BpfKernel& kernel, LiveBalancer& balancer, const Recollection& remembered, Reporting reporting,
          const Options& options) {
  auto watchman = Watchman::start(balancer, remembered, health_memory(options));
  if (!watchman) return failed(watchman.error());
  std::optional<Reporter> reporter(std::in_place, balancer, **watchman, std::move(reporting.desk),
                                   std::move(reporting.wish));
  auto dropped = DropRing::open(kernel);
  if (!dropped) return failed(dropped.error());
  DropFeed drops(**dropped);
  ControlServer server(balancer, {options.control, options.listen, &drops});
  if (auto started = server.start(); !started) return failed(started.error());
  spdlog::info("control socket {}, reads on http://{}", options.control, server.tcp_address());
  sd_notify(0, "READY=1");
  const auto watched = watch(balancer);
  sd_notify(0, "STOPPING=1");
  server.stop();
  reporter.reset();
  watchman->reset();
  if (!watched) return failed(watched.error());
  if (!options.detach_on_exit) {
    spdlog::info("stopped; forwarding goes on (--detach-on-exit takes it away)");
    return kOk;
  }
  if (auto detached = kernel.detach(); !detached) return failed(detached.error());
  spdlog::info("stopped and detached");
  return kOk;
}

// A full disk must not keep the balancer down; without this record only a crash
// loop goes unnoticed.
void warn_unless(const Result<void>& done) {
  if (!done) spdlog::warn("{}", done.error().what);
}

int load_and_serve(const Options& options, const Start& start, Journal journal, Life& life,
                   std::vector<Acceptance> accepted, Reporter::Wish told) {
  Reporting reporting{open_desk(options, journal), std::move(told)};
  const Checked checked = check(start.text, start.file, Date::today());
  if (!checked.model) return refused(checked.findings, start.text, kRefused);
  auto kernel = BpfKernel::open({options.bpffs, capacity_for(checked.model->limits, 0)});
  if (!kernel) return failed(kernel.error());
  spdlog::info("{} tables, {} MiB", (*kernel)->adopted() ? "adopted" : "fresh",
               memory_bytes((*kernel)->memory().capacity) >> 20);
  auto balancer = LiveBalancer::open(**kernel, checked.model->limits,
                                     surroundings_of(**kernel, options.config, options.bpffs),
                                     start.unknown ? std::nullopt : std::optional(journal), &life);
  if (!balancer) return failed(balancer.error());
  const Recollection remembered = recall_health(**balancer, options);
  const Outcome outcome = start.unknown
                              ? (*balancer)->resume_unknown(*start.unknown, start.alert, std::move(journal))
                              : begin(**balancer, options, start, std::move(accepted));
  if (!outcome.findings.empty() && exit_code(outcome.ending) != kOk)
    return refused(outcome.findings, start.text, exit_code(outcome.ending));
  if (exit_code(outcome.ending) != kOk) return failed({outcome.error});
  spdlog::info("generation {} runs ({} services)", outcome.generation, checked.model->services.size());
  return serve(**kernel, **balancer, remembered, std::move(reporting), options);
}

int run(const Options& options) {
  block_signals();
  auto accepted = acceptances(options.accept);
  if (!accepted) return failed(accepted.error());
  auto told = receivers(options);
  if (!told) return failed(told.error());
  if (auto made = make_directory_of(options.control); !made) return failed(made.error());
  const auto lock = StateLock::take(options.state);
  if (!lock) return failed(lock.error());
  auto journal = Journal::open(options.state + "/generations");
  if (!journal) return failed(journal.error());
  auto life = Life::open(options.state + "/life", unix_now_s());
  if (!life) return failed(life.error());
  const std::uint64_t in_kernel = BpfKernel::confirmed_generation(options.bpffs);
  const auto start = choose_start(*journal, *life,
                                  {options.config, options.from_file, in_kernel,
                                   BpfKernel::kept_text(options.bpffs, in_kernel), unix_now_s()});
  if (!start) return failed(start.error());
  warn_unless(life->live_with(start->resumes));
  begin_fault_scope("load");
  fault_point("generation chosen");
  const int code =
      load_and_serve(options, *start, std::move(*journal), *life, std::move(*accepted), std::move(*told));
  // Whatever the code says, this is an orderly end and no crash.
  warn_unless(life->end());
  return code;
}

void add_options(CLI::App& app, Options& options) {
  app.set_version_flag("--version", std::string(version()));
  app.add_option("--config", options.config, "configuration file (TOML); read on the first start")
      ->required();
  app.add_option("--state", options.state, "directory of the journal")->capture_default_str();
  app.add_option("--control", options.control, "Unix socket for every verb")->capture_default_str();
  app.add_option("--bpffs", options.bpffs, "directory in bpffs for pinned tables and links")
      ->capture_default_str();
  app.add_option("--listen", options.listen, "address for reads: metrics, API, dashboard")
      ->capture_default_str();
  app.add_flag("--detach-on-exit", options.detach_on_exit, "take forwarding away when the daemon stops");
  app.add_flag("--from-file", options.from_file,
               "start from --config as a new generation, not from the journal");
  auto* reason = app.add_option("--reason", options.reason, "why, for the journal");
  app.add_option("--alertmanager", options.alertmanagers,
                 "push alerts to this Alertmanager, as in http://alerts:9093; may be given several times");
  app.add_option("--webhook", options.webhooks,
                 "POST every alert to this address as JSON; may be given several times");
  app.add_option("--accept", options.accept, "accept a gate by name, CODE:OBJECT")->needs(reason);
}

}  // namespace
}  // namespace steadfast

int main(int argc, char** argv) {
  spdlog::set_default_logger(spdlog::stderr_color_mt("steadfastd"));
  CLI::App app{"The Steadfast daemon: loads the tables and keeps them right"};
  steadfast::Options options;
  steadfast::add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : steadfast::kEnvironment;
  }
  return steadfast::run(options);
}
