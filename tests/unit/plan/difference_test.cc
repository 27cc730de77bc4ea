// SPDX-License-Identifier: Apache-2.0
#include "plan/difference.h"

#include <gtest/gtest.h>

#include "files.h"

namespace steadfast {
namespace {

std::vector<std::string> lines(const Model& before, const Model& after) {
  std::vector<std::string> text;
  for (const ObjectChange& change : difference(before, after)) {
    std::string line = std::string(name(change.kind)) + " " + change.object;
    for (const FieldChange& field : change.fields)
      line += " " + field.key + ":" + field.before + "→" + field.after;
    text.push_back(line);
  }
  return text;
}

using Lines = std::vector<std::string>;

TEST(Difference, IsEmptyForTheSameObjectsWrittenDifferently) {
  const Model a = model_of(lab_config(service("web", "web") + pool("web") + backends(3)));
  const Model b = model_of(lab_config("# moved\n\n" + pool("web") + backends(1, 3) + backends(2) +
                                      service("web", "web", 443, "state = \"active\"\n")));
  EXPECT_EQ(lines(a, b), Lines{});
}

TEST(Difference, NamesEveryKeyWithItsValueBeforeAndAfter) {
  EXPECT_EQ(
      lines(web(backend("a", "10.0.2.1")), web(backend("a", "10.0.2.1",
                                                       "weight = 50\nstate = \"drain\"\ncapacity = \"10K\"\n"
                                                       "labels = { rack = \"r2\" }\n"))),
      Lines{"changed backend/web/a weight:100→50 state:\"active\"→\"drain\" capacity:→10000 "
            "labels.rack:→\"r2\""});
  EXPECT_EQ(lines(web(backend("a", "10.0.2.1", "weight = 1\nlabels = { rack = \"r2\" }\n")),
                  web(backend("a", "10.0.2.1", "weight = 1\n"))),
            Lines{"changed backend/web/a labels.rack:\"r2\"→"});
}

TEST(Difference, KnowsPoolsHostAndLimits) {
  const auto file = [](const std::string& keys) {
    return lab_config(service("web", "web") + pool("web", keys) + backends(2));
  };
  EXPECT_EQ(lines(model_of(file("min_healthy = \"50%\"\nmin_backends = 2\nmax_share = \"60%\"\n"
                                "health = { type = \"tcp\", interval = \"2s\", timeout = \"1s\", fall = 3, "
                                "rise = 2 }\n")),
                  model_of(file("min_healthy = 1\nmin_backends = 1\nmax_share = \"12.5%\"\n"
                                "health = { type = \"http\", interval = \"1500ms\", timeout = \"1s\", fall = "
                                "4, rise = 2, port = 80, path = \"/up\", host = \"h\", independent = true "
                                "}\n"))),
            Lines{"changed pool/web min_healthy:\"50%\"→1 min_backends:2→1 max_share:\"60%\"→\"12.5%\" "
                  "health.type:\"tcp\"→\"http\" health.interval:\"2s\"→\"1500ms\" health.fall:3→4 "
                  "health.port:→80 health.path:\"/\"→\"/up\" health.host:→\"h\" health.independent:→true"});
  Model other = web(backends(2));
  other.host.hash_seed = "other";
  other.host.mtu = 1400;
  other.limits.flows.value += 1;
  const Lines changed = lines(web(backends(2)), other);
  ASSERT_EQ(changed.size(), 2u);
  EXPECT_NE(changed[0].find("changed host hash_seed:"), std::string::npos) << changed[0];
  EXPECT_NE(changed[0].find("mtu:→1400"), std::string::npos) << changed[0];
  EXPECT_NE(changed[1].find("changed limits flows:"), std::string::npos) << changed[1];
}

TEST(Difference, TakesAServiceWithAnotherPortForAnotherService) {
  const auto file = [](int port) {
    return model_of(lab_config(service("web", "web", port) + pool("web") + backends(1)));
  };
  EXPECT_EQ(lines(file(443), file(8443)), (Lines{"added service/web", "removed service/web"}));
}

TEST(Difference, FollowsObjectsThatAreRenamed) {
  EXPECT_EQ(
      lines(web(backends(3)), model_of(lab_config(service("front", "fleet") + pool("fleet") +
                                                  backend("x", "10.0.2.1") + backends(2, 2)))),
      (Lines{"changed service/front name:\"web\"→\"front\" pool:\"web\"→\"fleet\"",
             "changed pool/fleet name:\"web\"→\"fleet\"", "changed backend/fleet/x name:\"b1\"→\"x\""}));
}

TEST(Difference, TakesABackendWithAnotherAddressForARenumberedOne) {
  EXPECT_EQ(lines(web(backends(2)), web(backends(1) + backend("b2", "10.0.9.9"))),
            Lines{"changed backend/web/b2 address:\"10.0.2.2\"→\"10.0.9.9\""});
}

TEST(Difference, ListsWhatIsRemovedLastAndWhereItStood) {
  const Model before = web(backends(3), service("api", "web", 8443));
  const Model after = web(backends(2) + backend("new", "10.0.2.9"));
  EXPECT_EQ(lines(before, after),
            (Lines{"added backend/web/new", "removed service/api", "removed backend/web/b3"}));
  const auto changes = difference(before, after);
  EXPECT_FALSE(changes[0].before);
  EXPECT_EQ(changes[0].after, after.pools[0].backends[2].place);
  EXPECT_EQ(changes[1].before, before.services[1].place);
  EXPECT_FALSE(changes[1].after);
}

TEST(Difference, RemovesAPoolWithItsBackends) {
  const Model before = web(backends(2), "");
  const Model with = model_of(
      lab_config(service("web", "web") + pool("web") + backends(2) + pool("old") + backend("x", "10.0.3.1")));
  EXPECT_EQ(lines(with, before), (Lines{"removed pool/old", "removed backend/old/x"}));
  EXPECT_EQ(lines(before, with), (Lines{"added pool/old", "added backend/old/x"}));
}

TEST(Difference, KnowsWhatAServiceSaysOfItsFlows) {
  const Model before = web(backends(2));
  const Model after = model_of(lab_config(
      service("web", "web", 443,
              "hash = \"source\"\nflows = \"hash-only\"\ndeny = [\"10.9.0.0/16\", \"10.8.0.0/16\"]\n") +
      pool("web") + backends(2)));
  const auto changes = difference(before, after);
  ASSERT_EQ(changes.size(), 1u);
  std::string text;
  for (const FieldChange& field : changes[0].fields)
    text += field.key + ": " + field.before + " → " + field.after + "\n";
  EXPECT_EQ(text,
            "flows: \"track\" → \"hash-only\"\nhash: \"5-tuple\" → \"source\"\n"
            "deny:  → [\"10.8.0.0/16\", \"10.9.0.0/16\"]\n");
}

}  // namespace
}  // namespace steadfast
