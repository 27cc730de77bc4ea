// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/rehearse.h"

#include <algorithm>
#include <ostream>
#include <utility>

#include "rehearsal/engine_stage.h"
#include "tools/steadfast/lineage.h"

namespace steadfast::cli {
namespace {

using rehearsal::EngineStage;
using rehearsal::TestFile;
using rehearsal::TestText;

bool any_against_running(const std::vector<TestFile>& files) {
  return std::any_of(files.begin(), files.end(), [](const TestFile& file) {
    return std::any_of(file.tests.begin(), file.tests.end(),
                       [](const rehearsal::Test& test) { return test.against_running; });
  });
}

Result<Model> base_model(const Rehearsal& rehearsal, Terminal& terminal) {
  if (rehearsal.against) {
    auto input = read_input(*rehearsal.against);
    if (!input) return input.error();
    return model_of(std::move(input->text), input->name);
  }
  auto running = ControlClient(terminal.control).read<api::RunningConfig>("/api/v1/config");
  if (running) return model_of(std::move(running->text), running->file);
  terminal.err << "steadfast: no daemon answers: what runs is taken to be " << rehearsal.config.name
               << " itself (--against BASE names another)\n";
  return rehearsal.model;
}

EngineStage stage_of(const std::string& engine) {
  return EngineStage(engine == "kernel" ? rehearsal::open_kernel_engine : rehearsal::open_host_engine);
}

Result<void> play_here(const Rehearsal& rehearsal, const std::vector<TestFile>& tests,
                       report::Rehearsed& result, Terminal& terminal) {
  std::optional<Model> base;
  if (any_against_running(tests)) {
    auto model = base_model(rehearsal, terminal);
    if (!model) return model.error();
    base = std::move(*model);
  }
  EngineStage stage = stage_of(rehearsal.engine);
  auto report = play(tests, rehearsal.model, {base ? &*base : nullptr, nullptr}, stage);
  if (!report) return report.error();
  result.tests = std::move(*report);
  return {};
}

// The daemon plays them on what runs, which may be another file than this one.
Result<void> play_live(const Rehearsal& rehearsal, const std::vector<TestText>& texts,
                       report::Rehearsed& result, Terminal& terminal) {
  const ControlClient client(terminal.control);
  const auto running = client.read<api::RunningConfig>("/api/v1/config");
  if (!running) return running.error();
  if (running->text != rehearsal.config.text)
    terminal.err << "steadfast: " << rehearsal.config.name
                 << " differs from what runs; the tests are played on what runs\n";
  auto report = client.test(texts);
  if (!report) return report.error();
  result.tests = std::move(*report);
  return {};
}

// Mistakes are made in the file, so they are judged here, on the engine of this process.
Result<void> measure(const Rehearsal& rehearsal, const std::vector<TestFile>& tests,
                     report::Rehearsed& result) {
  EngineStage stage(rehearsal::open_host_engine);
  auto mutation = mutate(tests, rehearsal.model, stage, *rehearsal.mutants);
  if (!mutation) return mutation.error();
  result.mutation = std::move(*mutation);
  return {};
}

}  // namespace

Result<std::vector<TestText>> read_tests(const std::vector<std::string>& names, const std::string& config) {
  if (!names.empty()) return read_tests(names);
  if (config == "<stdin>") return Error{"a configuration on standard input needs TESTFILE"};
  auto beside = tests_beside(config);
  if (beside && beside->empty())
    return Error{"no *.test.toml beside " + config + "; steadfast test " + config +
                 " --init writes first tests"};
  return beside;
}

std::vector<TestFile> parse_all(const std::vector<TestText>& texts, Findings& findings) {
  std::vector<TestFile> files;
  files.reserve(texts.size());
  for (const TestText& text : texts) files.push_back(rehearsal::parse_tests(text.text, text.file, findings));
  return files;
}

Result<void> rehearse(const Rehearsal& rehearsal, const std::vector<TestText>& texts,
                      const std::vector<TestFile>& tests, report::Rehearsed& result, Terminal& terminal) {
  auto played = rehearsal.engine == "live" ? play_live(rehearsal, texts, result, terminal)
                                           : play_here(rehearsal, tests, result, terminal);
  if (!played) return played;
  result.coverage = rehearsal::judge_coverage(rehearsal.model, result.tests, result.findings);
  if (!rehearsal.mutants || !result.tests.passed()) return {};
  return measure(rehearsal, tests, result);
}

}  // namespace steadfast::cli
