// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "model/draft.h"
#include "model/model.h"
#include "sample.h"

namespace steadfast {
namespace {

using config::kSample;
using config::with;

struct Built {
  std::optional<Model> model;
  Findings findings;
};

Built built(const std::string& text) {
  Built result;
  const config::Config config = config::parse(text, "edge.toml", result.findings);
  result.model = build(config, result.findings);
  return result;
}

Draft drafted(const std::string& text) {
  Findings findings;
  return draft(config::parse(text, "edge.toml", findings), findings);
}

const std::string kSecondService =
    "[[service]]\nname = \"api\"\nvip = \"2001:db8::10\"\nprotocol = \"udp\"\nport = 53\nforward = \"gue\"\n"
    "pool = \"web\"\n";

TEST(Build, TypesTheValuesOfTheHost) {
  const auto model = built(kSample).model;
  ASSERT_TRUE(model.has_value());
  EXPECT_EQ(model->file, "edge.toml");
  EXPECT_EQ(model->host.xdp_mode, XdpMode::generic);
  EXPECT_EQ(model->host.source_v4->value.text(), "198.51.100.0/28");
  EXPECT_EQ(model->host.source_v6->value.text(), "2001:db8::1");
  EXPECT_EQ(model->host.source_v6->place, (Place{5, 30}));
  EXPECT_EQ(model->host.gue_port, 6081);
  EXPECT_EQ(model->host.mtu, 1500);
  EXPECT_EQ(*model->limits.flows, 4'000'000u);
}

TEST(Build, TypesTheValuesOfAServiceAndItsPool) {
  const auto model = built(kSample).model;
  ASSERT_TRUE(model.has_value());
  const Service& service = model->services.at(0);
  EXPECT_EQ(service.endpoint(), "tcp 192.0.2.10:443");
  EXPECT_EQ(*service.forward, Forward::ipip);
  EXPECT_EQ(service.state, ServiceState::parked);
  const Pool& pool = model->pool_of(service);
  EXPECT_EQ(pool.name, "web");
  EXPECT_DOUBLE_EQ(**pool.max_share, 0.125);
  EXPECT_EQ(pool.health->type, HealthType::http);
  EXPECT_EQ(pool.health->path, "/up");
  ASSERT_EQ(pool.backends.size(), 2u);
  EXPECT_TRUE(pool.backends[0].takes_new_flows());
  EXPECT_FALSE(pool.backends[1].takes_new_flows());
  EXPECT_EQ(pool.backends[1].state, BackendState::drain);
  EXPECT_EQ(**pool.backends[1].port, 443);
}

TEST(Build, MakesDefaultsExplicit) {
  std::string text = with(with(kSample, "gue_port = 6081\n", ""), "mtu = 1500\n", "");
  text = with(with(text, "path = \"/up\"\n", ""), "state = \"parked\"\n", "");
  const auto model = built(text).model;
  ASSERT_TRUE(model.has_value());
  EXPECT_EQ(model->host.gue_port, kDefaultGuePort);
  EXPECT_FALSE(model->host.gue_port_place);
  EXPECT_EQ(model->host.mtu, std::nullopt);
  EXPECT_EQ(model->pools[0].health->path, "/");
  EXPECT_EQ(model->services[0].state, ServiceState::active);
}

TEST(Build, WritesIpv6EndpointsInBrackets) {
  EXPECT_EQ(built(kSample + kSecondService).model->services.at(1).endpoint(), "udp [2001:db8::10]:53");
}

TEST(Build, HasNoModelForAFileWithAnError) {
  EXPECT_FALSE(built(with(kSample, "weight = 100", "weight = 70000")).model.has_value());
  EXPECT_FALSE(built(with(kSample, "pool = \"web\"", "pool = \"wbe\"")).model.has_value());
}

TEST(Build, ReportsAnUndefinedPoolWithAHint) {
  const auto findings = built(with(kSample, "pool = \"web\"", "pool = \"wbe\"")).findings;
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF203");
  EXPECT_EQ(findings[0].object, "service/web");
  EXPECT_NE(findings[0].message.find("did you mean \"web\""), std::string::npos);
}

TEST(Build, ReportsNoUndefinedPoolWhenPoolsCouldNotBeRead) {
  const auto findings = built(with(kSample, "[[pool]]", "[[pool]")).findings;
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF105");
  const auto nameless = built(with(kSample, "[[pool]]\nname = \"web\"", "[[pool]]\nname = \"\"")).findings;
  ASSERT_EQ(nameless.size(), 1u);
  EXPECT_EQ(nameless[0].code, "SF102");
}

TEST(Build, KeepsTheFirstOfTwoPoolsOfOneName) {
  const auto [model, findings] = built(kSample + "[[pool]]\nname = \"web\"\n");
  ASSERT_EQ(findings.size(), 1u);
  EXPECT_EQ(findings[0].code, "SF104");
  EXPECT_EQ(findings[0].related.at(0).place, (Place{22, 8}));
}

TEST(Draft, LeavesOutWhatIsBrokenAndSaysWhatIsMissing) {
  const Draft half = drafted(with(kSample, "weight = 100", "weight = 70000"));
  ASSERT_EQ(half.model.pools.size(), 1u);
  EXPECT_EQ(half.model.pools[0].backends.size(), 1u);
  EXPECT_TRUE(half.gaps.pools[0]);
  EXPECT_FALSE(half.gaps.host);
  EXPECT_EQ(half.model.services.size(), 1u);
}

TEST(Draft, RemembersWhichPoolABrokenServiceUses) {
  const Draft half = drafted(with(kSample, "port = 443\nforward", "port = 0\nforward"));
  EXPECT_TRUE(half.model.services.empty());
  EXPECT_TRUE(half.gaps.named[0]);
  EXPECT_FALSE(half.gaps.services);
}

TEST(Draft, DoesNotKnowWhichPoolAServiceUsesWithoutItsKey) {
  EXPECT_TRUE(drafted(with(kSample, "pool = \"web\"\n", "")).gaps.services);
}

TEST(Draft, SurvivesTheLossOfHostAndLimits) {
  const Draft half = drafted(with(with(kSample, "mtu = 1500", "mtu = 1"), "services = 1024", "services = 0"));
  EXPECT_TRUE(half.gaps.host);
  EXPECT_TRUE(half.gaps.limits);
  EXPECT_EQ(half.model.pools.size(), 1u);
}

TEST(Names, AreTheWordsOfTheFile) {
  EXPECT_EQ(name(XdpMode::native), "native");
  EXPECT_EQ(name(Protocol::udp), "udp");
  EXPECT_EQ(name(Forward::l2), "l2");
  EXPECT_EQ(name(BackendState::disabled), "disabled");
  EXPECT_EQ(name(ServiceState::parked), "parked");
  EXPECT_EQ(name(HealthType::dns), "dns");
}

std::string service_with(const std::string& keys) { return with(kSample, "state = \"parked\"\n", keys); }

Service built_service(const std::string& keys) {
  const auto result = built(service_with(keys));
  EXPECT_TRUE(result.model.has_value());
  return result.model ? result.model->services.at(0) : Service{};
}

TEST(Build, AnAddressAndAPortAreExact) {
  EXPECT_TRUE(built_service("").is_exact());
  const auto full = built(with(kSample, "\"192.0.2.10\"", "\"192.0.2.10/32\"")).model;
  ASSERT_TRUE(full.has_value());
  EXPECT_TRUE(full->services[0].is_exact());
  EXPECT_EQ(full->services[0].endpoint(), "tcp 192.0.2.10:443");
}

TEST(Build, PrefixesAndRangesAreNamedAsTheFileHasThem) {
  const auto endpoint = [](const std::string& vip, const std::string& port) {
    const auto model = built(with(with(kSample, "\"192.0.2.10\"", vip), "port = 443\nforward",
                                  "port = " + port + "\nforward"))
                           .model;
    return model ? model->services[0].endpoint() : "none";
  };
  EXPECT_EQ(endpoint("\"192.0.2.0/28\"", "\"8000-8999\""), "tcp 192.0.2.0/28:8000-8999");
  EXPECT_EQ(endpoint("\"192.0.2.10\"", "\"all\""), "tcp 192.0.2.10:all");
  EXPECT_EQ(endpoint("\"2001:db8::/64\"", "53"), "tcp [2001:db8::/64]:53");
}

TEST(Build, FlowsHaveTheirDefaultsByProtocol) {
  const Service tcp = built_service("");
  EXPECT_TRUE(tcp.remembers_flows);
  EXPECT_EQ(tcp.hash, HashMode::five_tuple);
  EXPECT_EQ(tcp.idle_s, 0);
  const std::string udp = with(service_with(""), "protocol = \"tcp\"", "protocol = \"udp\"");
  EXPECT_EQ(built(udp).model->services[0].idle_s, kUdpIdle_s);
  EXPECT_EQ(built(with(udp, "forward = ", "flows = \"hash-only\"\nforward = ")).model->services[0].idle_s, 0);
}

TEST(Build, TakesSourcesHashAndQuicAsWritten) {
  const Service service =
      built_service("allow = [\"10.0.0.0/8\"]\ndeny = [\"10.1.2.3\"]\nhash = \"source\"\n");
  EXPECT_EQ(service.allow.at(0)->text(), "10.0.0.0/8");
  EXPECT_EQ(service.deny.at(0)->length, 32u);
  EXPECT_EQ(service.hash, HashMode::source);
  const auto quic = built(with(service_with("quic = { server_id_bytes = 3, config_id = 5 }\n"),
                               "protocol = \"tcp\"", "protocol = \"udp\""))
                        .model;
  ASSERT_TRUE(quic.has_value());
  EXPECT_EQ(quic->services[0].quic->server_id_bytes, 3u);
  EXPECT_EQ(quic->services[0].quic->config_id, 5u);
}

}  // namespace
}  // namespace steadfast
