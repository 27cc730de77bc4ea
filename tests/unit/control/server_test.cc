// SPDX-License-Identifier: Apache-2.0
#include "control/server.h"

#include <httplib.h>

#include <regex>
#include <thread>

#include "control/api.h"
#include "control/client.h"
#include "control/routes.h"
#include "dashboard/assets.h"
#include "tests/unit/control/recording_balancer.h"
#include "tests/unit/control/temp_dir.h"

namespace steadfast {
namespace {

// Both listeners in front of a balancer that records.
class Server : public testing::Test {
 protected:
  void SetUp() override {
    const auto started = server_.start();
    ASSERT_TRUE(started) << started.error().what;
  }

  httplib::Client tcp() const { return httplib::Client("http://" + server_.tcp_address()); }
  // Speaks HTTP over the Unix socket without the client under test.
  std::string raw(const std::string& request) const;
  std::string post(const std::string& path, const std::string& body) const {
    return raw("POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
               "\r\n\r\n" + body);
  }

  TempDir dir_;
  RecordingBalancer balancer_;
  ControlServer server_{balancer_, {dir_ / "control.sock", "127.0.0.1:0"}};
  ControlClient client_{dir_ / "control.sock"};
};

int connect_to(const std::string& path);

std::string Server::raw(const std::string& request) const {
  const int fd = connect_to(dir_ / "control.sock");
  EXPECT_EQ(send(fd, request.data(), request.size(), MSG_NOSIGNAL), static_cast<ssize_t>(request.size()));
  std::string reply;
  char part[4096];
  for (ssize_t got = 0; (got = read(fd, part, sizeof part)) > 0;)
    reply.append(part, static_cast<std::size_t>(got));
  close(fd);
  return reply;
}

int connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, path.size());
  const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  EXPECT_EQ(connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  return fd;
}

TEST_F(Server, EveryReadAnswersTheSameOnBothListeners) {
  for (const Route& route : routes()) {
    if (route.changes) continue;
    const Query query = route.answer_query != nullptr ? Query{} : Query{{"number", "7"}};
    const std::string path = std::string(route.path) + (query.empty() ? "" : "?number=7");
    const auto over_tcp = tcp().Get(path);
    ASSERT_TRUE(over_tcp) << route.path;
    EXPECT_EQ(over_tcp->status, 200) << route.path;
    EXPECT_EQ(over_tcp->get_header_value("Content-Type"), answer(route, balancer_, "", query).content_type)
        << route.path;
    const auto over_unix = client_.get(path);
    ASSERT_TRUE(over_unix) << route.path << ": " << over_unix.error().what;
    EXPECT_EQ(*over_unix, over_tcp->body) << route.path;
  }
}

TEST_F(Server, AnIndexLinksEveryRead) {
  const auto page = tcp().Get("/api/v1/");
  ASSERT_TRUE(page);
  for (const Route& route : routes()) {
    const bool linked = page->body.find("href=\"" + std::string(route.path) + "\"") != std::string::npos;
    EXPECT_EQ(linked, !route.changes && std::string(route.path) != "/api/v1/") << route.path;
  }
}

TEST_F(Server, TheDashboardIsServedWholeAndMayLoadNothingElse) {
  for (const dashboard::Asset& asset : dashboard::assets()) {
    const auto got = tcp().Get(std::string(asset.path));
    ASSERT_TRUE(got) << asset.path;
    EXPECT_EQ(got->status, 200) << asset.path;
    EXPECT_EQ(got->get_header_value("Content-Type"), asset.content_type);
    EXPECT_EQ(got->get_header_value("Content-Security-Policy").substr(0, 18), "default-src 'self'");
    EXPECT_EQ(got->get_header_value("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(got->body, asset.body);
    EXPECT_FALSE(got->body.empty()) << asset.path;
    EXPECT_EQ(raw("POST " + std::string(asset.path) + " HTTP/1.1\r\nHost: x\r\n\r\n").substr(9, 3), "405");
  }
}

// Whatever a file of the page names, the daemon serves.
TEST_F(Server, TheDashboardNamesNoFileThatIsNotThere) {
  std::size_t named = 0;
  for (const dashboard::Asset& asset : dashboard::assets()) {
    if (asset.path == "/dashboard/chart.min.js") continue;
    const std::string text(asset.body);
    const std::regex path("[\"'](\\./|/dashboard/)([a-z0-9.-]+)[\"']");
    for (std::sregex_iterator it(text.begin(), text.end(), path), end; it != end; ++it, ++named)
      EXPECT_NE(dashboard::find_asset("/dashboard/" + (*it)[2].str()), nullptr)
          << asset.path << " names " << it->str();
  }
  EXPECT_GE(named, 8u);
}

TEST_F(Server, NoChangePassesOverTcp) {
  for (const Route& route : routes()) {
    if (!route.changes) continue;
    const auto posted = tcp().Post(route.path, R"({"text": "schema = 1\n"})", "application/json");
    ASSERT_TRUE(posted) << route.path;
    EXPECT_EQ(posted->status, 405) << route.path;
    EXPECT_FALSE(api::decode_error(posted->body).empty()) << route.path;
    const auto got = tcp().Get(route.path);
    ASSERT_TRUE(got) << route.path;
    EXPECT_EQ(got->status, 403) << route.path;
  }
  for (const auto& method : {"PUT", "DELETE", "PATCH", "OPTIONS"}) {
    httplib::Request request;
    request.method = method;
    request.path = "/api/v1/config";
    const auto answered = tcp().send(request);
    ASSERT_TRUE(answered) << method;
    EXPECT_EQ(answered->status, 405) << method;
  }
  EXPECT_EQ(balancer_.asked_to_change(), 0u);
}

TEST_F(Server, AChangeArrivesWhole) {
  Change change;
  change.text = "schema = 1\n# \xc3\xa9\n";
  change.file = "edge.toml";
  change.sha256 = "abc";
  change.author = "alice";
  change.reason = "CHG-1";
  change.accepted = {{"SF501", "pool/web"}};
  change.tests = {{"edge.test.toml", "[[test]]\n"}};
  change.base = ChangeBase{6, "def"};
  change.confirmation = {60, true, {{0.05, 20}, {0.5, 30}}};
  const auto outcome = client_.apply(change);
  ASSERT_TRUE(outcome) << outcome.error().what;
  EXPECT_EQ(outcome->ending, Ending::applied);
  EXPECT_EQ(outcome->generation, 8u);
  ASSERT_EQ(balancer_.changes.size(), 1u);
  EXPECT_EQ(balancer_.changes[0].text, change.text);
  EXPECT_EQ(balancer_.changes[0].file, "edge.toml");
  EXPECT_EQ(balancer_.changes[0].sha256, "abc");
  EXPECT_EQ(balancer_.changes[0].author, "alice");
  EXPECT_EQ(balancer_.changes[0].reason, "CHG-1");
  ASSERT_EQ(balancer_.changes[0].accepted.size(), 1u);
  EXPECT_EQ(balancer_.changes[0].accepted[0].object, "pool/web");
  ASSERT_EQ(balancer_.changes[0].tests.size(), 1u);
  EXPECT_EQ(balancer_.changes[0].tests[0].file, "edge.test.toml");
  ASSERT_TRUE(balancer_.changes[0].base);
  EXPECT_EQ(balancer_.changes[0].base->generation, 6u);
  EXPECT_EQ(balancer_.changes[0].confirmation.within_s, 60);
  EXPECT_TRUE(balancer_.changes[0].confirmation.automatic);
  ASSERT_EQ(balancer_.changes[0].confirmation.canary.size(), 2u);
  EXPECT_EQ(balancer_.changes[0].confirmation.canary[1].share, 0.5);
  EXPECT_EQ(balancer_.changes[0].confirmation.canary[1].hold_s, 30);
}

TEST_F(Server, APendingChangeIsEndedByName) {
  ASSERT_TRUE(client_.confirm({"alice"}));
  ASSERT_TRUE(client_.extend({30, "bob"}));
  ASSERT_TRUE(client_.cancel({"carol", "CHG-3"}));
  EXPECT_EQ(balancer_.ended, (std::vector<std::string>{"confirmed by alice", "extended by bob for 30 s",
                                                       "cancelled by carol: CHG-3"}));
}

TEST_F(Server, APlanComesBackWhole) {
  Change change;
  change.text = "schema = 1\n";
  const auto answer = client_.plan(change);
  ASSERT_TRUE(answer) << answer.error().what;
  EXPECT_EQ(answer->base.generation, 7u);
  EXPECT_EQ(answer->plan.moved, 0.25);
  ASSERT_EQ(answer->plan.objects.size(), 1u);
  EXPECT_EQ(answer->plan.objects[0].fields[0].after, "2");
  EXPECT_EQ(answer->plan.objects[0].before.line, 3u);
  EXPECT_EQ(answer->plan.services[0].packets_per_s, 100);
  EXPECT_EQ(answer->plan.pools[0].lost(), 0.5);
  EXPECT_EQ(answer->plan.domains[0].value, "r1");
  balancer_.blind = true;
  EXPECT_EQ(client_.plan(change).error().what, "the daemon: resolving next hops: no network");
}

TEST_F(Server, TheDoctorSaysWhatItFound) {
  const auto host = client_.doctor({});
  ASSERT_TRUE(host) << host.error().what;
  EXPECT_EQ(host->generation, 7u);
  EXPECT_EQ(host->file, "edge.toml");
  EXPECT_TRUE(host->examined.empty());
  ASSERT_EQ(host->findings.size(), 1u);
  EXPECT_EQ(host->findings[0].object, "host/interface/eth0");
  EXPECT_EQ(host->findings[0].fix, "ip link set dev eth0 up");
  ASSERT_TRUE(client_.doctor({"web", "web-01"}));
  ASSERT_EQ(balancer_.doctored.size(), 2u);
  EXPECT_EQ(balancer_.doctored[1].pool, "web");
  EXPECT_EQ(balancer_.doctored[1].backend, "web-01");
  EXPECT_NE(client_.doctor({"web", ""}).error().what.find("go together"), std::string::npos);
  balancer_.blind = true;
  EXPECT_EQ(client_.doctor({}).error().what, "the daemon: there is no host to look at");
}

TEST_F(Server, TestsComeBackWithWhatFailed) {
  const auto report = client_.test({{"edge.test.toml", "[[test]]\n"}});
  ASSERT_TRUE(report) << report.error().what;
  ASSERT_EQ(report->results.size(), 1u);
  EXPECT_EQ(report->results[0].file, "edge.test.toml");
  EXPECT_EQ(report->results[0].mismatches[0].got, "2%");
  EXPECT_FALSE(report->passed());
  EXPECT_FALSE(client_.test({}));
}

TEST_F(Server, TheTextOfAGenerationIsAskedByNumber) {
  EXPECT_EQ(*client_.generation_text(7), "schema = 1\n");
  EXPECT_EQ(client_.generation_text(9).error().what, "the daemon: generation 9 is not in the journal");
  for (const char* wrong : {"", "?number=", "?number=x", "?number=-1", "?number=7x"})
    EXPECT_EQ(tcp().Get(std::string("/api/v1/generation") + wrong)->status, 400) << wrong;
}

TEST_F(Server, HistoryIsAskedByServiceAndLength) {
  const auto answer = tcp().Get("/api/v1/history?service=web%20one&seconds=60");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  const auto history = api::decode<HistoryAnswer>(answer->body);
  ASSERT_TRUE(history) << history.error().what;
  EXPECT_EQ(history->series[0].values, (std::vector<std::optional<double>>{1.5, std::nullopt}));
  EXPECT_EQ(history->marks[0].what, "live");
  ASSERT_TRUE(tcp().Get("/api/v1/history?minutes=1440"));
  ASSERT_TRUE(tcp().Get("/api/v1/history"));
  ASSERT_EQ(balancer_.asked_history.size(), 3u);
  EXPECT_EQ(balancer_.asked_history[0].service, "web one");
  EXPECT_EQ(balancer_.asked_history[0].seconds, 60u);
  EXPECT_EQ(balancer_.asked_history[1].minutes, 1440u);
  EXPECT_EQ(balancer_.asked_history[1].seconds, 0u);
  EXPECT_EQ(balancer_.asked_history[2].seconds, 300u);
}

TEST_F(Server, AHistoryThatCannotBeGivenIsExplained) {
  for (const char* wrong : {"seconds=0", "seconds=3601", "minutes=1441", "seconds=-1", "seconds=x",
                            "seconds=1x", "seconds=1&minutes=1", "second=1", "number=7"}) {
    const auto answer = tcp().Get(std::string("/api/v1/history?") + wrong);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400) << wrong;
    EXPECT_FALSE(api::decode_error(answer->body).empty()) << wrong;
  }
  EXPECT_EQ(tcp().Get("/api/v1/history?service=gone")->status, 404);
  EXPECT_EQ(balancer_.asked_history.size(), 1u);
}

TEST_F(Server, AnEditArrivesWhole) {
  BackendEdit edit;
  edit.kind = BackendEdit::Kind::add;
  edit.pool = "web";
  edit.name = "web-02";
  edit.address = "10.0.0.2";
  edit.weight = 0;
  edit.port = 8080;
  ASSERT_TRUE(client_.edit(edit));
  ASSERT_EQ(balancer_.edits.size(), 1u);
  EXPECT_EQ(balancer_.edits[0].kind, BackendEdit::Kind::add);
  EXPECT_EQ(balancer_.edits[0].address, "10.0.0.2");
  EXPECT_EQ(balancer_.edits[0].weight, 0u);
  EXPECT_EQ(balancer_.edits[0].port, 8080);
}

TEST_F(Server, ARollbackNamesItsGeneration) {
  ASSERT_TRUE(client_.rollback({3, "alice", "CHG-2"}));
  EXPECT_EQ(balancer_.rollbacks, (std::vector<std::uint64_t>{3}));
}

TEST_F(Server, EachVerdictHasItsStatusAndReachesTheClient) {
  const struct {
    Ending ending;
    const char* status;
  } cases[] = {{Ending::applied, "200"}, {Ending::pending, "200"}, {Ending::unchanged, "200"},
               {Ending::refused, "422"}, {Ending::gated, "409"},   {Ending::failed, "500"}};
  for (const auto& [ending, status] : cases) {
    balancer_.answer.ending = ending;
    balancer_.answer.error = ending == Ending::failed ? "the disk is full" : "";
    const std::string reply = post("/api/v1/apply", R"({"text": ""})");
    EXPECT_EQ(reply.substr(9, 3), status) << reply;
    const auto outcome = client_.apply({});
    ASSERT_TRUE(outcome) << outcome.error().what;
    EXPECT_EQ(outcome->ending, ending);
    EXPECT_EQ(outcome->error, balancer_.answer.error);
  }
}

TEST_F(Server, AnEmptySelectorIsRefusedHereToo) {
  const std::string reply = post("/api/v1/backend", R"({"kind": "remove", "pool": "web", "name": ""})");
  EXPECT_EQ(reply.substr(9, 3), "422");
  EXPECT_NE(reply.find("SF506"), std::string::npos);
  EXPECT_EQ(balancer_.asked_to_change(), 0u);
}

TEST_F(Server, AMalformedBodyChangesNothingAndIsExplained) {
  const struct {
    const char* path;
    const char* body;
  } cases[] = {{"/api/v1/apply", "not json"},
               {"/api/v1/apply", ""},
               {"/api/v1/apply", "{}"},
               {"/api/v1/apply", R"({"text": "x", "force": true})"},
               {"/api/v1/backend", R"({"kind": "remove", "pool": "web"})"},
               {"/api/v1/rollback", R"({"to": "seven"})"},
               {"/api/v1/trace", R"({"packet": "tcp nonsense"})"},
               {"/api/v1/trace", R"({"packet": "tcp 203.0.113.7:* > 192.0.2.10:443"})"}};
  for (const auto& [path, body] : cases) {
    const std::string reply = post(path, body);
    EXPECT_EQ(reply.substr(9, 3), "400") << path << " " << body << "\n" << reply;
    EXPECT_FALSE(api::decode_error(reply.substr(reply.find("\r\n\r\n") + 4)).empty()) << reply;
  }
  EXPECT_EQ(balancer_.asked_to_change(), 0u);
}

TEST_F(Server, ABodyBeyondTheLimitIsRefused) {
  const std::string reply = post("/api/v1/apply", std::string(api::kMaxBodyBytes + 1, ' '));
  EXPECT_EQ(reply.substr(9, 3), "413") << reply;
  EXPECT_NE(reply.find("64 MiB"), std::string::npos) << reply;
  EXPECT_EQ(balancer_.asked_to_change(), 0u);
}

TEST_F(Server, AWrongMethodOrPathIsNamed) {
  EXPECT_EQ(raw("GET /api/v1/apply HTTP/1.1\r\nHost: x\r\n\r\n").substr(9, 3), "405");
  EXPECT_EQ(post("/api/v1/status", "{}").substr(9, 3), "405");
  EXPECT_EQ(post("/api/v1/nothing", "{}").substr(9, 3), "404");
  const auto missing = tcp().Get("/api/v1/nothing");
  ASSERT_TRUE(missing);
  EXPECT_EQ(missing->status, 404);
  EXPECT_NE(api::decode_error(missing->body).find("no such endpoint"), std::string::npos);
}

TEST_F(Server, AFailedReadIsAnErrorAndNotAnEmptyAnswer) {
  balancer_.blind = true;
  for (const char* path : {"/metrics", "/api/v1/services", "/api/v1/drops"}) {
    const auto answered = tcp().Get(path);
    ASSERT_TRUE(answered);
    EXPECT_EQ(answered->status, 500) << path;
    EXPECT_EQ(api::decode_error(answered->body), "reading counters: no kernel");
  }
  const auto traced = client_.trace({"", {Frame(60)}});
  ASSERT_FALSE(traced);
  EXPECT_EQ(traced.error().what, "the daemon: tracing: no kernel");
}

TEST_F(Server, ATraceTakesWordsOrFrames) {
  const auto words = client_.trace({"tcp 203.0.113.7:40000 > 192.0.2.10:443 syn", {}});
  ASSERT_TRUE(words) << words.error().what;
  EXPECT_EQ(words->answers[0].in.size(), 54u);
  const auto frames = client_.trace({"", {Frame(60), Frame(61)}});
  ASSERT_TRUE(frames);
  EXPECT_EQ(frames->answers[1].out.size(), 61u);
  EXPECT_EQ(frames->verdicts[SF_NOT_SERVICE], 2u);
}

TEST_F(Server, AnswersManyAtOnce) {
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; i++)
    clients.emplace_back([this] {
      for (int n = 0; n < 10; n++) EXPECT_TRUE(client_.apply({}));
    });
  for (auto& thread : clients) thread.join();
  EXPECT_EQ(balancer_.changes.size(), 80u);
}

TEST_F(Server, SurvivesAClientThatGoesAwayMidRequest) {
  for (int i = 0; i < 8; i++) {
    const int fd = connect_to(dir_ / "control.sock");
    const std::string half = "POST /api/v1/apply HTTP/1.1\r\nContent-Length: 100\r\n\r\n{";
    EXPECT_EQ(send(fd, half.data(), half.size(), MSG_NOSIGNAL), static_cast<ssize_t>(half.size()));
    close(fd);
  }
  EXPECT_TRUE(client_.get("/api/v1/status"));
  EXPECT_EQ(balancer_.asked_to_change(), 0u);
}

TEST_F(Server, StopsAndLeavesNoSocketBehind) {
  server_.stop();
  EXPECT_FALSE(std::filesystem::exists(dir_ / "control.sock"));
  EXPECT_FALSE(client_.get("/api/v1/status"));
  ASSERT_TRUE(server_.start()) << "a stopped server can start again";
  EXPECT_TRUE(client_.get("/api/v1/status"));
}

TEST_F(Server, ASecondDaemonIsRefusedAndTheFirstGoesOn) {
  ControlServer second(balancer_, {dir_ / "control.sock", ""});
  EXPECT_FALSE(second.start());
  EXPECT_TRUE(client_.get("/api/v1/status"));
}

TEST_F(Server, AFailedTcpBindTakesTheSocketDownAgain) {
  ControlServer second(balancer_, {dir_ / "second.sock", server_.tcp_address()});
  const auto started = second.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().os_error, EADDRINUSE);
  EXPECT_FALSE(std::filesystem::exists(dir_ / "second.sock"));
}

}  // namespace
}  // namespace steadfast
