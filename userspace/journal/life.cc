// SPDX-License-Identifier: Apache-2.0
#include "journal/life.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "journal/durable_file.h"

namespace steadfast {
namespace {

using nlohmann::json;

// Older crashes decide nothing any more.
constexpr std::size_t kCrashesKept = 8;

}  // namespace

Result<Life> Life::open(const std::filesystem::path& file, double now_s) {
  Life life(file);
  std::error_code failed;
  if (!std::filesystem::exists(file, failed)) return life;
  if (auto read = life.read(now_s); !read) return read.error();
  return life;
}

Result<void> Life::read(double now_s) {
  const auto bytes = read_whole(file_);
  if (!bytes) return bytes.error();
  const json record = json::parse(*bytes, nullptr, false);
  const Error damaged{"the record " + file_.string() + " is damaged; remove it to start without it"};
  if (!record.is_object() || !record.contains("generation") || !record.contains("crashes")) return damaged;
  if (!record["generation"].is_number_unsigned() || !record["crashes"].is_array()) return damaged;
  for (const json& crash : record["crashes"]) {
    if (!crash.is_array() || crash.size() != 2 || !crash[0].is_number_unsigned() || !crash[1].is_number())
      return damaged;
    crashes_.push_back({crash[0].get<std::uint64_t>(), crash[1].get<double>()});
  }
  if (const auto died = record["generation"].get<std::uint64_t>(); died != 0)
    crashes_.push_back({died, now_s});
  if (crashes_.size() > kCrashesKept)
    crashes_.erase(crashes_.begin(), crashes_.end() - static_cast<std::ptrdiff_t>(kCrashesKept));
  return {};
}

Result<void> Life::write(std::uint64_t generation) const {
  json crashes = json::array();
  for (const Crash& crash : crashes_) crashes.push_back({crash.generation, crash.time_s});
  return write_durably(file_, json{{"generation", generation}, {"crashes", crashes}}.dump() + "\n");
}

bool Life::is_crash_loop(std::uint64_t generation, double now_s) const {
  const auto recent = std::count_if(crashes_.begin(), crashes_.end(), [&](const Crash& crash) {
    return crash.generation == generation && crash.time_s <= now_s && now_s - crash.time_s <= kCrashLoop_s;
  });
  return recent >= kCrashLoopTimes;
}

Result<void> Life::live_with(std::uint64_t generation) {
  if (generation_ == generation) return {};
  if (auto written = write(generation); !written) return written;
  generation_ = generation;
  return {};
}

Result<void> Life::end() { return live_with(0); }

}  // namespace steadfast
