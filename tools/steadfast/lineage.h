// SPDX-License-Identifier: Apache-2.0
// Lineage: the generations that led to the one that runs, read from the daemon's
// journal, and the objects in them.
//
// Must not enter: rendering (report/screen.h).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "control/client.h"
#include "model/model.h"
#include "report/answer.h"

namespace steadfast::cli {

struct Journalled {
  std::uint64_t running = 0;
  std::vector<GenerationInfo> generations;  // by number

  const GenerationInfo* find(std::uint64_t number) const;
};

Result<Journalled> read_journal(const ControlClient& client);

// The running generation and the ones it was built upon, the newest first. What
// was rolled back or cancelled is no ancestor: the next change did not start there.
std::vector<GenerationInfo> lineage(const Journalled& journal);

// The model of a text without the rules: a file that was accepted once may break
// a rule that is younger.
Result<Model> model_of(std::string text, const std::string& file);
Result<Model> model_of(const ControlClient& client, const GenerationInfo& generation);

// One object and where it stands: "host", "limits", "service/web", "backend/web/web-01", …
struct ObjectPlace {
  std::string object;
  Place place;
};
std::vector<ObjectPlace> objects_of(const Model& model);

}  // namespace steadfast::cli
