// SPDX-License-Identifier: Apache-2.0
// IncidentDesk: the casebook and its files: a record is on the disk before anybody is
// told of it, and comes back after a restart. A disk that fails, or a damaged record,
// is said and keeps nothing else from working.
//
// Must not enter: threads, clocks, the balancer.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "control/incident_witness.h"
#include "incident/casebook.h"
#include "incident/files.h"

namespace steadfast {

class IncidentDesk final : public IncidentWitness {
 public:
  // `before`: the generations as the daemon's former life left them.
  static Result<std::unique_ptr<IncidentDesk>> open(const std::filesystem::path& directory,
                                                    const std::vector<incident::GenerationSeen>& before);

  // The service an object belongs to; empty: none.
  using ServiceOf = std::function<std::string(const std::string& object)>;
  // What a service (empty: the host) did from then until now.
  using TrafficOf = std::function<incident::Series(const std::string& service, double from_s)>;

  // Those that are new, as they stand now.
  std::vector<incident::Record> take(const incident::Moment& moment, const ServiceOf& service_of,
                                     const TrafficOf& traffic_of);
  // Why the latest record could not be written; empty: it was.
  std::string problem() const;

  IncidentList incidents() const override;
  Result<incident::Record> incident(std::uint64_t number) const override;
  IncidentStatus status() const override;

 private:
  IncidentDesk(incident::Files files, incident::Casebook book, std::map<std::uint64_t, std::string> damaged)
      : files_(std::move(files)), book_(std::move(book)), damaged_(std::move(damaged)) {}

  std::set<std::uint64_t> due_for_traffic(double now_s);
  void save(const std::set<std::uint64_t>& numbers);
  void forget_what_has_no_file();

  mutable std::mutex mutex_;
  incident::Files files_;
  incident::Casebook book_;
  std::map<std::uint64_t, std::string> damaged_;  // sentence by number
  std::set<std::uint64_t> unwritten_;
  double next_traffic_s_ = 0;
  std::string problem_;
};

}  // namespace steadfast
