// SPDX-License-Identifier: Apache-2.0
// What a status line says, whole and in pieces.
#include "probe/http.h"

#include <gtest/gtest.h>

namespace steadfast::probe {
namespace {

Outcome judged(std::string_view received) {
  const auto verdict = http_answer(received);
  return verdict ? verdict->outcome : Outcome::timed_out;
}

TEST(ProbeHttp, TwoAndThreeHundredsPass) {
  EXPECT_EQ(judged("HTTP/1.1 200 OK\r\n"), Outcome::passed);
  EXPECT_EQ(judged("HTTP/1.0 204 No Content\r\nServer: x"), Outcome::passed);
  EXPECT_EQ(judged("HTTP/1.1 301\r\n"), Outcome::passed);
}

TEST(ProbeHttp, OtherCodesAreNamed) {
  for (const char* code : {"100", "404", "503"}) {
    const auto verdict = http_answer(std::string("HTTP/1.1 ") + code + " Why\r\n");
    EXPECT_EQ(verdict, (Verdict{Outcome::bad_status, code}));
  }
}

TEST(ProbeHttp, TakesTheServersNameAlong) {
  const auto identity = [](const char* received) { return http_answer(received)->identity; };
  EXPECT_EQ(identity("HTTP/1.1 200 OK\r\nDate: now\r\nSERVER:  nginx/1.22.1\r\n\r\n"), "nginx/1.22.1");
  EXPECT_EQ(identity("HTTP/1.1 200 OK\r\nServer: cut"), "cut");
  EXPECT_EQ(identity("HTTP/1.1 200 OK\r\nServer:\r\nDate: now\r\n\r\n"), "");
  EXPECT_EQ(identity("HTTP/1.1 200 OK\r\n\r\nServer: of the body\r\n"), "");
  EXPECT_EQ(identity("HTTP/1.1 200 OK\r\n"), "");
}

TEST(ProbeHttp, WaitsForTheWholeLine) {
  const std::string_view whole = "HTTP/1.1 200 ";
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_FALSE(http_answer(whole.substr(0, length))) << length;
  EXPECT_TRUE(http_answer(whole));
}

TEST(ProbeHttp, WhatIsNotHttpIsSeenFromItsFirstByte) {
  EXPECT_EQ(judged("S"), Outcome::bad_body);
  EXPECT_EQ(judged("SSH-2.0-x\r\n"), Outcome::bad_body);
  EXPECT_EQ(judged("HTTP/2.0 200 OK\r\n"), Outcome::bad_body);
  EXPECT_EQ(judged("HTTP/1.1 2000 OK\r\n"), Outcome::bad_body);
  EXPECT_EQ(judged("HTTP/1.1 2x0 OK\r\n"), Outcome::bad_body);
}

TEST(ProbeHttp, AsksForThePathOfTheHost) {
  Check check;
  check.path = "/health";
  const Endpoint backend{*Address::parse("2001:db8::1"), 8080};
  EXPECT_NE(http_request(check, backend).find("GET /health HTTP/1.1\r\nHost: [2001:db8::1]:8080\r\n"),
            std::string::npos);
  check.host = "www.example";
  EXPECT_NE(http_request(check, backend).find("\r\nHost: www.example\r\n"), std::string::npos);
}

}  // namespace
}  // namespace steadfast::probe
