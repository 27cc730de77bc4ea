// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <optional>
#include <ostream>

#include "config/suggest.h"
#include "control/client.h"
#include "plan/difference.h"
#include "report/screen.h"
#include "tools/steadfast/lineage.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

const ObjectPlace* find(const std::vector<ObjectPlace>& objects, const std::string& object) {
  const auto found = std::find_if(objects.begin(), objects.end(),
                                  [&](const ObjectPlace& place) { return place.object == object; });
  return found == objects.end() ? nullptr : &*found;
}

const ObjectChange* find(const std::vector<ObjectChange>& changes, const std::string& object) {
  const auto found = std::find_if(changes.begin(), changes.end(),
                                  [&](const ObjectChange& change) { return change.object == object; });
  return found == changes.end() ? nullptr : &*found;
}

// What runs, and where the object stands in it.
struct Present {
  Model model;
  std::vector<ObjectPlace> objects;
  Place place;
  bool stands = false;
};

Result<Present> present(const ControlClient& client, const GenerationInfo& running,
                        const std::string& object) {
  auto model = model_of(client, running);
  if (!model) return model.error();
  Present present{std::move(*model), {}, {}, false};
  present.objects = objects_of(present.model);
  if (const ObjectPlace* const found = find(present.objects, object)) {
    present.place = found->place;
    present.stands = true;
  }
  return present;
}

Error unknown(const std::string& object, const Present& present) {
  std::vector<std::string_view> names;
  for (const auto& place : present.objects) names.emplace_back(place.object);
  return Error{"\"" + object + "\" is no object of any generation that is kept" +
               did_you_mean(nearest(object, names))};
}

// Walks back from what runs until a generation differs in the object from the
// one it was built upon; nothing when none does.
struct Touched {
  ObjectChange change;
  GenerationInfo by;
};

Result<std::optional<Touched>> last_touch(const ControlClient& client,
                                          const std::vector<GenerationInfo>& line, Model newer,
                                          const std::string& object) {
  for (std::size_t i = 0; i + 1 < line.size(); i++) {
    auto older = model_of(client, line[i + 1]);
    if (!older) return older.error();
    const auto changes = difference(*older, newer);
    if (const ObjectChange* const change = find(changes, object))
      return std::optional(Touched{*change, line[i]});
    newer = std::move(*older);
  }
  return std::optional<Touched>();
}

Result<Blame> walk(const ControlClient& client, const std::vector<GenerationInfo>& line,
                   const std::string& object) {
  const auto now = present(client, line.front(), object);
  if (!now) return now.error();
  const auto touched = last_touch(client, line, now->model, object);
  if (!touched) return touched.error();
  if (*touched) return Blame{object, now->model.file, now->place, (*touched)->change, (*touched)->by, false};
  if (!now->stands) return unknown(object, *now);
  return Blame{object, now->model.file, now->place, {}, line.back(), true};
}

Result<Blame> blame(const ControlClient& client, const std::string& object) {
  const auto journal = read_journal(client);
  if (!journal) return journal.error();
  const auto line = lineage(*journal);
  if (line.empty()) return Error{"nothing has been applied"};
  return walk(client, line, object);
}

}  // namespace

int run_blame(const Arguments& arguments, Terminal& terminal) {
  const auto found = blame(ControlClient(terminal.control), arguments.text("OBJECT"));
  if (!found) return fail(found.error(), terminal);
  terminal.out << (arguments.has("--json") ? api::encode(*found)
                                           : report::blame_screen(*found, terminal.colour));
  return kOk;
}

}  // namespace steadfast::cli
