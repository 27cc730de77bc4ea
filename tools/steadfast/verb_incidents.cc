// SPDX-License-Identifier: Apache-2.0
// `incidents`: the records that the daemon keeps, and drafts of post-mortems.
#include <filesystem>
#include <nlohmann/json.hpp>
#include <ostream>

#include "control/client.h"
#include "journal/durable_file.h"
#include "report/incident_picture.h"
#include "report/incident_screen.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/picture.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

using incident::Record;

std::string path_of(const Arguments& arguments) {
  return "/api/v1/incident?number=" + std::to_string(*arguments.number("N"));
}

// Its file; empty when there is none, which is said.
std::string draw_beside(const std::string& target, const Record& record, Terminal& terminal) {
  const std::string plot = report::incident_plot(record);
  const std::string file = std::filesystem::path(target).replace_extension(".svg");
  const Result<void> drawn =
      plot.empty() ? Error{"nobody counted packets around the incident"} : draw(plot, file);
  if (drawn) return file;
  terminal.err << "steadfast: the report has no picture: " << drawn.error().what << "\n";
  return "";
}

std::string json_of(const Record& record, const std::string& text, const std::string& file,
                    const std::string& picture) {
  return nlohmann::ordered_json{
             {"number", record.number}, {"markdown", text}, {"file", file}, {"picture", picture}}
             .dump(2) +
         "\n";
}

int write_report(const Record& record, const std::string& target, const Arguments& arguments,
                 Terminal& terminal) {
  const std::string picture = draw_beside(target, record, terminal);
  const std::string text = report::post_mortem(record, std::filesystem::path(picture).filename());
  if (auto written = write_durably(target, text); !written) return fail(written.error(), terminal);
  terminal.err << "written to " << target << (picture.empty() ? "" : " and " + picture) << "\n";
  if (arguments.has("--json")) terminal.out << json_of(record, text, target, picture);
  return kOk;
}

}  // namespace

int run_incidents(const Arguments& arguments, Terminal& terminal) {
  const auto body = ControlClient(terminal.control).get("/api/v1/incidents");
  if (!body) return fail(body.error(), terminal);
  const auto list = api::decode<IncidentList>(*body);
  if (!list) return fail(list.error().while_doing("reading the incidents"), terminal);
  terminal.out << (arguments.has("--json")
                       ? *body
                       : report::incidents_screen(list->incidents, list->damaged, terminal.colour));
  return kOk;
}

int run_incidents_show(const Arguments& arguments, Terminal& terminal) {
  const auto body = ControlClient(terminal.control).get(path_of(arguments));
  if (!body) return fail(body.error(), terminal);
  const auto record = api::decode<Record>(*body);
  if (!record) return fail(record.error().while_doing("reading the incident"), terminal);
  terminal.out << (arguments.has("--json") ? *body : report::incident_screen(*record, terminal.colour));
  return kOk;
}

int run_incidents_report(const Arguments& arguments, Terminal& terminal) {
  const auto record = ControlClient(terminal.control).read<Record>(path_of(arguments));
  if (!record) return fail(record.error(), terminal);
  if (const auto target = arguments.optional("-o"))
    return write_report(*record, *target, arguments, terminal);
  const std::string text = report::post_mortem(*record, "");
  terminal.out << (arguments.has("--json") ? json_of(*record, text, "", "") : text);
  return kOk;
}

}  // namespace steadfast::cli
