// SPDX-License-Identifier: Apache-2.0
// The daemon's balancer over the host engine and a real journal.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "control/host_balancer.h"
#include "support/lab.h"
#include "support/scratch.h"

namespace steadfast {

inline std::string web(const std::string& backends, const std::string& more = "") {
  return lab_config(
      "[[service]]\nname = \"web\"\nvip = \"192.0.2.10\"\nprotocol = \"tcp\"\nport = 80\n"
      "forward = \"ipip\"\npool = \"web\"\n[[pool]]\nname = \"web\"\nmin_healthy = \"50%\"\n" +
      backends + more);
}

inline std::string backend(const std::string& name, const std::string& address, int weight = 100) {
  return "[[pool.backend]]\nname = \"" + name + "\"\naddress = \"" + address +
         "\"\nweight = " + std::to_string(weight) + "\n";
}

inline std::string two() { return web(backend("web-01", "10.0.2.11") + backend("web-02", "10.0.2.12")); }
inline std::string three() {
  return web(backend("web-01", "10.0.2.11") + backend("web-02", "10.0.2.12") +
             backend("web-03", "10.0.2.13"));
}

inline Packet syn(std::uint16_t source_port, std::uint16_t destination_port = 80) {
  Packet packet;
  packet.source = *Address::parse("203.0.113.7");
  packet.destination = *Address::parse("192.0.2.10");
  packet.source_port = source_port;
  packet.destination_port = destination_port;
  packet.syn = true;
  return packet;
}

class Balancers : public testing::Test {
 protected:
  Balancers() : limits_(model_of(two()).limits), kernel_(capacity_for(limits_, 1)) {
    around_.now_ns = [this] { return now_ns_; };
    start();
  }

  void start() {
    auto journal = Journal::open(scratch_.path());
    ASSERT_TRUE(journal);
    auto opened = LiveBalancer::open(kernel_, limits_, around_, std::move(*journal));
    ASSERT_TRUE(opened) << opened.error().what;
    balancer_ = std::move(*opened);
  }

  static Change change(const std::string& text) {
    Change change;
    change.text = text;
    change.file = "edge.toml";
    change.author = "alice";
    change.reason = "because";
    return change;
  }
  Outcome apply(const std::string& text) { return balancer_->apply(change(text)); }
  // Whatever gates it meets are accepted.
  Outcome apply_anyway(Change wish) {
    const auto planned = balancer_->plan(wish);
    EXPECT_TRUE(planned);
    for (const Finding& finding : planned->findings)
      if (finding.severity == Severity::gate) wish.accepted.push_back({finding.code, finding.object});
    return balancer_->apply(wish);
  }
  Outcome apply_anyway(const std::string& text) { return apply_anyway(change(text)); }
  Outcome resume() {
    const auto all = balancer_->generations();
    const auto confirmed =
        std::find_if(all.begin(), all.end(), [](const GenerationInfo& g) { return g.outcome == "running"; });
    return balancer_->resume(confirmed->number);
  }

  // The backend that a fixed set of clients is sent to, by client port.
  std::map<std::uint16_t, std::string> chosen() {
    std::map<std::uint16_t, std::string> all;
    for (std::uint16_t port = 1; port <= 64; ++port) {
      all[port] = balancer_->trace(build_frame(syn(port)))->backend;
    }
    return all;
  }

  static constexpr std::uint64_t kSecond_ns = 1'000'000'000;
  void pass(double seconds) { now_ns_ += static_cast<std::uint64_t>(seconds * kSecond_ns); }

  std::uint64_t now_ns_ = 1000 * kSecond_ns;
  Scratch scratch_;
  Limits limits_;
  HostKernel kernel_;
  Surroundings around_ = pretended_surroundings();
  std::unique_ptr<LiveBalancer> balancer_;
};

}  // namespace steadfast
