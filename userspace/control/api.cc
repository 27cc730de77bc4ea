// SPDX-License-Identifier: Apache-2.0
#include "control/api.h"

#include <algorithm>

#include "base/bug.h"
#include "config/schema_rules.h"
#include "control/api_fields.h"

namespace steadfast::api {
namespace {

// nlohmann prefixes its messages with an id in brackets.
std::string message_of(const Json::exception& thrown) {
  const std::string_view what = thrown.what();
  const auto end = what.find("] ");
  return std::string(end == what.npos ? what : what.substr(end + 2));
}

// The library lets the last of two equal keys win without a word; a change that
// says two things at once must say nothing.
Result<Json> parse(std::string_view text) {
  std::vector<std::set<std::string>> open;
  std::string repeated;
  const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key && !open.back().insert(parsed.get<std::string>()).second)
      repeated = parsed.get<std::string>();
    return true;
  };
  try {
    Json parsed = Json::parse(text, watch);
    if (!repeated.empty()) return Error{"\"" + repeated + "\": the key stands twice"};
    return parsed;
  } catch (const Json::exception& thrown) {
    return Error{message_of(thrown)};
  }
}

// Bytes that are not UTF-8 (a name copied from a broken file) are shown as such
// rather than failing the whole reply.
std::string dump(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

constexpr double kShortestHold_s = 0.1;

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == text.npos; }

Result<void> accepted_with_reason(const std::vector<Acceptance>& accepted, const std::string& reason) {
  if (!accepted.empty() && blank(reason)) return Error{"\"reason\": an acceptance needs a reason"};
  return {};
}

template <typename T>
Result<void> validate(const T&) {
  return {};
}

// Longer than this nobody means: a slip of the unit.
constexpr double kLongest_s = 24 * 3600;

Result<void> within(const char* key, double value, double least, double most) {
  if (value >= least && value <= most) return {};
  return Error{std::string("\"") + key + "\": must be from " + std::to_string(least) + " to " +
               std::to_string(most)};
}

Result<void> stages_rise(const std::vector<CanaryStage>& canary) {
  double before = 0;
  for (const CanaryStage& stage : canary) {
    if (!(stage.share > before && stage.share < 1))
      return Error{"\"canary\": shares must rise, above 0 and below 1"};
    if (auto held = within("canary.hold_s", stage.hold_s, kShortestHold_s, kLongest_s); !held) return held;
    before = stage.share;
  }
  return {};
}

template <>
Result<void> validate(const Change& change) {
  const Confirmation& confirmation = change.confirmation;
  if (confirmation.automatic && confirmation.within_s == 0)
    return Error{"\"auto_confirm\" needs \"confirm_s\": the time in which the guard looks"};
  if (auto fits = within("confirm_s", confirmation.within_s, 0, kLongest_s); !fits) return fits;
  if (auto rises = stages_rise(confirmation.canary); !rises) return rises;
  return accepted_with_reason(change.accepted, change.reason);
}

template <>
Result<void> validate(const ExtendRequest& request) {
  return within("seconds", request.seconds, 1, kLongest_s);
}

template <>
Result<void> validate(const TestRequest& request) {
  if (request.tests.empty()) return Error{"\"tests\": there is none"};
  return {};
}

template <>
Result<void> validate(const BackendEdit& edit) {
  using Kind = BackendEdit::Kind;
  const bool any = edit.address || edit.weight || edit.port;
  if (edit.kind == Kind::add && !(edit.address && edit.weight))
    return Error{"\"add\" needs \"address\" and \"weight\""};
  if (edit.kind == Kind::set && !any) return Error{"\"set\" needs \"address\", \"weight\" or \"port\""};
  if (edit.kind != Kind::add && edit.kind != Kind::set && any)
    return Error{"only \"add\" and \"set\" take \"address\", \"weight\" and \"port\""};
  return accepted_with_reason(edit.accepted, edit.reason);
}

template <>
Result<void> validate(const DoctorQuestion& question) {
  if (question.pool.empty() != question.backend.empty()) return Error{"\"pool\" and \"backend\" go together"};
  return {};
}

template <>
Result<void> validate(const TraceRequest& request) {
  if (request.packet.empty() == request.frames.empty())
    return Error{"exactly one of \"packet\" and \"frames\" is needed"};
  return {};
}

bool is_code(std::string_view word) {
  return word.size() == 5 && word.substr(0, 2) == "SF" &&
         std::all_of(word.begin() + 2, word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

void TraceReply::add(TraceAnswer answer) {
  invariant(answer.decision.verdict < SF_VERDICT_COUNT, "a decision has a verdict of the list");
  verdicts[answer.decision.verdict]++;
  answers.push_back(std::move(answer));
}

std::string to_hex(const Frame& frame) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(frame.size() * 2);
  for (const std::uint8_t byte : frame) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::optional<Frame> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Frame frame(text.size() / 2);
  for (std::size_t i = 0; i < frame.size(); i++) {
    const int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    frame[i] = static_cast<std::uint8_t>(high << 4 | low);
  }
  return frame;
}

template <typename T>
std::string encode(const T& value) {
  Json json;
  Writer writer(json);
  describe(writer, value);
  return dump(json);
}

template <typename T>
std::string encode_line(const T& value) {
  Json json;
  Writer writer(json);
  describe(writer, value);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

template <typename T>
Result<T> decode(std::string_view text) {
  auto json = parse(text);
  if (!json) return json.error();
  T value;
  std::string problem;
  Reader reader(*json, "", kStrict<T>, problem);
  if (problem.empty()) describe(reader, value);
  reader.refuse_unknown();
  if (!problem.empty()) return Error{problem};
  if (auto valid = validate(value); !valid) return valid.error();
  return value;
}

#define SF_API_TYPE(T)                   \
  template std::string encode(const T&); \
  template Result<T> decode(std::string_view);
SF_API_TYPE(Change)
SF_API_TYPE(BackendEdit)
SF_API_TYPE(RollbackRequest)
SF_API_TYPE(TraceRequest)
SF_API_TYPE(ConfirmRequest)
SF_API_TYPE(ExtendRequest)
SF_API_TYPE(CancelRequest)
SF_API_TYPE(TestRequest)
SF_API_TYPE(TestReply)
SF_API_TYPE(PlanAnswer)
SF_API_TYPE(GenerationText)
SF_API_TYPE(TraceReply)
SF_API_TYPE(TraceAnswer)
SF_API_TYPE(Outcome)
SF_API_TYPE(Status)
SF_API_TYPE(HistoryAnswer)
SF_API_TYPE(Alerts)
SF_API_TYPE(detect::Alarm)
SF_API_TYPE(IncidentList)
SF_API_TYPE(incident::Record)
SF_API_TYPE(AuditReport)
SF_API_TYPE(DoctorQuestion)
SF_API_TYPE(DoctorReport)
SF_API_TYPE(RunningConfig)
SF_API_TYPE(Generations)
SF_API_TYPE(Diff)
SF_API_TYPE(Blame)
SF_API_TYPE(report::ServicesView)
SF_API_TYPE(report::PoolsView)
SF_API_TYPE(report::BackendsView)
SF_API_TYPE(report::FlowsView)
SF_API_TYPE(report::DropsView)
SF_API_TYPE(report::LiveDrop)
SF_API_TYPE(report::DropLine)
#undef SF_API_TYPE
template std::string encode_line(const report::LiveDrop&);
template std::string encode_line(const report::DropLine&);

std::string encode_error(const std::string& what) { return dump(Json{{"error", what}}); }

std::string decode_error(std::string_view text) {
  const auto json = parse(text);
  if (!json || !json->is_object()) return {};
  const auto error = json->find("error");
  return error != json->end() && error->is_string() ? error->get<std::string>() : std::string();
}

Result<Acceptance> parse_acceptance(std::string_view word) {
  const auto colon = word.find(':');
  if (colon == word.npos || !is_code(word.substr(0, colon)) || blank(word.substr(colon + 1)))
    return Error{"\"" + std::string(word) + "\": expected CODE:OBJECT, as in SF501:pool/web"};
  return Acceptance{std::string(word.substr(0, colon)), std::string(word.substr(colon + 1))};
}

std::string text(const Acceptance& acceptance) { return acceptance.code + ":" + acceptance.object; }

Findings refuse_empty_selector(const BackendEdit& edit) {
  const bool pool = blank(edit.pool), backend = blank(edit.name);
  if (!pool && !backend) return {};
  const std::string missing = pool && backend ? "pool and backend are"
                              : pool          ? "the pool is"
                                              : "the backend is";
  return {make(config::kEmptySelector, pool ? "pool/" : "backend/" + edit.pool + "/", Place{},
               "backend " + std::string(kEditKinds[static_cast<std::size_t>(edit.kind)]) + ": the name of " +
                   missing + " empty; nothing was sent and nothing was changed")};
}

}  // namespace steadfast::api
