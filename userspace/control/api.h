// SPDX-License-Identifier: Apache-2.0
// The daemon's HTTP interface as values: what each endpoint takes and gives, and
// its JSON, written once for the server, the client and the CLI's --json.
//
//   GET  /api/v1/status        Status
//   GET  /api/v1/services      report::ServicesView
//   GET  /api/v1/pools         report::PoolsView
//   GET  /api/v1/backends      report::BackendsView
//   GET  /api/v1/flows         report::FlowsView
//   GET  /api/v1/drops         report::DropsView
//   GET  /api/v1/drops/live   lines of report::DropLine (control/live_drops.h)
//   GET  /api/v1/history?service=NAME&seconds=N   HistoryAnswer (or &minutes=N; without service: the host)
//   GET  /api/v1/alerts        Alerts
//   GET  /api/v1/incidents     IncidentList
//   GET  /api/v1/incident?number=N   incident::Record
//   GET  /api/v1/config        RunningConfig
//   GET  /api/v1/audit         AuditReport
//   GET  /api/v1/generations   Generations
//   GET  /api/v1/generation?number=N   GenerationText
//   POST /api/v1/apply         Change        -> Outcome
//   POST /api/v1/backend       BackendEdit   -> Outcome
//   POST /api/v1/rollback      RollbackRequest -> Outcome
//   POST /api/v1/confirm       ConfirmRequest -> Outcome
//   POST /api/v1/extend        ExtendRequest -> Outcome
//   POST /api/v1/cancel        CancelRequest -> Outcome
//   POST /api/v1/plan          Change        -> PlanAnswer
//   POST /api/v1/test          TestRequest   -> TestReply
//   POST /api/v1/trace         TraceRequest  -> TraceReply
//   POST /api/v1/doctor        DoctorQuestion -> DoctorReport
//
// A request is strict: an unknown, repeated or missing key is an error that names
// it. A reply is read leniently, so that an older client understands a newer
// daemon. Every failure is {"error": "..."} with a 4xx or 5xx status.
//
// Must not enter: sockets, HTTP, and the JSON library's own types.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/balancer.h"
#include "report/live_drop.h"
#include "report/view.h"

namespace steadfast::api {

inline constexpr char kDefaultSocket[] = "/run/steadfast/control.sock";
inline constexpr std::size_t kMaxBodyBytes = 64u << 20;

struct RunningConfig {
  std::string file;
  std::string text;  // byte for byte what runs
};

struct Generations {
  std::vector<GenerationInfo> generations;
};

struct GenerationText {
  std::uint64_t number = 0;
  std::string text;  // byte for byte what was applied
};

// What is wrong now.
struct Alerts {
  std::vector<detect::Alarm> alerts;
};

struct ConfirmRequest {
  std::string author;
};

struct ExtendRequest {
  double seconds = 0;
  std::string author;
};

struct CancelRequest {
  std::string author;
  std::string reason;
};

struct TestRequest {
  std::vector<rehearsal::TestText> tests;
};

struct TestReply {
  rehearsal::TestReport report;
};

struct RollbackRequest {
  std::uint64_t to = 0;  // 0: the generation before the running one
  std::string author;
  std::string reason;
};

// Exactly one of the two: a packet in words, or frames as they stand on the wire.
struct TraceRequest {
  std::string packet;         // config/packet_spec.h
  std::vector<Frame> frames;  // hexadecimal in JSON
};

struct TraceReply {
  std::vector<TraceAnswer> answers;
  std::array<std::uint64_t, SF_VERDICT_COUNT> verdicts{};  // answers by verdict

  void add(TraceAnswer answer);
};

// For every type of the table above. encode() ends with a line feed.
template <typename T>
std::string encode(const T& value);
template <typename T>
Result<T> decode(std::string_view json);
// The same on one line, for streams.
template <typename T>
std::string encode_line(const T& value);

std::string encode_error(const std::string& what);
// The text of {"error": ...}; empty when `json` is no such object.
std::string decode_error(std::string_view json);

// "SF501:pool/web".
Result<Acceptance> parse_acceptance(std::string_view text);
std::string text(const Acceptance& acceptance);

// SF506: an edit that does not say of which pool and backend must not reach
// anything that could take "none" for "all".
Findings refuse_empty_selector(const BackendEdit& edit);

}  // namespace steadfast::api
