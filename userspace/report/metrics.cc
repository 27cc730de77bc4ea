// SPDX-License-Identifier: Apache-2.0
#include "report/metrics.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <array>
#include <ctime>
#include <string_view>

#include "base/bug.h"
#include "health/state.h"
#include "report/metric_list.h"
#include "report/version.h"
#include "report/view.h"

namespace steadfast::report {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

enum class Metric : std::size_t {
#define X(symbol, type, name, labels, help) symbol,
  SF_METRICS(X)
#undef X
};

struct Declaration {
  const char* name;
  MetricType type;
  std::string_view labels;  // separated by commas
  const char* help;
};

constexpr std::array kMetrics{
#define X(symbol, type, name, labels, help) Declaration{name, MetricType::type, labels, help},
    SF_METRICS(X)
#undef X
};

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> names;
  while (!list.empty()) {
    const auto comma = list.find(',');
    names.emplace_back(list.substr(0, comma));
    list.remove_prefix(comma == list.npos ? list.size() : comma + 1);
  }
  return names;
}

// The families of one page, in the order of the list.
class Page {
 public:
  Page() {
    for (std::size_t i = 0; i < kMetrics.size(); i++) {
      families_[i] = MetricFamily{kMetrics[i].name, kMetrics[i].help, kMetrics[i].type, {}};
      labels_[i] = split(kMetrics[i].labels);
    }
  }

  void add(Metric metric, const std::vector<std::string>& values, double value) {
    const auto at = static_cast<std::size_t>(metric);
    invariant(values.size() == labels_[at].size(), "a series has a value for each label of its metric");
    ClientMetric& series = families_[at].metric.emplace_back();
    for (std::size_t i = 0; i < values.size(); i++) series.label.push_back({labels_[at][i], values[i]});
    (families_[at].type == MetricType::Counter ? series.counter.value : series.gauge.value) = value;
  }
  void add(Metric metric, const std::vector<std::string>& values, std::uint64_t value) {
    add(metric, values, static_cast<double>(value));
  }
  void add(Metric metric, const std::vector<std::string>& values, bool value) {
    add(metric, values, value ? 1.0 : 0.0);
  }

  std::string text() const {
    return prometheus::TextSerializer().Serialize({families_.begin(), families_.end()});
  }

 private:
  std::array<MetricFamily, kMetrics.size()> families_;
  std::array<std::vector<std::string>, kMetrics.size()> labels_;
};

// A series that cannot exist costs every scrape; one that has counted is shown
// all the same, so that the sum of verdicts stays the packets seen.
template <typename Add>
void each_verdict(const VerdictCounts& counts, bool of_service, Add add) {
  for (std::size_t i = 0; i < counts.size(); i++) {
    const auto verdict = static_cast<sf_verdict>(i);
    if (belongs_to_service(verdict) == of_service || counts[i].packets != 0) add(verdict, counts[i]);
  }
}

void add_service(Page& page, const ServiceSnapshot& service) {
  each_verdict(service.verdicts, true, [&](sf_verdict verdict, const Count& count) {
    const std::vector<std::string> labels{service.name, std::string(label(verdict))};
    page.add(Metric::service_packets, labels, count.packets);
    page.add(Metric::service_bytes, labels, count.bytes);
  });
}

void add_host(Page& page, const Snapshot& snapshot) {
  each_verdict(snapshot.host, false, [&](sf_verdict verdict, const Count& count) {
    page.add(Metric::host_packets, {std::string(label(verdict))}, count.packets);
  });
  const VerdictCounts total = snapshot.total();
  for (std::size_t i = 0; i < total.size(); i++) {
    const auto verdict = static_cast<sf_verdict>(i);
    if (!is_drop(verdict)) continue;
    page.add(Metric::dropped_packets, {std::string(label(verdict)), std::string(label(kind(verdict)))},
             total[i].packets);
  }
}

void add_backend_state(Page& page, const BackendSnapshot& backend) {
  for (const char* state : {"active", "drain", "disabled"})
    page.add(Metric::backend_state, {backend.service, backend.pool, backend.name, state},
             backend.state == state);
}

void add_backend(Page& page, const BackendSnapshot& backend) {
  const std::vector<std::string> labels{backend.service, backend.pool, backend.name};
  page.add(Metric::backend_packets, labels, backend.packets);
  page.add(Metric::backend_bytes, labels, backend.bytes);
  page.add(Metric::backend_new_flows, labels, backend.new_flows);
  page.add(Metric::backend_established_flows, labels, backend.established);
  page.add(Metric::backend_syn_retransmissions, labels, backend.syn_retransmissions);
  page.add(Metric::backend_retried, labels, backend.retried);
  page.add(Metric::backend_midflow_packets, labels, backend.midflow);
  page.add(Metric::backend_untracked_packets, labels, backend.untracked);
  page.add(Metric::backend_weight, labels, std::uint64_t{backend.weight});
  page.add(Metric::backend_ring_share, labels, backend.ring_share);
  page.add(Metric::backend_flows, labels, backend.flows);
  page.add(Metric::backend_next_hop, labels, backend.next_hop_resolved);
  add_backend_state(page, backend);
}

void add_backend_health(Page& page, const std::string& pool, const BackendHealth& backend) {
  const std::vector<std::string> labels{pool, backend.name};
  page.add(Metric::backend_up, labels, backend.serving);
  for (const std::string_view state : health::kStateNames)
    page.add(Metric::backend_health_state, {pool, backend.name, std::string(state)}, backend.state == state);
  page.add(Metric::backend_health_share, labels, backend.share);
  page.add(Metric::backend_completion, labels, backend.completion);
  page.add(Metric::backend_probe_seconds, labels, backend.probe_s);
}

void add_pool_health(Page& page, const PoolHealth& pool) {
  page.add(Metric::pool_healthy, {pool.name}, pool.healthy);
  page.add(Metric::pool_serving, {pool.name}, pool.serving);
  page.add(Metric::pool_needed, {pool.name}, pool.needed);
  page.add(Metric::pool_on_floor, {pool.name}, pool.on_floor);
  for (const BackendHealth& backend : pool.backends) add_backend_health(page, pool.name, backend);
}

void add_health(Page& page, const HealthReport& health) {
  for (const PoolHealth& pool : health.pools) add_pool_health(page, pool);
  const HealthFigures& figures = health.figures;
  for (std::size_t i = 0; i < figures.probes.size(); i++)
    page.add(Metric::probes, {std::string(name(static_cast<health::Outcome>(i)))}, figures.probes[i]);
  page.add(Metric::probe_seconds, {}, figures.probe_s);
  page.add(Metric::probes_running, {}, figures.running);
  page.add(Metric::probes_late, {}, figures.late);
  page.add(Metric::health_frozen, {}, !figures.frozen.empty());
  page.add(Metric::health_published, {}, figures.published);
  page.add(Metric::health_publish_seconds, {}, figures.publish_s);
  page.add(Metric::health_last_publish, {}, figures.last_publish_s);
}

void add_flow_table(Page& page, const FlowTableSnapshot& flows) {
  page.add(Metric::flow_entries, {"half_open"}, flows.half_open);
  page.add(Metric::flow_entries, {"established"}, flows.established);
  page.add(Metric::flow_entries, {"closing"}, flows.closing);
  page.add(Metric::flow_capacity, {}, flows.capacity);
  page.add(Metric::flow_bytes, {}, flows.bytes);
}

// 0 for a text that is no time: before the first apply there is none.
double unix_time(const std::string& rfc3339) {
  std::tm broken_down{};
  if (strptime(rfc3339.c_str(), "%Y-%m-%dT%H:%M:%S", &broken_down) == nullptr) return 0;
  return static_cast<double>(timegm(&broken_down));
}

void add_status(Page& page, const Snapshot& snapshot, const Status& status) {
  page.add(Metric::generation, {}, snapshot.generation);
  page.add(Metric::applied, {}, unix_time(status.applied_at));
  page.add(Metric::apply_success, {}, !change_went_wrong(status));
  page.add(Metric::build_info, {std::string(version()), std::to_string(SF_ABI_VERSION)}, true);
  page.add(Metric::program_runs, {}, snapshot.program_runs);
  page.add(Metric::program_run_seconds, {}, snapshot.program_run_s);
  page.add(Metric::timer_alive, {}, status.timer_alive);
  page.add(Metric::timer_restarts, {}, status.timer_restarts);
  page.add(Metric::fallbacks, {}, status.fallbacks);
  page.add(Metric::confirmed_generation, {}, status.confirmed);
  page.add(Metric::pending_seconds, {}, status.pending ? status.pending->seconds_left : 0.0);
  page.add(Metric::pending_share, {}, status.pending ? status.pending->share : 0.0);
  page.add(Metric::incidents_open, {}, status.incidents.open);
  page.add(Metric::incidents_total, {}, status.incidents.total);
  for (const Deliveries& receiver : status.incidents.deliveries) {
    page.add(Metric::alerts_sent, {receiver.receiver}, receiver.sent);
    page.add(Metric::alerts_failed, {receiver.receiver}, receiver.failed);
  }
  page.add(Metric::alerts, {}, std::uint64_t{status.alerts.size()});
  page.add(Metric::map_memory, {}, status.memory_bytes);
  page.add(Metric::history_bytes, {}, status.history_bytes);
  page.add(Metric::uptime, {}, status.uptime_s);
}

void add_audit(Page& page, const Status& status) {
  page.add(Metric::tables_info, {status.tables_digest}, true);
  page.add(Metric::audit_age, {}, status.audit.read_back_age_s);
  page.add(Metric::audit_whole, {}, status.audit.whole_at_s);
  for (const auto& [code, count] : status.audit.found) page.add(Metric::audit_findings, {code}, count);
  page.add(Metric::audit_repairs, {}, status.audit.repairs);
}

std::string type_name(MetricType type) { return type == MetricType::Counter ? "counter" : "gauge"; }

std::string labels_cell(std::string_view labels) {
  std::string cell;
  for (const auto& name : split(labels)) cell += (cell.empty() ? "`" : ", `") + name + "`";
  return cell.empty() ? "–" : cell;
}

}  // namespace

std::string metrics_page(const Snapshot& snapshot, const Status& status) {
  Page page;
  for (const auto& service : snapshot.services) add_service(page, service);
  add_host(page, snapshot);
  for (const auto& backend : snapshot.backends) add_backend(page, backend);
  add_flow_table(page, snapshot.flows);
  add_health(page, snapshot.health);
  add_status(page, snapshot, status);
  add_audit(page, status);
  return page.text();
}

std::string metrics_markdown() {
  std::string out =
      "# Metrics\n\n"
      "Generated by `steadfast reference metrics`; do not edit.\n\n"
      "`GET /metrics` on the daemon's TCP address and on its control socket. The values of the label\n"
      "`verdict` are explained in [verdicts.md](verdicts.md).\n\n"
      "| metric | type | labels | meaning |\n|---|---|---|---|\n";
  for (const auto& metric : kMetrics)
    out += "| `" + std::string(metric.name) + "` | " + type_name(metric.type) + " | " +
           labels_cell(metric.labels) + " | " + metric.help + " |\n";
  return out;
}

}  // namespace steadfast::report
