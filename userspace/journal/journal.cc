// SPDX-License-Identifier: Apache-2.0
#include "journal/journal.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/sha256.h"
#include "journal/durable_file.h"

namespace steadfast {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kLedger = "ledger";

json to_json(const Generation& g) {
  return {{"number", g.number}, {"digest", g.digest}, {"author", g.author},    {"reason", g.reason},
          {"file", g.file},     {"time", g.time},     {"accepted", g.accepted}};
}

bool take_text(const json& from, const char* key, std::string& to) {
  const auto found = from.find(key);
  if (found == from.end() || !found->is_string()) return false;
  to = found->get<std::string>();
  return true;
}

bool take_number(const json& from, const char* key, std::uint64_t& to) {
  const auto found = from.find(key);
  if (found == from.end() || !found->is_number_unsigned()) return false;
  to = found->get<std::uint64_t>();
  return true;
}

bool from_json(const json& j, Generation& g) {
  if (!j.is_object() || !take_number(j, "number", g.number)) return false;
  const auto accepted = j.find("accepted");
  if (accepted == j.end() || !accepted->is_array()) return false;
  for (const json& item : *accepted) {
    if (!item.is_string()) return false;
    g.accepted.push_back(item.get<std::string>());
  }
  return take_text(j, "digest", g.digest) && take_text(j, "author", g.author) &&
         take_text(j, "reason", g.reason) && take_text(j, "file", g.file) && take_text(j, "time", g.time);
}

bool take_fate(const json& j, Generation& g) {
  if (!j.is_object()) return false;
  const auto confirmed = j.find("confirmed");
  if (confirmed == j.end() || !confirmed->is_boolean()) return false;
  g.confirmed = confirmed->get<bool>();
  return take_text(j, "outcome", g.outcome) && take_text(j, "confirmed_by", g.confirmed_by) &&
         take_text(j, "ended_because", g.ended_because);
}

}  // namespace

fs::path Journal::path_of(std::uint64_t number, const char* suffix) const {
  char name[32];
  std::snprintf(name, sizeof name, "%08llu%s", static_cast<unsigned long long>(number), suffix);
  return directory_ / name;
}

Result<Journal> Journal::open(const fs::path& directory) {
  std::error_code failed;
  fs::create_directories(directory, failed);
  if (failed) return Error::from_errno("creating " + directory.string(), failed.value());
  Journal journal(directory);
  for (const auto& entry : fs::directory_iterator(directory, failed))
    if (entry.path().extension() == ".json")
      if (auto read = journal.read_record(entry.path()); !read) return read.error();
  if (failed) return Error::from_errno("reading " + directory.string(), failed.value());
  std::sort(journal.generations_.begin(), journal.generations_.end(),
            [](const Generation& a, const Generation& b) { return a.number < b.number; });
  if (auto read = journal.read_ledger(); !read) return read.error();
  return journal;
}

// A generation that the ledger does not name never ran.
Result<void> Journal::read_ledger() {
  const fs::path path = directory_ / kLedger;
  if (!fs::exists(path)) return {};
  const auto bytes = read_whole(path);
  if (!bytes) return bytes.error();
  ledger_ = *bytes;
  const json ledger = json::parse(*bytes, nullptr, false);
  const Error damaged{"the journal's ledger " + path.string() + " is damaged"};
  if (!ledger.is_object() || !take_number(ledger, "confirmed", confirmed_)) return damaged;
  const auto fates = ledger.find("generations");
  if (fates == ledger.end() || !fates->is_object()) return damaged;
  for (const auto& [number, fate] : fates->items())
    if (Generation* generation = known(std::strtoull(number.c_str(), nullptr, 10)))
      if (!take_fate(fate, *generation)) return damaged;
  if (confirmed_ != 0 && find(confirmed_) == nullptr)
    return Error{"the journal in " + directory_.string() + " names generation " + std::to_string(confirmed_) +
                 ", which it does not hold"};
  return {};
}

// What stands there already is not written again: a start-up that changes nothing
// needs no disk.
Result<void> Journal::save() {
  json fates = json::object();
  for (const Generation& g : generations_)
    if (g.outcome != outcome::kWritten)
      fates[std::to_string(g.number)] = {{"outcome", g.outcome},
                                         {"confirmed", g.confirmed},
                                         {"confirmed_by", g.confirmed_by},
                                         {"ended_because", g.ended_because}};
  std::string ledger = json{{"confirmed", confirmed_}, {"generations", fates}}.dump(2) + "\n";
  if (ledger == ledger_) return {};
  if (auto written = write_durably(directory_ / kLedger, ledger); !written) return written;
  ledger_ = std::move(ledger);
  return {};
}

Result<void> Journal::read_record(const fs::path& path) {
  const auto bytes = read_whole(path);
  if (!bytes) return bytes.error();
  Generation generation;
  if (!from_json(json::parse(*bytes, nullptr, false), generation))
    return Error{"the journal record " + path.string() + " is damaged"};
  generation.outcome = outcome::kWritten;
  generations_.push_back(std::move(generation));
  return {};
}

Generation* Journal::known(std::uint64_t number) { return const_cast<Generation*>(find(number)); }

const Generation* Journal::with_bytes(const std::string& digest) const {
  const auto it = std::find_if(generations_.begin(), generations_.end(),
                               [&](const Generation& generation) { return generation.digest == digest; });
  return it == generations_.end() ? nullptr : &*it;
}

// Bytes that are there already (a rollback) are linked, not written again.
Result<void> Journal::write(Generation generation, const std::string& text) {
  std::vector<NewFile> files;
  const fs::path bytes = path_of(generation.number, ".toml");
  if (const Generation* same = with_bytes(generation.digest); same != nullptr && this->text(same->number)) {
    if (auto linked = link_file(path_of(same->number, ".toml"), bytes); !linked) return linked;
  } else {
    files.push_back({bytes, text});
  }
  files.push_back({path_of(generation.number, ".json"), to_json(generation).dump(2) + "\n"});
  if (auto written = write_durably(files); !written) return written;
  generation.outcome = outcome::kWritten;
  generations_.push_back(std::move(generation));
  return {};
}

Result<void> Journal::set_outcome(std::uint64_t number, const std::string& outcome,
                                  const std::string& because) {
  Generation* generation = known(number);
  if (generation == nullptr) return Error{"generation " + std::to_string(number) + " is not in the journal"};
  generation->outcome = outcome;
  generation->ended_because = because;
  return save();
}

Result<void> Journal::confirm(std::uint64_t number, const std::string& confirmed_by,
                              const std::string& former_outcome, const std::string& because) {
  Generation* next = known(number);
  if (next == nullptr) return Error{"generation " + std::to_string(number) + " is not in the journal"};
  Generation* former = known(confirmed_);
  if (former != nullptr && former != next) {
    former->outcome = former_outcome;
    former->ended_because = because;
  }
  next->outcome = outcome::kRunning;
  next->confirmed = true;
  next->confirmed_by = confirmed_by;
  next->ended_because.clear();
  confirmed_ = number;
  if (auto saved = save(); !saved) return saved;
  forget_oldest();
  return {};
}

// Beyond kGenerationsKept the oldest go, but never the one that runs nor the one
// to go back to.
std::vector<std::uint64_t> Journal::forgettable() const {
  const auto last_replaced =
      std::find_if(generations_.rbegin(), generations_.rend(),
                   [](const Generation& g) { return g.outcome == outcome::kReplaced; });
  std::vector<std::uint64_t> numbers;
  std::size_t left = generations_.size();
  for (const Generation& g : generations_) {
    if (left <= kGenerationsKept) break;
    const bool keep =
        g.number == confirmed_ || (last_replaced != generations_.rend() && g.number == last_replaced->number);
    if (keep) continue;
    numbers.push_back(g.number);
    --left;
  }
  return numbers;
}

// After the ledger, which must not name what is gone.
void Journal::forget_oldest() {
  for (const std::uint64_t number : forgettable()) {
    std::error_code ignored;  // a file left over is history kept, not lost
    fs::remove(path_of(number, ".json"), ignored);
    fs::remove(path_of(number, ".toml"), ignored);
    std::erase_if(generations_, [&](const Generation& g) { return g.number == number; });
  }
}

const Generation* Journal::find(std::uint64_t number) const {
  const auto it = std::find_if(generations_.begin(), generations_.end(),
                               [&](const Generation& generation) { return generation.number == number; });
  return it == generations_.end() ? nullptr : &*it;
}

Result<std::string> Journal::text(std::uint64_t number) const {
  const Generation* generation = find(number);
  if (generation == nullptr) return Error{"generation " + std::to_string(number) + " is not in the journal"};
  auto bytes = read_whole(path_of(number, ".toml"));
  if (bytes && sha256_hex(*bytes) != generation->digest)
    return Error{"generation " + std::to_string(number) + " in the journal does not match its digest"};
  return bytes;
}

}  // namespace steadfast
