// SPDX-License-Identifier: Apache-2.0
// Every metric there is, declared once: the exposition (report/metrics.h) and
// docs/metrics.md are made from this list.
//
// Names are a contract with dashboards and alerts: append, never rename.
#pragma once

// X(symbol, type, name, labels, help)
#define SF_METRICS(X)                                                                                        \
  X(service_packets, Counter, "steadfast_service_packets_total", "service,verdict",                          \
    "Packets of a service by what the program decided about them")                                           \
  X(service_bytes, Counter, "steadfast_service_bytes_total", "service,verdict",                              \
    "Bytes of a service as received, Ethernet header included, by verdict")                                  \
  X(host_packets, Counter, "steadfast_host_packets_total", "verdict",                                        \
    "Packets that belong to no service, by verdict")                                                         \
  X(dropped_packets, Counter, "steadfast_dropped_packets_total", "verdict,kind",                             \
    "Dropped packets of the whole host, by verdict and by who can change it")                                \
  X(backend_packets, Counter, "steadfast_backend_packets_total", "service,pool,backend",                     \
    "Packets sent to a backend")                                                                             \
  X(backend_bytes, Counter, "steadfast_backend_bytes_total", "service,pool,backend",                         \
    "Bytes sent to a backend, as received, Ethernet header included")                                        \
  X(backend_new_flows, Counter, "steadfast_backend_new_flows_total", "service,pool,backend",                 \
    "Flows that began on a backend")                                                                         \
  X(backend_established_flows, Counter, "steadfast_backend_established_flows_total", "service,pool,backend", \
    "TCP flows whose client answered the SYN-ACK of the backend")                                            \
  X(backend_syn_retransmissions, Counter, "steadfast_backend_syn_retransmissions_total",                     \
    "service,pool,backend", "Repeated SYNs of flows on a backend: its answer is missing")                    \
  X(backend_retried, Counter, "steadfast_backend_retried_flows_total", "service,pool,backend",               \
    "Flows on a backend whose SYN came again, however often")                                                \
  X(backend_midflow_packets, Counter, "steadfast_backend_midflow_packets_total", "service,pool,backend",     \
    "Packets of unknown flows that were not their first, placed by the ring")                                \
  X(backend_untracked_packets, Counter, "steadfast_backend_untracked_packets_total", "service,pool,backend", \
    "Packets placed by the ring because the flow table had no room")                                         \
  X(backend_weight, Gauge, "steadfast_backend_weight", "service,pool,backend", "Weight as configured")       \
  X(backend_ring_share, Gauge, "steadfast_backend_ring_share_ratio", "service,pool,backend",                 \
    "Exact share of new flows, from 0 to 1")                                                                 \
  X(backend_state, Gauge, "steadfast_backend_state", "service,pool,backend,state",                           \
    "1 for the present state of a backend, 0 for the others")                                                \
  X(backend_flows, Gauge, "steadfast_backend_flows", "service,pool,backend",                                 \
    "Entries of the flow table that name a backend")                                                         \
  X(backend_next_hop, Gauge, "steadfast_backend_next_hop_resolved", "service,pool,backend",                  \
    "1 while the next hop towards a backend is resolved")                                                    \
  X(flow_entries, Gauge, "steadfast_flow_table_entries", "state", "Flows in the flow table by state")        \
  X(flow_capacity, Gauge, "steadfast_flow_table_capacity_entries", "", "Flows the flow table has room for")  \
  X(flow_bytes, Gauge, "steadfast_flow_table_size_bytes", "", "Memory of the flow table")                    \
  X(generation, Gauge, "steadfast_generation", "", "Number of the generation that runs")                     \
  X(applied, Gauge, "steadfast_last_apply_timestamp_seconds", "",                                            \
    "Unix time at which the running generation was applied; 0 before the first")                             \
  X(apply_success, Gauge, "steadfast_last_apply_success", "",                                                \
    "1 unless the last change was refused or failed")                                                        \
  X(build_info, Gauge, "steadfast_build_info", "version,abi", "Always 1; the labels say what runs")          \
  X(program_runs, Counter, "steadfast_program_runs_total", "",                                               \
    "Runs of the program, counted while kernel.bpf_stats_enabled is 1")                                      \
  X(program_run_seconds, Counter, "steadfast_program_run_seconds_total", "",                                 \
    "Time inside the program, counted while kernel.bpf_stats_enabled is 1")                                  \
  X(timer_alive, Gauge, "steadfast_timer_alive", "", "1 while the timer in the kernel ticks")                \
  X(timer_restarts, Counter, "steadfast_timer_restarts_total", "",                                           \
    "Times the timer in the kernel stood still and was started again")                                       \
  X(fallbacks, Counter, "steadfast_kernel_fallbacks_total", "",                                              \
    "Times an unconfirmed generation passed its deadline and the previous one came back")                    \
  X(confirmed_generation, Gauge, "steadfast_confirmed_generation", "",                                       \
    "Number of the generation confirmed last: the one a start-up loads")                                     \
  X(pending_seconds, Gauge, "steadfast_pending_seconds_left", "",                                            \
    "Time until the pending change goes back by itself; 0 while nothing is pending")                         \
  X(pending_share, Gauge, "steadfast_pending_share_ratio", "",                                               \
    "Share of new flows that the pending generation gets; 0 while nothing is pending")                       \
  X(backend_up, Gauge, "steadfast_backend_up", "pool,backend",                                               \
    "1 while health lets a backend take new flows, also one that only the floor keeps")                      \
  X(backend_health_state, Gauge, "steadfast_backend_health_state", "pool,backend,state",                     \
    "1 for the state that health has found a backend in, 0 for the others")                                  \
  X(backend_health_share, Gauge, "steadfast_backend_health_share_ratio", "pool,backend",                     \
    "Part of its weight that health leaves a backend, from 0 to 1: below 1 while it warms up")               \
  X(backend_completion, Gauge, "steadfast_backend_handshake_completion_ratio", "pool,backend",               \
    "Share of users' TCP handshakes that completed in the last half minute; 1 without any")                  \
  X(backend_probe_seconds, Gauge, "steadfast_backend_probe_seconds", "pool,backend",                         \
    "Time that the latest probe which decides took; 0 before the first")                                     \
  X(pool_healthy, Gauge, "steadfast_pool_healthy_backends", "pool",                                          \
    "Backends that the file gives new flows and that do not fail")                                           \
  X(pool_serving, Gauge, "steadfast_pool_serving_backends", "pool",                                          \
    "Backends that take new flows, those that the floor keeps included")                                     \
  X(pool_needed, Gauge, "steadfast_pool_needed_backends", "pool", "min_healthy as a number of backends")     \
  X(pool_on_floor, Gauge, "steadfast_pool_on_floor", "pool",                                                 \
    "1 while a pool keeps backends that fail, because min_healthy asks for them (SF910)")                    \
  X(probes, Counter, "steadfast_probes_total", "outcome", "Health probes that ended, by outcome")            \
  X(probe_seconds, Counter, "steadfast_probe_seconds_total", "", "Time that all ended probes took together") \
  X(probes_running, Gauge, "steadfast_probes_running", "", "Health probes that wait for an answer")          \
  X(probes_late, Counter, "steadfast_probes_late_total", "",                                                 \
    "Health probes that began a second or more after they were due")                                         \
  X(health_frozen, Gauge, "steadfast_health_frozen", "",                                                     \
    "1 while no health change is made because the cause of all failures is this host")                       \
  X(health_published, Counter, "steadfast_health_generations_total", "",                                     \
    "Changes of health that reached the packets")                                                            \
  X(health_publish_seconds, Counter, "steadfast_health_publish_seconds_total", "",                           \
    "Time that publishing changes of health took together")                                                  \
  X(health_last_publish, Gauge, "steadfast_health_last_publish_seconds", "",                                 \
    "Time that the latest change of health took to reach the packets")                                       \
  X(tables_info, Gauge, "steadfast_tables_info", "digest",                                                   \
    "Always 1; the digest is alike on balancers that send flows to the same backends")                       \
  X(audit_age, Gauge, "steadfast_audit_read_back_age_seconds", "",                                           \
    "Time since every entry of the kernel's tables was last compared with what was written")                 \
  X(audit_whole, Gauge, "steadfast_audit_last_timestamp_seconds", "",                                        \
    "Unix time of the last whole audit (steadfast audit); 0 before the first")                               \
  X(audit_findings, Gauge, "steadfast_audit_findings", "code",                                               \
    "Findings of the audit that stand now, by code")                                                         \
  X(audit_repairs, Counter, "steadfast_audit_repairs_total", "",                                             \
    "Times something in the kernel was put right that somebody else had changed")                            \
  X(incidents_open, Gauge, "steadfast_incidents_open", "", "Incidents that are not over")                    \
  X(incidents_total, Counter, "steadfast_incidents_total", "",                                               \
    "Incidents there ever were, those of the daemon's former lives included")                                \
  X(alerts_sent, Counter, "steadfast_alerts_sent_total", "receiver",                                         \
    "Alerts that a receiver took, by its kind, resolutions and repetitions included")                        \
  X(alerts_failed, Counter, "steadfast_alerts_failed_total", "receiver",                                     \
    "Attempts to send alerts that failed, by the receiver's kind")                                           \
  X(alerts, Gauge, "steadfast_alerts", "", "Sentences that `steadfast status` shows as alerts")              \
  X(map_memory, Gauge, "steadfast_map_memory_bytes", "", "Memory of all tables in the kernel")               \
  X(history_bytes, Gauge, "steadfast_history_bytes", "",                                                     \
    "Memory of the rates that the daemon keeps: seconds of an hour, minutes of a day")                       \
  X(uptime, Gauge, "steadfast_uptime_seconds", "", "Time since the daemon started")
