// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <ostream>

#include "check/check.h"
#include "rehearsal/starter.h"
#include "report/finding_text.h"
#include "report/test_json.h"
#include "report/test_text.h"
#include "tools/steadfast/input.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/rehearse.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

using rehearsal::TestText;

Result<void> write_all(int fd, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    const ssize_t bytes = write(fd, text.data(), text.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return Error::from_errno("writing " + path);
    text.remove_prefix(static_cast<std::size_t>(bytes));
  }
  return {};
}

Result<void> write_file(const std::string& path, std::string_view text, int flags) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644);
  if (fd < 0) return Error::from_errno("creating " + path);
  auto written = write_all(fd, path, text);
  if (close(fd) != 0 && written) return Error::from_errno("closing " + path);
  return written;
}

// Tests that somebody has corrected are not written over.
int write_starter(const Model& model, const Arguments& arguments, Terminal& terminal) {
  const std::string text = rehearsal::starter_tests(model);
  const auto path = arguments.optional("-o");
  if (!path) {
    terminal.out << text;
    return kOk;
  }
  if (auto written = write_file(*path, text, O_EXCL); !written) return fail(written.error(), terminal);
  terminal.err << "steadfast: first tests written to " << *path << "\n";
  return kOk;
}

std::string names(const std::vector<TestText>& tests) {
  std::string list;
  for (const TestText& test : tests) list += (list.empty() ? "" : ", ") + test.file;
  return list;
}

// Findings of each file with its own lines.
void print_findings_of(const Findings& all, const std::string& name, const std::string& text,
                       Terminal& terminal) {
  Findings own;
  for (const Finding& finding : all)
    if (finding.file == name) own.push_back(finding);
  if (!own.empty()) terminal.out << report::render_findings(own, text, terminal.colour);
}

class TestVerb {
 public:
  TestVerb(const Arguments& arguments, Terminal& terminal) : arguments_(arguments), terminal_(terminal) {}

  int run() {
    if (const auto wrong = contradiction(); !wrong.empty()) return fail_usage(wrong, terminal_);
    auto input = read_input(arguments_.text("FILE"));
    if (!input) return fail(input.error(), terminal_);
    config_ = std::move(*input);
    Checked checked = check(config_.text, config_.name, Date::today());
    result_.findings = std::move(checked.findings);
    if (!checked.model) return finish();
    if (arguments_.has("--init")) return write_starter(*checked.model, arguments_, terminal_);
    return play(*checked.model);
  }

 private:
  std::string contradiction() const {
    const bool init = arguments_.has("--init");
    if (arguments_.has("-o") && !init) return "-o needs --init";
    if (arguments_.has("--mutants") && !arguments_.has("--mutate")) return "--mutants needs --mutate";
    for (const char* other : {"TESTFILE", "--mutate", "--junit", "--json", "--engine", "--against"})
      if (init && arguments_.has(other)) return std::string("--init and ") + other + " exclude each other";
    if (engine() != "live") return {};
    for (const char* other : {"--mutate", "--against"})
      if (arguments_.has(other)) return std::string("--engine live and ") + other + " exclude each other";
    return {};
  }

  std::string engine() const { return arguments_.optional("--engine").value_or("host"); }

  std::optional<std::size_t> mutants() const {
    if (!arguments_.has("--mutate")) return std::nullopt;
    const auto asked = arguments_.number("--mutants");
    return asked ? std::size_t{*asked} : rehearsal::kMutants;
  }

  int play(const Model& model) {
    auto texts = read_tests(arguments_.all("TESTFILE"), config_.name);
    if (!texts) return fail(texts.error(), terminal_);
    texts_ = std::move(*texts);
    terminal_.err << "steadfast: tests of " << names(texts_) << "\n";
    const auto tests = parse_all(texts_, result_.findings);
    if (tally(result_.findings).errors != 0) return finish();
    const Rehearsal rehearsal{engine(), config_, model, arguments_.optional("--against"), mutants()};
    if (auto played = rehearse(rehearsal, texts_, tests, result_, terminal_); !played)
      return fail(played.error(), terminal_);
    if (const auto path = arguments_.optional("--junit"))
      if (auto written = write_file(*path, report::tests_junit(result_.tests), O_TRUNC); !written)
        return fail(written.error(), terminal_);
    return finish();
  }

  int finish() {
    if (arguments_.has("--json"))
      terminal_.out << report::tests_json(result_) << "\n";
    else
      print();
    return code();
  }

  void print() {
    print_findings_of(result_.findings, config_.name, config_.text, terminal_);
    for (const TestText& text : texts_) print_findings_of(result_.findings, text.file, text.text, terminal_);
    if (tally(result_.findings).errors != 0) {
      terminal_.err << report::summary(tally(result_.findings)) << "\n";
      return;
    }
    if (!result_.findings.empty()) terminal_.out << "\n";
    terminal_.out << report::render_tests(result_, terminal_.colour);
    terminal_.err << report::test_summary(result_) << "\n";
    if (arguments_.has("--mutate") && !result_.mutation)
      terminal_.err << "steadfast: no mistakes were made: only tests that pass can tell one\n";
  }

  // Gates are for a change; a test only asks.
  int code() const {
    const Tally sum = tally(result_.findings);
    if (sum.errors != 0 || !result_.tests.passed()) return kRefused;
    return arguments_.has("--strict") && sum.warnings != 0 ? kWarnings : kOk;
  }

  const Arguments& arguments_;
  Terminal& terminal_;
  Input config_;
  std::vector<TestText> texts_;
  report::Rehearsed result_;
};

}  // namespace

int run_test(const Arguments& arguments, Terminal& terminal) { return TestVerb(arguments, terminal).run(); }

}  // namespace steadfast::cli
