// SPDX-License-Identifier: Apache-2.0
// The CLI: from the table of verbs to a parser, from the parser to one verb.
#include <pwd.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <iostream>

#include "base/bug.h"
#include "control/api.h"
#include "report/version.h"
#include "tools/steadfast/verb.h"

namespace steadfast::cli {
namespace {

struct Binding {
  const Parameter* parameter;
  CLI::Option* option;
};

struct BoundVerb {
  const Verb* verb;
  CLI::App* app;
  std::vector<Binding> bindings;
};

// Decimal digits alone: the library would also take 0x10, 1e3 and a sign.
CLI::Validator whole_number(std::uint32_t least, std::uint32_t most) {
  const auto check = [least, most](std::string& text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool good =
        error == std::errc{} && end == text.data() + text.size() && value >= least && value <= most;
    return good ? ""
                : "\"" + text + "\" is no whole number from " + std::to_string(least) + " to " +
                      std::to_string(most);
  };
  return CLI::Validator(check, "");
}

CLI::Option* declare(CLI::App& app, const Parameter& parameter) {
  if (parameter.kind == Kind::flag) return app.add_flag(parameter.name, parameter.help);
  CLI::Option* const option = app.add_option(parameter.name, parameter.help);
  const bool is_list = parameter.repeatable && !parameter.is_option();
  option->type_size(1)->expected(1, is_list ? CLI::detail::expected_max_vector_size : 1);
  option->allow_extra_args(is_list)->required(parameter.required);
  if (!parameter.placeholder.empty()) option->type_name(parameter.placeholder);
  if (parameter.repeatable) option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  if (parameter.kind == Kind::word) option->check(CLI::IsMember(parameter.words));
  if (parameter.kind == Kind::number) option->check(whole_number(0, UINT32_MAX));
  if (parameter.kind == Kind::port) option->check(whole_number(1, UINT16_MAX));
  return option;
}

std::vector<Binding> declare_all(CLI::App& app, std::span<const Parameter> parameters) {
  std::vector<Binding> bindings;
  for (const auto& parameter : parameters) bindings.push_back({&parameter, declare(app, parameter)});
  return bindings;
}

// The parser of "backend" above the one of "backend add".
CLI::App& parent_of(CLI::App& root, const std::string& path) {
  const auto space = path.find(' ');
  if (space == std::string::npos) return root;
  const std::string group = path.substr(0, space);
  for (CLI::App* const known : root.get_subcommands([](const CLI::App*) { return true; }))
    if (known->get_name() == group) return *known;
  return *root.add_subcommand(group, group_summary(group))->require_subcommand(1);
}

// The global options are declared for each verb and not inherited: inheriting
// would let the library take a pool named like a verb for that verb.
BoundVerb bind(CLI::App& root, const Verb& verb) {
  CLI::App* const app =
      parent_of(root, verb.path).add_subcommand(verb.path.substr(verb.path.rfind(' ') + 1), verb.summary);
  if (!verb.details.empty()) app->footer(verb.details);
  if (verb.hidden) app->group("");
  BoundVerb bound{&verb, app, declare_all(*app, verb.parameters)};
  for (auto& binding : declare_all(*app, global_options())) bound.bindings.push_back(binding);
  return bound;
}

void collect(const std::vector<Binding>& bindings, Arguments& arguments) {
  for (const auto& [parameter, option] : bindings)
    if (option->count() != 0) arguments.set(parameter->name, option->results());
}

bool colour_wanted() {
  const char* const no_color = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) != 0 && (no_color == nullptr || *no_color == '\0');
}

// Whoever typed the command, also behind sudo.
std::string author() {
  for (const char* name : {"SUDO_USER", "USER"})
    if (const char* const user = std::getenv(name); user != nullptr && *user != '\0') return user;
  const passwd* const entry = getpwuid(geteuid());
  return entry != nullptr ? entry->pw_name : "uid " + std::to_string(geteuid());
}

std::string control_socket(const Arguments& arguments) {
  if (const auto given = arguments.optional("--control")) return *given;
  const char* const environment = std::getenv("STEADFAST_CONTROL");
  return environment != nullptr && *environment != '\0' ? environment : api::kDefaultSocket;
}

// A reader that has seen enough (`| head`) is no failure; a full disk is one.
int finish_output(int code) {
  errno = 0;
  std::cout.flush();
  if (std::cout || errno == EPIPE) return code;
  std::cerr << "steadfast: writing standard output failed\n";
  return kEnvironment;
}

int run(int argc, char** argv) {
  CLI::App root("Steadfast, a layer-4 load balancer that a misconfiguration cannot take down", "steadfast");
  root.require_subcommand(1);
  root.set_version_flag("--version", "steadfast " + std::string(version()));
  Arguments arguments;
  const auto globals = declare_all(root, global_options());
  std::vector<BoundVerb> bound;
  for (const auto& verb : verbs()) bound.push_back(bind(root, verb));
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return root.exit(error, std::cout, std::cerr) == 0 ? finish_output(kOk) : kEnvironment;
  }
  collect(globals, arguments);
  for (const auto& [verb, app, bindings] : bound) {
    // A verb that others stand below (incidents) is meant only when none of them is.
    if (!app->parsed() || !app->get_subcommands().empty()) continue;
    collect(bindings, arguments);
    Terminal terminal{std::cout, std::cerr, colour_wanted(), control_socket(arguments), author()};
    return finish_output(verb->run(arguments, terminal));
  }
  bug("the parser accepted a command line without a verb");
}

}  // namespace
}  // namespace steadfast::cli

int main(int argc, char** argv) {
  // A daemon that goes away in the middle of a request is an error, not a death.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return steadfast::cli::run(argc, argv);
  } catch (const std::exception& thrown) {
    std::cerr << "steadfast: bug: " << thrown.what() << "\n";
    return steadfast::kExitBug;
  }
}
