// SPDX-License-Identifier: Apache-2.0
// Reporter: the thread that looks at what is wrong and what was done about it, keeps
// the records of incidents and hands alarms to whoever is told of them. It only asks
// the balancer; a disk that is slow or a receiver that is silent holds up nobody else.
//
// Must not enter: what makes an incident (incident/), what is sent when (notify/).
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "control/incident_desk.h"
#include "control/live_balancer.h"
#include "notify/receiver.h"

namespace steadfast {

// As a former life of the daemon left them.
std::vector<incident::GenerationSeen> seen(const std::vector<Generation>& generations);

class Reporter final : public IncidentWitness {
 public:
  struct Wish {
    std::vector<notify::Address> alertmanagers, webhooks;
    std::string instance;
  };

  // `desk` may be null: then nothing is recorded. Both others must outlive it.
  Reporter(LiveBalancer& balancer, const HealthWitness& health, std::unique_ptr<IncidentDesk> desk,
           Wish wish);
  ~Reporter() override;

  IncidentList incidents() const override;
  Result<incident::Record> incident(std::uint64_t number) const override;
  IncidentStatus status() const override;

 private:
  void report();
  void look(double now_s);
  void look_at_status(double now_s);
  std::vector<std::string> repairs_in(const Status& status);
  std::vector<incident::BackendOut> backends_out(double now_s) const;
  std::string service_of(const std::string& object) const;
  incident::Series traffic_of(const std::string& service, double from_s) const;
  void tell(const std::vector<incident::Record>& begun);
  bool rest();

  LiveBalancer& balancer_;
  const HealthWitness& health_;
  const std::unique_ptr<IncidentDesk> desk_;
  std::vector<std::unique_ptr<notify::Receiver>> receivers_;
  double next_status_s_ = 0;
  std::uint64_t repairs_ = 0;
  std::set<std::string> sentences_;          // that status had when somebody last looked
  std::vector<std::string> new_repairs_;     // not yet told
  std::vector<incident::BackendOut> out_;    // while an incident is open
  std::map<std::string, std::string> told_;  // problem by receiver

  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace steadfast
