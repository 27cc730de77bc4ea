// SPDX-License-Identifier: Apache-2.0
// `status` and `show`: one read, written for people or handed on as it came.
#include <algorithm>
#include <ostream>

#include "control/client.h"
#include "report/screen.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

template <typename View, typename Render>
int show(const char* path, const Arguments& arguments, Terminal& terminal, Render render) {
  const auto body = ControlClient(terminal.control).get(path);
  if (!body) return fail(body.error(), terminal);
  const auto view = api::decode<View>(*body);
  if (!view) return fail(view.error().while_doing(std::string("reading ") + path), terminal);
  terminal.out << (arguments.has("--json") ? *body : render(*view));
  return kOk;
}

template <typename View>
int show(const char* path, const Arguments& arguments, Terminal& terminal,
         std::string (*screen)(const View&, bool)) {
  return show<View>(path, arguments, terminal,
                    [&](const View& view) { return screen(view, terminal.colour); });
}

}  // namespace

int run_status(const Arguments& arguments, Terminal& terminal) {
  return show("/api/v1/status", arguments, terminal, report::status_screen);
}

int run_show_services(const Arguments& arguments, Terminal& terminal) {
  return show("/api/v1/services", arguments, terminal, report::services_screen);
}

int run_show_pools(const Arguments& arguments, Terminal& terminal) {
  return show("/api/v1/pools", arguments, terminal, report::pools_screen);
}

int run_show_backends(const Arguments& arguments, Terminal& terminal) {
  return show("/api/v1/backends", arguments, terminal, report::backends_screen);
}

int run_show_flows(const Arguments& arguments, Terminal& terminal) {
  return show("/api/v1/flows", arguments, terminal, report::flows_screen);
}

int run_show_drops(const Arguments& arguments, Terminal& terminal) {
  return show("/api/v1/drops", arguments, terminal, report::drops_screen);
}

int run_show_config(const Arguments& arguments, Terminal& terminal) {
  return show<api::RunningConfig>("/api/v1/config", arguments, terminal,
                                  [](const api::RunningConfig& config) { return config.text; });
}

// The newest first, in JSON as on the screen.
int run_history(const Arguments& arguments, Terminal& terminal) {
  auto journal = ControlClient(terminal.control).read<api::Generations>("/api/v1/generations");
  if (!journal) return fail(journal.error(), terminal);
  auto& generations = journal->generations;
  std::reverse(generations.begin(), generations.end());
  terminal.out << (arguments.has("--json") ? api::encode(*journal)
                                           : report::history_screen(generations, terminal.colour));
  return kOk;
}

int run_show_generations(const Arguments& arguments, Terminal& terminal) {
  return show<api::Generations>("/api/v1/generations", arguments, terminal,
                                [&](const api::Generations& journal) {
                                  return report::generations_screen(journal.generations, terminal.colour);
                                });
}

}  // namespace steadfast::cli
