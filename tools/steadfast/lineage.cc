// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/lineage.h"

#include <algorithm>

#include "control/api.h"

namespace steadfast::cli {
namespace {

bool was_undone(const GenerationInfo& generation) {
  return generation.outcome == "rolled-back" || generation.outcome == "cancelled" ||
         generation.outcome == "written";
}

void add_backends(const Pool& pool, std::vector<ObjectPlace>& objects) {
  for (const auto& backend : pool.backends) objects.push_back({object_of(pool, backend), backend.place});
}

}  // namespace

const GenerationInfo* Journalled::find(std::uint64_t number) const {
  const auto found = std::find_if(generations.begin(), generations.end(),
                                  [&](const GenerationInfo& info) { return info.number == number; });
  return found == generations.end() ? nullptr : &*found;
}

Result<Journalled> read_journal(const ControlClient& client) {
  auto status = client.read<Status>("/api/v1/status");
  if (!status) return status.error();
  auto journal = client.read<api::Generations>("/api/v1/generations");
  if (!journal) return journal.error();
  return Journalled{status->generation, std::move(journal->generations)};
}

std::vector<GenerationInfo> lineage(const Journalled& journal) {
  std::vector<GenerationInfo> line;
  for (auto info = journal.generations.rbegin(); info != journal.generations.rend(); ++info) {
    const bool ancestor = info->number < journal.running && !was_undone(*info);
    if (info->number == journal.running || ancestor) line.push_back(*info);
  }
  return line;
}

Result<Model> model_of(std::string text, const std::string& file) {
  Findings findings;
  const config::Config config = config::parse(std::move(text), file, findings);
  if (tally(findings).errors == 0)
    if (auto model = build(config, findings)) return std::move(*model);
  sort(findings);
  return Error{file + ":" + std::to_string(findings.front().place.line) + ": " + findings.front().message};
}

Result<Model> model_of(const ControlClient& client, const GenerationInfo& generation) {
  const std::string doing = "generation " + std::to_string(generation.number);
  auto text = client.generation_text(generation.number);
  if (!text) return text.error().while_doing(doing);
  auto model = model_of(std::move(*text), generation.file);
  return model ? std::move(model) : model.error().while_doing(doing);
}

std::vector<ObjectPlace> objects_of(const Model& model) {
  std::vector<ObjectPlace> objects{{"host", model.host.place}, {"limits", model.limits.services.place}};
  for (const auto& service : model.services) objects.push_back({object_of(service), service.place});
  for (const auto& pool : model.pools) {
    objects.push_back({object_of(pool), pool.place});
    add_backends(pool, objects);
  }
  return objects;
}

}  // namespace steadfast::cli
