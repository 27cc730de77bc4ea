// SPDX-License-Identifier: Apache-2.0
// History: the generations of this balancer, in the journal, or in memory where
// there is none (the host engine answers questions and keeps nothing).
//
// Must not enter: what a generation contains.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "journal/journal.h"

namespace steadfast {

class History {
 public:
  explicit History(std::optional<Journal> journal) : journal_(std::move(journal)) {}

  const std::vector<Generation>& all() const { return journal_ ? journal_->generations() : generations_; }
  const Generation* find(std::uint64_t number) const;
  std::uint64_t last_number() const { return all().empty() ? 0 : all().back().number; }
  Result<std::string> text(std::uint64_t number) const;
  // The last one that was confirmed before `running`, has not been undone and has
  // other bytes; 0 = none.
  std::uint64_t confirmed_before(const Generation& running) const;
  // The generation in which these bytes were last tried, if it was rolled back.
  const Generation* rolled_back(const std::string& digest) const;

  // About to run. A number that is there already is left as it is.
  Result<void> write(const Generation& generation, const std::string& text);
  Result<void> set_outcome(std::uint64_t number, const std::string& outcome, const std::string& because = {});
  Result<void> confirm(std::uint64_t number, const std::string& confirmed_by,
                       const std::string& former_outcome, const std::string& because);
  // After a failure of the two above.
  Result<void> save() { return journal_ ? journal_->save() : Result<void>{}; }

 private:
  std::optional<Journal> journal_;
  std::vector<Generation> generations_;
  std::map<std::uint64_t, std::string> texts_;
  std::uint64_t confirmed_ = 0;
};

}  // namespace steadfast
