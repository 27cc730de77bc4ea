// SPDX-License-Identifier: Apache-2.0
#include <charconv>
#include <ostream>

#include "control/client.h"
#include "plan/difference.h"
#include "report/screen.h"
#include "tools/steadfast/input.h"
#include "tools/steadfast/lineage.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

// One of the two things that are compared: a generation, or a file that is none.
struct Side {
  std::uint64_t generation = 0;
  Model model;
};

Result<Side> side(const ControlClient& client, const Journalled& journal, std::uint64_t number) {
  const GenerationInfo* const info = journal.find(number);
  if (info == nullptr)
    return Error{"generation " + std::to_string(number) +
                 " is not in the journal: steadfast show generations"};
  auto model = model_of(client, *info);
  if (!model) return model.error();
  return Side{number, std::move(*model)};
}

Result<Side> side(const std::string& path) {
  auto input = read_input(path);
  if (!input) return input.error();
  auto model = model_of(std::move(input->text), input->name);
  if (!model) return model.error();
  return Side{0, std::move(*model)};
}

// The generation that the named one was built upon.
Result<std::uint64_t> before(const Journalled& journal, std::uint64_t number) {
  Journalled up_to = journal;
  up_to.running = number;
  const auto line = lineage(up_to);
  if (line.size() < 2) return Error{"there is no generation before " + std::to_string(number)};
  return line[1].number;
}

struct Asked {
  std::optional<std::uint32_t> before, after;
  std::optional<std::string> file;
};

Result<Diff> compare(const Asked& asked, const ControlClient& client) {
  const auto journal = read_journal(client);
  if (!journal) return journal.error();
  if (journal->running == 0) return Error{"nothing has been applied"};
  const std::uint64_t newer = asked.after ? *asked.after : journal->running;
  auto older = asked.before ? Result<std::uint64_t>(*asked.before)
               : asked.file ? Result<std::uint64_t>(journal->running)
                            : before(*journal, newer);
  if (!older) return older.error();
  const auto from = side(client, *journal, *older);
  if (!from) return from.error();
  const auto to = asked.file ? side(*asked.file) : side(client, *journal, newer);
  if (!to) return to.error();
  return Diff{from->generation, to->generation, from->model.file, to->model.file,
              difference(from->model, to->model)};
}

}  // namespace

int run_diff(const Arguments& arguments, Terminal& terminal) {
  const Asked asked{arguments.number("A"), arguments.number("B"), arguments.optional("--file")};
  if (asked.file && asked.after)
    return fail_usage("diff compares with B or with --file, not with both", terminal);
  const auto diff = compare(asked, ControlClient(terminal.control));
  if (!diff) return fail(diff.error(), terminal);
  terminal.out << (arguments.has("--json") ? api::encode(*diff)
                                           : report::diff_screen(*diff, terminal.colour));
  return kOk;
}

}  // namespace steadfast::cli
