// SPDX-License-Identifier: Apache-2.0
// The same thing twice: a VIP of two services, a backend in one pool.
#include <unordered_map>

#include "check/address_hash.h"
#include "check/rules.h"
#include "config/examples.h"
#include "config/schema_rules.h"

namespace steadfast::rules {
namespace {

struct Endpoint {
  Address vip;
  std::uint16_t port;
  Protocol protocol;
  bool operator==(const Endpoint&) const = default;
};

struct EndpointHash {
  std::size_t operator()(const Endpoint& endpoint) const {
    return AddressHash{}(endpoint.vip) ^
           (std::size_t{endpoint.port} << 8 | static_cast<std::size_t>(endpoint.protocol));
  }
};

void find_duplicate_vips(const Context& context, Findings& findings) {
  std::unordered_map<Endpoint, const Service*, EndpointHash> known;
  for (const Service& service : context.model().services) {
    if (!service.is_exact()) continue;  // SF202
    const auto [first, is_new] = known.try_emplace({*service.vip, *service.port, service.protocol}, &service);
    if (is_new) continue;
    Finding finding =
        make(kDuplicateVip.rule, object_of(service), service.vip.place,
             service.endpoint() + " is the VIP of service \"" + first->second->name + "\" already");
    finding.related.push_back({first->second->vip.place, "first defined here"});
    findings.push_back(std::move(finding));
  }
}

void report_twin(const Pool& pool, const Backend& second, const Backend& first, Findings& findings) {
  const bool same_name = second.name == first.name;
  const std::string what =
      same_name ? "the name \"" + second.name + "\"" : "the address " + second.address->text();
  Finding finding = make(config::kTwin, object_of(pool, second), second.place,
                         "pool \"" + pool.name + "\" has a backend with " + what + " already" +
                             (same_name ? "" : ": \"" + first.name + "\""));
  finding.related.push_back({first.place, "first defined here"});
  findings.push_back(std::move(finding));
}

void find_twins_in(const Pool& pool, Findings& findings) {
  std::unordered_map<std::string_view, const Backend*> names;
  std::unordered_map<Endpoint, const Backend*, EndpointHash> addresses;
  for (const Backend& backend : pool.backends) {
    const std::uint16_t port = backend.port ? **backend.port : std::uint16_t{0};
    const auto [name, new_name] = names.try_emplace(backend.name, &backend);
    const auto [address, new_address] =
        addresses.try_emplace({*backend.address, port, Protocol::tcp}, &backend);
    if (!new_name) {
      report_twin(pool, backend, *name->second, findings);
    } else if (!new_address) {
      report_twin(pool, backend, *address->second, findings);
    }
  }
}

void find_twin_backends(const Context& context, Findings& findings) {
  for (const Pool& pool : context.model().pools) find_twins_in(pool, findings);
}

}  // namespace

const Check kDuplicateVip{
    {
        "SF201",
        Severity::error,
        "two services with one VIP",
        "a packet can reach only one of the two services; the other would never see traffic",
        "give one of them another address, protocol or port",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST "[[service]]\n"
                                        "name = \"api\"\n"
                                        "vip = \"192.0.2.10\"\n"
                                        "protocol = \"tcp\"\n"
                                        "port = 443\n"
                                        "forward = \"ipip\"\n"
                                        "pool = \"web\"\n",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST "[[service]]\n"
                                        "name = \"api\"\n"
                                        "vip = \"192.0.2.11\"\n"
                                        "protocol = \"tcp\"\n"
                                        "port = 443\n"
                                        "forward = \"ipip\"\n"
                                        "pool = \"web\"\n",
    },
    find_duplicate_vips,
};

// The rule itself stands with the edits of config/, which refuse to make a twin.
const Check kTwinBackend{config::kTwin, find_twin_backends};

}  // namespace steadfast::rules
