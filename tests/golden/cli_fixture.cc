// SPDX-License-Identifier: Apache-2.0
#include "tests/golden/cli_fixture.h"

template class nlohmann::basic_json<>;

namespace steadfast::golden {

Json Cli::json(const Ran& ran) {
  Json parsed = Json::parse(ran.out, nullptr, false);
  EXPECT_FALSE(parsed.is_discarded()) << ran.out << ran.err;
  return parsed;
}

void CliWithDaemon::SetUp() {
  auto journal = Journal::open(dir_ / "journal");
  ASSERT_TRUE(journal) << journal.error().what;
  auto opened = LiveBalancer::open(kernel_, limits_, pretended_surroundings(), std::move(*journal));
  ASSERT_TRUE(opened) << opened.error().what;
  balancer_ = std::move(*opened);
  ASSERT_EQ(balancer_->apply({kConfig, "edge.toml", "", "setup", "", {}}).ending, Ending::applied);
  server_ = std::make_unique<ControlServer>(*balancer_, ControlServer::Options{socket_, ""});
  const auto started = server_->start();
  ASSERT_TRUE(started) << started.error().what;
}

}  // namespace steadfast::golden
