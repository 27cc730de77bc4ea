// SPDX-License-Identifier: Apache-2.0
#include "control/incident_desk.h"

#include <algorithm>
#include <optional>

#include "control/api.h"

namespace steadfast {
namespace {

using incident::Record;

// So much of the traffic is shown before and after.
constexpr double kAround_s = 60;
// An open incident's traffic goes into its record at this pace: a crash costs no more.
constexpr double kTrafficEvery_s = 10;

Result<Record> read(const incident::Files& files, std::uint64_t number) {
  const auto bytes = files.read(number);
  if (!bytes) return bytes.error();
  auto record = api::decode<Record>(*bytes);
  if (record && record->number == number) return record;
  const std::string what = record ? "\"number\": is not that of the file" : record.error().what;
  return Error{"the incident record " + files.path_of(number).string() + " is damaged: " + what};
}

std::string object_of(const Record& record, const incident::Moment& moment) {
  for (const detect::Alarm& alarm : moment.alarms)
    if (std::find(record.alarms.begin(), record.alarms.end(), alarm.key) != record.alarms.end())
      return alarm.object;
  return record.culprit.object;
}

}  // namespace

Result<std::unique_ptr<IncidentDesk>> IncidentDesk::open(
    const std::filesystem::path& directory, const std::vector<incident::GenerationSeen>& before) {
  auto files = incident::Files::open(directory);
  if (!files) return files.error();
  std::vector<Record> kept;
  std::map<std::uint64_t, std::string> damaged;
  for (const std::uint64_t number : files->numbers()) {
    auto record = read(*files, number);
    if (record)
      kept.push_back(std::move(*record));
    else
      damaged[number] = record.error().what;
  }
  const std::uint64_t last = files->numbers().empty() ? 0 : *files->numbers().rbegin();
  return std::unique_ptr<IncidentDesk>(new IncidentDesk(
      std::move(*files), incident::Casebook(std::move(kept), last, before), std::move(damaged)));
}

// What is asked of others happens without the lock: they may be asking for a record.
std::vector<Record> IncidentDesk::take(const incident::Moment& moment, const ServiceOf& service_of,
                                       const TrafficOf& traffic_of) {
  std::unique_lock lock(mutex_);
  const std::uint64_t last = book_.last_number();
  std::set<std::uint64_t> due = book_.take(moment);
  due.merge(due_for_traffic(moment.now_s));
  for (const std::uint64_t number : due) {
    const Record record = *book_.find(number);
    lock.unlock();
    const std::string service = number > last ? service_of(object_of(record, moment)) : record.service;
    const double from_s = record.traffic.empty() ? record.first_packet_s - kAround_s : record.traffic.from_s;
    const incident::Series traffic = traffic_of(service, from_s);
    lock.lock();
    book_.set_service(number, service);
    book_.add_traffic(number, traffic);
  }
  due.merge(unwritten_);
  save(due);
  std::vector<Record> begun;
  for (const auto& [number, record] : book_.records())
    if (number > last) begun.push_back(record);
  return begun;
}

// Until a minute after its end.
std::set<std::uint64_t> IncidentDesk::due_for_traffic(double now_s) {
  std::set<std::uint64_t> due;
  if (now_s < next_traffic_s_) return due;
  next_traffic_s_ = now_s + kTrafficEvery_s;
  for (const auto& [number, record] : book_.records())
    if (record.open ||
        now_s - record.first_packet_s - record.recovered_s.value_or(0) <= kAround_s + kTrafficEvery_s)
      due.insert(number);
  return due;
}

void IncidentDesk::save(const std::set<std::uint64_t>& numbers) {
  unwritten_.clear();
  problem_.clear();
  for (const std::uint64_t number : numbers) {
    const Record* record = book_.find(number);
    if (record == nullptr) continue;
    if (auto written = files_.write(number, api::encode(*record)); !written) {
      unwritten_.insert(number);
      problem_ = written.error().while_doing("keeping the record of incident " + std::to_string(number)).what;
    }
  }
  forget_what_has_no_file();
}

void IncidentDesk::forget_what_has_no_file() {
  std::vector<std::uint64_t> gone;
  for (const auto& [number, record] : book_.records())
    if (!files_.numbers().contains(number) && !unwritten_.contains(number)) gone.push_back(number);
  for (const std::uint64_t number : gone) book_.forget(number);
  std::erase_if(damaged_, [&](const auto& each) { return !files_.numbers().contains(each.first); });
}

std::string IncidentDesk::problem() const {
  const std::lock_guard guard(mutex_);
  return problem_;
}

IncidentList IncidentDesk::incidents() const {
  const std::lock_guard guard(mutex_);
  IncidentList list;
  for (const auto& [number, record] : book_.records()) {
    list.incidents.push_back(record);
    list.incidents.back().traffic = {};
  }
  std::reverse(list.incidents.begin(), list.incidents.end());
  for (const auto& [number, sentence] : damaged_) list.damaged.push_back(sentence);
  return list;
}

Result<Record> IncidentDesk::incident(std::uint64_t number) const {
  const std::lock_guard guard(mutex_);
  if (const Record* record = book_.find(number)) return *record;
  if (const auto damaged = damaged_.find(number); damaged != damaged_.end()) return Error{damaged->second};
  return Error{"there is no incident " + std::to_string(number)};
}

IncidentStatus IncidentDesk::status() const {
  const std::lock_guard guard(mutex_);
  IncidentStatus status;
  status.open = book_.open();
  status.total = book_.last_number();
  for (const auto& [number, sentence] : damaged_) status.problems.push_back(sentence);
  if (!problem_.empty()) status.problems.push_back(problem_);
  return status;
}

}  // namespace steadfast
