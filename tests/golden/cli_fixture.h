// SPDX-License-Identifier: Apache-2.0
// The program itself, run as an operator or a script runs it, against a daemon's
// control server over the host engine.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "check/check.h"
#include "compile/tables.h"
#include "control/host_balancer.h"
#include "control/live_balancer.h"
#include "control/server.h"
#include "kernel/host_kernel.h"
#include "tests/golden/golden.h"
#include "tests/golden/run.h"
#include "tests/support/replaced.h"

// Made once, in cli_fixture.cc: with sanitizers it costs every other file seconds.
extern template class nlohmann::basic_json<>;

namespace steadfast::golden {

using Json = nlohmann::json;

// Without a finding, so that --strict passes too.
inline constexpr char kConfig[] = R"(# the edge
schema = 1
[host]
interfaces = ["eth0"]
xdp_mode = "native"
source = ["198.51.100.0/24"]
hash_seed = "edge-fleet-1"
[limits]
services = 16
backends = 64
flows = "10K"
[[service]]
name = "web"
vip = "192.0.2.10"
protocol = "tcp"
port = 443
forward = "ipip"
pool = "web"
[[pool]]
name = "web"
min_healthy = "50%"
health = { type = "tcp", interval = "2s", timeout = "1s", fall = 3, rise = 2 }
[[pool.backend]]
name = "web-01"  # first
address = "10.0.2.10"
weight = 100
[[pool.backend]]
name = "web-02"
address = "10.0.2.11"
weight = 100
)";

inline std::string with_error() { return replaced(kConfig, "pool = \"web\"\n", "pool = \"wbe\"\n"); }
inline std::string with_warning() { return replaced(kConfig, "198.51.100.0/24", "198.51.100.1"); }
inline std::string with_gate() {
  return replaced(kConfig, "min_healthy", "max_share = \"10%\"\nmin_healthy");
}

// Nobody listens: what needs no daemon, and what says that there is none.
class Cli : public testing::Test {
 protected:
  Ran steadfast(std::vector<std::string> words, const std::string& input = {}) const {
    words.insert(words.begin(), STEADFAST_CLI);
    return run(std::move(words), input,
               {"PATH=/usr/bin:/bin", "USER=tester", "STEADFAST_CONTROL=" + socket_});
  }
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(dir_ / name) << text;
    return dir_ / name;
  }
  static Json json(const Ran& ran);

  TempDir dir_;
  std::string socket_ = dir_ / "control.sock";
};

// A daemon on the host engine, with a journal and with kConfig running.
class CliWithDaemon : public Cli {
 protected:
  void SetUp() override;
  std::string running() const { return steadfast({"show", "config"}).out; }

  Limits limits_ = check(kConfig, "edge.toml").model->limits;
  HostKernel kernel_{capacity_for(limits_, 1)};
  std::unique_ptr<LiveBalancer> balancer_;
  std::unique_ptr<ControlServer> server_;
};

}  // namespace steadfast::golden
