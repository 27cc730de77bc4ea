// SPDX-License-Identifier: Apache-2.0
// What a balancer answers when it is asked: plain values that control/ fills in
// and report/ renders, so that neither needs the other's headers.
//
// Must not enter: functions, and anything that changes something.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/frame.h"
#include "base/place.h"
#include "bpf/abi.h"
#include "config/finding.h"

namespace steadfast {

struct GenerationInfo {
  std::uint64_t number = 0;
  std::string digest;  // of the file's bytes
  std::string author;
  std::string reason;
  std::string file;
  std::string time;           // RFC 3339, UTC
  std::string outcome;        // "written" | "pending" | "running" | "replaced" | "rolled-back" | "cancelled"
  std::string confirmed_by;   // of a change that was pending
  std::string ended_because;  // why it was rolled back or cancelled
  std::vector<std::string> accepted;  // "SF207:backend/web/web-09"
};

// A change that runs and goes back by itself unless it is confirmed in time.
struct PendingChange {
  std::uint64_t generation = 0;
  std::uint64_t previous = 0;  // the generation it goes back to
  std::string author;
  std::string reason;
  double seconds_left = 0;  // until the kernel goes back
  double share = 1;         // of new flows that the new generation gets; below 1 in a canary
  std::size_t stage = 0;    // of the canary, from 1; 0 = no canary, or it is over
  std::size_t stages = 0;
  bool automatic = false;  // confirms itself unless the guard objects
};

// What the audit that goes on all the time has to say in figures.
struct AuditStatus {
  double read_back_age_s = 0;  // since every entry of the tables was last seen
  double whole_at_s = 0;       // Unix time of the last whole audit; 0 = none yet
  std::uint64_t repairs = 0;
  std::map<std::string, std::uint64_t> found;  // findings that stand, by code
  std::string frozen;  // why changes are refused until somebody confirms what runs; empty: they are not
  bool operator==(const AuditStatus&) const = default;
};

// A whole audit: what is declared against what is.
struct AuditReport {
  Findings findings;
  std::uint64_t generation = 0;
  std::string digest;         // of the file that runs
  std::string tables_digest;  // the same on every balancer with the same file
  std::string file;
  std::uint64_t entries = 0;  // that were compared
  double took_ms = 0;
};

// Attempts to tell somebody of an alarm, since the daemon began.
struct Deliveries {
  std::string receiver;  // "alertmanager" | "webhook"
  std::uint64_t sent = 0, failed = 0;
  bool operator==(const Deliveries&) const = default;
};

struct IncidentStatus {
  std::uint64_t open = 0;
  std::uint64_t total = 0;                 // that there ever were
  std::vector<std::string> problems = {};  // of the records: damaged, or not written
  std::vector<Deliveries> deliveries = {};
  bool operator==(const IncidentStatus&) const = default;
};

struct Status {
  std::uint64_t generation = 0;
  std::string digest;
  std::string file;
  std::string author;
  std::string applied_at;  // RFC 3339
  std::string last_apply_verdict;
  std::string engine;
  std::string xdp_mode;
  std::vector<std::string> interfaces;
  std::uint64_t uptime_s = 0;
  std::uint32_t slot = 0;
  bool timer_alive = false;  // the in-kernel clock ticks
  std::uint64_t timer_restarts = 0;
  std::uint64_t fallbacks = 0;  // times the kernel went back by itself
  std::uint64_t confirmed = 0;  // the last confirmed generation
  std::optional<PendingChange> pending;
  std::vector<std::string> alerts;  // what an operator must know now, a sentence each
  std::string health_frozen;        // why no health change is made; empty: they are
  double health_frozen_s = 0;
  std::size_t unresolved_next_hops = 0;
  std::uint64_t memory_bytes = 0;   // of all maps
  std::uint64_t history_bytes = 0;  // of the rates that the daemon keeps
  std::string tables_digest;        // of what decides where packets go: alike on balancers that agree
  AuditStatus audit;
  IncidentStatus incidents;
};

struct TraceAnswer {
  sf_decision decision{};
  Frame in;
  Frame out;
  std::string service;  // names, empty when none
  std::string pool;
  std::string backend;
  std::string backend_address;
  std::string forward;
  std::string next_hop;
  std::uint32_t ring_entries = 0;
  std::string file;
  Place service_place;
  Place backend_place;
};

}  // namespace steadfast
