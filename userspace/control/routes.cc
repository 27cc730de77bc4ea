// SPDX-License-Identifier: Apache-2.0
#include "control/routes.h"

#include <algorithm>
#include <charconv>

#include "config/packet_spec.h"
#include "control/api.h"
#include "control/history_route.h"
#include "control/incident_routes.h"
#include "control/selection.h"
#include "report/metrics.h"
#include "report/version.h"

namespace steadfast {
namespace {

constexpr int kBadRequest = 400, kNotFound = 404, kConflict = 409, kUnprocessable = 422, kServerError = 500;

int status_of(Ending ending) {
  switch (ending) {
    case Ending::applied:
    case Ending::pending:
    case Ending::unchanged:
      return 200;
    case Ending::refused:
      return kUnprocessable;
    case Ending::gated:
      return kConflict;
    case Ending::failed:
      return kServerError;
  }
  return kServerError;
}

Reply reply(const Outcome& outcome) { return {status_of(outcome.ending), api::encode(outcome)}; }

// Runs `change` with the decoded body, or says what is wrong with the body.
template <typename Request, typename Make>
Reply with_request(const std::string& body, Make change) {
  const auto request = api::decode<Request>(body);
  return request ? change(*request) : failure(kBadRequest, request.error().what);
}

Reply apply(Balancer& balancer, const std::string& body) {
  return with_request<Change>(body, [&](const Change& change) { return reply(balancer.apply(change)); });
}

Reply edit(Balancer& balancer, const std::string& body) {
  return with_request<BackendEdit>(body, [&](const BackendEdit& wish) {
    Outcome refused;
    refused.ending = Ending::refused;
    refused.findings = api::refuse_empty_selector(wish);
    if (refused.findings.empty()) return reply(balancer.edit(wish));
    refused.generation = balancer.status().generation;
    return reply(refused);
  });
}

Reply rollback(Balancer& balancer, const std::string& body) {
  return with_request<api::RollbackRequest>(body, [&](const api::RollbackRequest& request) {
    return reply(balancer.rollback(request.to, request.author, request.reason));
  });
}

Reply confirm(Balancer& balancer, const std::string& body) {
  return with_request<api::ConfirmRequest>(
      body, [&](const api::ConfirmRequest& request) { return reply(balancer.confirm(request.author)); });
}

Reply extend(Balancer& balancer, const std::string& body) {
  return with_request<api::ExtendRequest>(body, [&](const api::ExtendRequest& request) {
    return reply(balancer.extend(request.seconds, request.author));
  });
}

Reply cancel(Balancer& balancer, const std::string& body) {
  return with_request<api::CancelRequest>(body, [&](const api::CancelRequest& request) {
    return reply(balancer.cancel(request.author, request.reason));
  });
}

Reply plan(Balancer& balancer, const std::string& body) {
  return with_request<Change>(body, [&](const Change& change) {
    const auto answer = balancer.plan(change);
    return answer ? Reply{200, api::encode(*answer)} : failure(kServerError, answer.error().what);
  });
}

Reply test(Balancer& balancer, const std::string& body) {
  return with_request<api::TestRequest>(body, [&](const api::TestRequest& request) {
    auto report = balancer.test(request.tests);
    return report ? Reply{200, api::encode(api::TestReply{std::move(*report)})}
                  : failure(kUnprocessable, report.error().what);
  });
}

Reply doctor(Balancer& balancer, const std::string& body) {
  return with_request<DoctorQuestion>(body, [&](const DoctorQuestion& question) {
    const auto report = balancer.doctor(question);
    return report ? Reply{200, api::encode(*report)} : failure(kServerError, report.error().what);
  });
}

Result<std::vector<Frame>> frames_of(const api::TraceRequest& request) {
  if (request.packet.empty()) return request.frames;
  const auto spec = parse_packet_spec(request.packet);
  if (!spec) return spec.error();
  if (spec->any_source_port) return Error{"packet: a trace needs one source port, not *"};
  return std::vector<Frame>{build_frame(spec->packet)};
}

Reply trace(Balancer& balancer, const std::string& body) {
  return with_request<api::TraceRequest>(body, [&](const api::TraceRequest& request) {
    const auto frames = frames_of(request);
    if (!frames) return failure(kBadRequest, frames.error().what);
    api::TraceReply traced;
    for (const Frame& frame : *frames) {
      auto answer = balancer.trace(frame);
      if (!answer) return failure(kServerError, answer.error().what);
      traced.add(std::move(*answer));
    }
    return Reply{200, api::encode(traced)};
  });
}

template <auto view>
Reply show(Balancer& balancer, const std::string&) {
  const auto snapshot = balancer.snapshot();
  return snapshot ? Reply{200, api::encode(view(*snapshot))} : failure(kServerError, snapshot.error().what);
}

Reply metrics(Balancer& balancer, const std::string&) {
  const auto snapshot = balancer.snapshot();
  if (!snapshot) return failure(kServerError, snapshot.error().what);
  return {200, report::metrics_page(*snapshot, balancer.status()), report::kMetricsContentType};
}

Reply status(Balancer& balancer, const std::string&) { return {200, api::encode(balancer.status())}; }

Reply config(Balancer& balancer, const std::string&) {
  return {200, api::encode(api::RunningConfig{balancer.config_file(), balancer.config_text()})};
}

Reply generations(Balancer& balancer, const std::string&) {
  return {200, api::encode(api::Generations{balancer.generations()})};
}

Reply generation(Balancer& balancer, const std::string& number) {
  std::uint64_t wanted = 0;
  const auto [end, wrong] = std::from_chars(number.data(), number.data() + number.size(), wanted);
  if (wrong != std::errc() || end != number.data() + number.size())
    return failure(kBadRequest, "number: expected the number of a generation");
  auto text = balancer.generation_text(wanted);
  return text ? Reply{200, api::encode(api::GenerationText{wanted, std::move(*text)})}
              : failure(kNotFound, text.error().what);
}

Reply audit(Balancer& balancer, const std::string&) {
  const auto report = balancer.audit();
  return report ? Reply{200, api::encode(*report)} : failure(kServerError, report.error().what);
}

Reply index(Balancer&, const std::string&) {
  std::string page =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Steadfast</title></head>\n"
      "<body><h1>Steadfast " +
      std::string(version()) + "</h1>\n<ul>\n";
  for (const Route& route : routes())
    if (!route.changes && std::string_view(route.path) != "/api/v1/")
      page +=
          "<li><a href=\"" + std::string(route.path) + "\">" + route.path + "</a> " + route.help + "</li>\n";
  return {200, page + "</ul></body></html>\n", "text/html; charset=utf-8"};
}

constexpr Route kRoutes[] = {
    {"/api/v1/", false, "this page", index},
    {"/metrics", false, "Prometheus metrics", metrics},
    {"/api/v1/status", false, "what runs, since when, by whom", status},
    {"/api/v1/services", false, "services and their verdicts", show<report::services>},
    {"/api/v1/pools", false, "pools and their sums", show<report::pools>},
    {"/api/v1/backends", false, "backends, shares and flows (?find=WORD, most=N)", nullptr, answer_backends},
    {"/api/v1/flows", false, "the flow table (?find=WORD, most=N)", nullptr, answer_flows},
    {"/api/v1/drops", false, "drops by name", show<report::drops>},
    {"/api/v1/history", false, "rates of the last hour or day (?service=NAME; seconds=N or minutes=N)",
     nullptr, answer_history},
    {"/api/v1/alerts", false, "what is wrong now, with suspects", answer_alerts},
    {"/api/v1/incidents", false, "what was wrong, the latest first", answer_incidents},
    {"/api/v1/incident", false, "one incident with its traffic (?number=N)", answer_incident},
    {"/api/v1/config", false, "the running configuration, as it was applied", config},
    {"/api/v1/audit", false, "what is declared against what is", audit},
    {"/api/v1/generations", false, "the journal of generations", generations},
    {"/api/v1/generation", false, "the file of one generation (?number=N)", generation},
    {"/api/v1/apply", true, "run another configuration", apply},
    {"/api/v1/backend", true, "add, set, drain, undrain or remove one backend", edit},
    {"/api/v1/rollback", true, "run an earlier generation again", rollback},
    {"/api/v1/confirm", true, "make the pending change final", confirm},
    {"/api/v1/extend", true, "give the pending change more time", extend},
    {"/api/v1/cancel", true, "undo the pending change now", cancel},
    {"/api/v1/plan", true, "what a change would do", plan},
    {"/api/v1/test", true, "play configuration tests against what runs", test},
    {"/api/v1/trace", true, "what would become of a packet", trace},
    {"/api/v1/doctor", true, "what is wrong with this host, or with one backend's", doctor},
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

const Route* find_route(std::string_view path) {
  const auto* const it = std::find_if(std::begin(kRoutes), std::end(kRoutes),
                                      [&](const Route& route) { return route.path == path; });
  return it == std::end(kRoutes) ? nullptr : it;
}

Reply answer(const Route& route, Balancer& balancer, const std::string& body, const Query& query) {
  if (route.answer_query != nullptr) return route.answer_query(balancer, query);
  const auto number = query.find("number");
  return route.answer(balancer, route.changes ? body : number == query.end() ? "" : number->second);
}

Reply failure(int status, const std::string& what) { return {status, api::encode_error(what)}; }

}  // namespace steadfast
