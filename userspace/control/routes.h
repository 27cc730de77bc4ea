// SPDX-License-Identifier: Apache-2.0
// Routes: every endpoint of the daemon as a function from its input to a reply.
// One table serves both listeners; the TCP one takes the reads of it.
//
// Must not enter: sockets, the HTTP library.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "control/balancer.h"

namespace steadfast {

// The parameters of a GET.
using Query = std::map<std::string, std::string>;

struct Reply {
  int status = 200;
  std::string body;
  const char* content_type = "application/json";
};

struct Route {
  const char* path;
  bool changes;  // POST over the Unix socket alone; reads are GET everywhere
  const char* help;
  // `input`: the body of a POST, the query parameter `number` of a GET.
  Reply (*answer)(Balancer& balancer, const std::string& input);
  // A GET with parameters of its own; then `answer` is null.
  Reply (*answer_query)(Balancer& balancer, const Query& query) = nullptr;
};

std::span<const Route> routes();
const Route* find_route(std::string_view path);  // nullptr when there is none

Reply answer(const Route& route, Balancer& balancer, const std::string& body, const Query& query);

Reply failure(int status, const std::string& what);

}  // namespace steadfast
