// SPDX-License-Identifier: Apache-2.0
// Whether QUIC connection ids can name the backends: each must have a server id
// of its own that fits.
#include <algorithm>
#include <cstdint>
#include <unordered_map>

#include "check/rules.h"
#include "config/examples.h"
#include "config/schema_rules.h"

namespace steadfast::rules {
namespace {

void find_missing(const Pool& pool, const Service& service, Findings& findings) {
  for (const Backend& backend : pool.backends) {
    if (backend.server_id) continue;
    Finding finding = make(config::kTrafficDefault, object_of(pool, backend), backend.place,
                           "\"server_id\" is missing: service \"" + service.name +
                               "\" routes by the server id in connection ids");
    finding.related.push_back({service.quic->place, "routes by connection id"});
    findings.push_back(std::move(finding));
  }
}

void find_too_large(const Pool& pool, const Service& service, Findings& findings) {
  const unsigned bits = service.quic->server_id_bytes * 8;
  if (bits >= 64) return;
  for (const Backend& backend : pool.backends) {
    if (!backend.server_id || **backend.server_id >> bits == 0) continue;
    Finding finding = make(config::kOutOfDomain, object_of(pool, backend), backend.server_id->place,
                           "\"server_id\" is " + std::to_string(**backend.server_id) + "; it must fit the " +
                               std::to_string(service.quic->server_id_bytes) + " bytes that service \"" +
                               service.name + "\" reads");
    finding.related.push_back({service.quic->place, "server_id_bytes"});
    findings.push_back(std::move(finding));
  }
}

void find_twin_ids(const Pool& pool, Findings& findings) {
  std::unordered_map<std::uint64_t, const Backend*> known;
  for (const Backend& backend : pool.backends) {
    if (!backend.server_id) continue;
    const auto [first, is_new] = known.try_emplace(**backend.server_id, &backend);
    if (is_new) continue;
    Finding finding = make(config::kDuplicateKey, object_of(pool, backend), backend.server_id->place,
                           "server id " + std::to_string(**backend.server_id) + " is that of backend \"" +
                               first->second->name + "\" already");
    finding.related.push_back({first->second->server_id->place, "first given here"});
    findings.push_back(std::move(finding));
  }
}

void find_unused(const Context& context, std::size_t index, Findings& findings) {
  const Pool& pool = context.model().pools[index];
  const auto given = std::find_if(pool.backends.begin(), pool.backends.end(),
                                  [](const Backend& backend) { return backend.server_id.has_value(); });
  if (given == pool.backends.end() || context.gaps().services || context.gaps().named[index]) return;
  findings.push_back(
      make(kUnusedServerId.rule, object_of(pool), given->server_id->place,
           "backends of pool \"" + pool.name + "\" have server ids, but no service of the pool has quic"));
}

void find_server_ids(const Context& context, Findings& findings) {
  const Model& model = context.model();
  for (std::size_t i = 0; i < model.pools.size(); ++i) {
    find_twin_ids(model.pools[i], findings);
    const Service* first = nullptr;
    for (const std::size_t user : context.users(i)) {
      const Service& service = model.services[user];
      if (!service.quic) continue;
      if (first == nullptr) find_missing(model.pools[i], service, findings);
      if (first == nullptr || first->quic->server_id_bytes > service.quic->server_id_bytes) first = &service;
    }
    if (first == nullptr)
      find_unused(context, i, findings);
    else
      find_too_large(model.pools[i], *first, findings);
  }
}

}  // namespace

#define SF_EXAMPLE_UDP(more) \
  "[[service]]\n"            \
  "name = \"web\"\n"         \
  "vip = \"192.0.2.10\"\n"   \
  "protocol = \"udp\"\n"     \
  "port = 443\n"             \
  "forward = \"ipip\"\n"     \
  "pool = \"web\"\n" more

#define SF_EXAMPLE_NUMBERED   \
  "[[pool.backend]]\n"        \
  "name = \"web-01\"\n"       \
  "address = \"10.0.2.10\"\n" \
  "weight = 100\n"            \
  "server_id = 1\n"           \
  "[[pool.backend]]\n"        \
  "name = \"web-02\"\n"       \
  "address = \"10.0.2.11\"\n" \
  "weight = 100\n"            \
  "server_id = 2\n"

const Check kUnusedServerId{
    {
        "SF210",
        Severity::warn,
        "server ids that no service reads",
        "a QUIC client that changes its address loses its backend, although the backends are prepared for it",
        "give the service quic = { server_id_bytes = … }, or remove the server ids",
        SF_EXAMPLE_HEAD SF_EXAMPLE_UDP("") SF_EXAMPLE_POOL SF_EXAMPLE_NUMBERED,
        SF_EXAMPLE_HEAD SF_EXAMPLE_UDP("quic = { server_id_bytes = 4 }\n")
            SF_EXAMPLE_POOL SF_EXAMPLE_NUMBERED,
    },
    find_server_ids,
};

}  // namespace steadfast::rules
