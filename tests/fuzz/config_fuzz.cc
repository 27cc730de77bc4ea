// SPDX-License-Identifier: Apache-2.0
// Any bytes as a configuration: parse(), build() and the rules must answer, with
// places inside the file, and judge the same bytes alike. What they accept must
// come out of an edit unharmed.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/bug.h"
#include "check/check.h"
#include "config/edit.h"
#include "config/lines.h"

namespace {

using namespace steadfast;

void require_places(const Findings& findings, const std::string& text) {
  const std::uint32_t lines = config::Lines(text).count() + 1;
  for (const Finding& finding : findings)
    invariant(finding.place.line <= lines, "a finding stands beyond the end of the file");
}

void require_stages_agree(const std::string& text, bool accepted) {
  Findings findings;
  const config::Config config = config::parse(text, "fuzz.toml", findings);
  const auto model = build(config, findings);
  if (model) check_model(*model, findings);
  invariant(accepted == (model && tally(findings).errors == 0), "check() and its stages disagree");
}

void drain_first_backend(const std::string& text, const Model& model) {
  for (const Pool& pool : model.pools) {
    if (pool.backends.empty()) continue;
    const config::BackendChange drain{
        config::BackendChange::Kind::drain, pool.name, pool.backends.front().name, {}, {}, {}};
    invariant(config::edit_backend(text, "fuzz.toml", drain).text.has_value(),
              "an edit refused a whole file");
    return;
  }
}

}  // namespace

// bug() ends the process at once; here it must crash, so that its input is kept.
extern "C" void _Exit(int code) noexcept {
  if (code == steadfast::kExitBug) __builtin_trap();
  _exit(code);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const Checked checked = check(text, "fuzz.toml");
  require_places(checked.findings, text);
  require_stages_agree(text, checked.model.has_value());
  if (checked.model) drain_first_backend(text, *checked.model);
  return 0;
}
