// SPDX-License-Identifier: Apache-2.0
// Addresses that cannot be what they are used as.
#include <unordered_map>

#include "check/address_hash.h"
#include "check/rules.h"
#include "config/examples.h"

namespace steadfast::rules {
namespace {

bool is_v4_mapped(const Address& address) {
  static const Prefix kMapped = *Prefix::parse("::ffff:0:0/96");
  return kMapped.contains(address);
}

// Why no host on a network can have the address; empty when one can.
std::string_view flaw(const Address& address) {
  if (address.is_unspecified()) return "unspecified";
  if (address.is_loopback()) return "a loopback address";
  if (address.is_multicast()) return "a multicast address";
  if (address.is_limited_broadcast()) return "the broadcast address";
  if (address.is_link_local()) return "a link-local address without a zone";
  if (is_v4_mapped(address)) return "an IPv4 address written as IPv6";
  return {};
}

void inspect(const Located<Address>& address, const std::string& object, const std::string& role,
             Findings& findings) {
  const std::string_view found = flaw(*address);
  if (found.empty()) return;
  findings.push_back(make(kUnusableAddress.rule, object, address.place,
                          role + " " + address->text() + " is " + std::string(found)));
}

void find_unusable_addresses(const Context& context, Findings& findings) {
  const Model& model = context.model();
  for (const auto& source : {model.host.source_v4, model.host.source_v6})
    if (source) inspect({source->value.address, source->place}, "host", "source", findings);
  for (const Service& service : model.services) inspect(service.vip, object_of(service), "VIP", findings);
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends)
      inspect(backend.address, object_of(pool, backend), "backend \"" + backend.name + "\":", findings);
}

void find_loops(const Context& context, Findings& findings) {
  std::unordered_map<Address, const Service*, AddressHash> vips;
  for (const Service& service : context.model().services) vips.try_emplace(*service.vip, &service);
  for (const Pool& pool : context.model().pools) {
    for (const Backend& backend : pool.backends) {
      const auto vip = vips.find(*backend.address);
      if (vip == vips.end()) continue;
      Finding finding = make(kLoop.rule, object_of(pool, backend), backend.address.place,
                             "backend \"" + backend.name + "\" has the address of the VIP of service \"" +
                                 vip->second->name + "\", " + backend.address->text());
      finding.related.push_back({vip->second->vip.place, "the VIP"});
      findings.push_back(std::move(finding));
    }
  }
}

void find_own_address(const Context& context, const Located<Prefix>& source, Findings& findings) {
  for (const Pool& pool : context.model().pools) {
    for (const Backend& backend : pool.backends) {
      if (!source->contains(*backend.address)) continue;
      Finding finding = make(kOwnAddress.rule, object_of(pool, backend), backend.address.place,
                             "backend \"" + backend.name + "\" is " + backend.address->text() +
                                 ", this balancer's own source " + source->text());
      finding.related.push_back({source.place, "the source"});
      findings.push_back(std::move(finding));
    }
  }
}

void find_own_addresses(const Context& context, Findings& findings) {
  for (const auto& source : {context.model().host.source_v4, context.model().host.source_v6})
    if (source) find_own_address(context, *source, findings);
}

}  // namespace

#define SF_EXAMPLE_BACKEND(address) \
  "[[pool.backend]]\n"              \
  "name = \"web-03\"\n"             \
  "address = \"" address            \
  "\"\n"                            \
  "weight = 100\n"

const Check kLoop{
    {
        "SF301",
        Severity::error,
        "backend that is a VIP",
        "its packets come back to the balancer and go round until their TTL ends",
        "write the address of the host itself",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_BACKEND("192.0.2.10"),
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_BACKEND("10.0.2.12"),
    },
    find_loops,
};

const Check kOwnAddress{
    {
        "SF302",
        Severity::error,
        "backend that is this balancer",
        "the balancer would send users' packets to itself",
        "write the address of a backend, or another source",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_BACKEND("198.51.100.1"),
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_BACKEND("10.0.2.12"),
    },
    find_own_addresses,
};

const Check kUnusableAddress{
    {
        "SF305",
        Severity::error,
        "address that no host can have",
        "packets to it never leave the balancer, or reach hosts nobody meant",
        "write a unicast address",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_BACKEND("127.0.0.1"),
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_BACKEND("10.0.2.12"),
    },
    find_unusable_addresses,
};

}  // namespace steadfast::rules
