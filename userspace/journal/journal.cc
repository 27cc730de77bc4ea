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

constexpr const char* kRunning = "running";

json to_json(const Generation& g) {
  return {{"number", g.number}, {"digest", g.digest}, {"author", g.author},   {"reason", g.reason},
          {"file", g.file},     {"time", g.time},     {"outcome", g.outcome}, {"accepted", g.accepted}};
}

bool from_json(const json& j, Generation& g) {
  if (!j.is_object()) return false;
  const auto text = [&](const char* key, std::string& to) {
    const auto it = j.find(key);
    if (it == j.end() || !it->is_string()) return false;
    to = it->get<std::string>();
    return true;
  };
  const auto number = j.find("number");
  const auto accepted = j.find("accepted");
  if (number == j.end() || !number->is_number_unsigned() || accepted == j.end() || !accepted->is_array())
    return false;
  g.number = number->get<std::uint64_t>();
  for (const json& item : *accepted) {
    if (!item.is_string()) return false;
    g.accepted.push_back(item.get<std::string>());
  }
  return text("digest", g.digest) && text("author", g.author) && text("reason", g.reason) &&
         text("file", g.file) && text("time", g.time) && text("outcome", g.outcome);
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
  if (!fs::exists(directory / kRunning)) return journal;
  const auto named = read_whole(directory / kRunning);
  if (!named) return named.error();
  journal.running_ = std::strtoull(named->c_str(), nullptr, 10);
  if (journal.find(journal.running_) == nullptr)
    return Error{"the journal in " + directory.string() + " names generation " + *named +
                 ", which it does not hold"};
  return journal;
}

Result<void> Journal::read_record(const fs::path& path) {
  const auto bytes = read_whole(path);
  if (!bytes) return bytes.error();
  Generation generation;
  if (!from_json(json::parse(*bytes, nullptr, false), generation))
    return Error{"the journal record " + path.string() + " is damaged"};
  generations_.push_back(std::move(generation));
  return {};
}

Result<void> Journal::write_record(const Generation& generation) const {
  return write_durably(path_of(generation.number, ".json"), to_json(generation).dump(2) + "\n");
}

Result<void> Journal::write(Generation generation, const std::string& text) {
  if (auto written = write_durably(path_of(generation.number, ".toml"), text); !written) return written;
  generation.outcome = "written";
  if (auto written = write_record(generation); !written) return written;
  generations_.push_back(std::move(generation));
  return {};
}

Result<void> Journal::set_running(std::uint64_t number, const std::string& former_outcome) {
  if (auto written = write_durably(directory_ / kRunning, std::to_string(number)); !written) return written;
  const std::uint64_t former = std::exchange(running_, number);
  for (Generation& generation : generations_) {
    if (generation.number != number && generation.number != former) continue;
    generation.outcome = generation.number == number ? "running" : former_outcome;
    if (auto written = write_record(generation); !written) return written;
  }
  forget_oldest();
  return {};
}

void Journal::forget_oldest() {
  while (generations_.size() > kGenerationsKept && generations_.front().number != running_) {
    std::error_code ignored;  // a file left over is history kept, not lost
    fs::remove(path_of(generations_.front().number, ".json"), ignored);
    fs::remove(path_of(generations_.front().number, ".toml"), ignored);
    generations_.erase(generations_.begin());
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
