// SPDX-License-Identifier: Apache-2.0
// Addresses that cannot be what they are used as.
#include <algorithm>
#include <array>
#include <unordered_map>
#include <vector>

#include "check/address_hash.h"
#include "check/rules.h"
#include "compile/nesting.h"
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

// A prefix may hold no such address, nor lie among them.
std::string_view flaw(const Prefix& prefix) {
  static const std::array<Prefix, 10> kUnusable{*Prefix::parse("0.0.0.0"),
                                                *Prefix::parse("127.0.0.0/8"),
                                                *Prefix::parse("224.0.0.0/4"),
                                                *Prefix::parse("255.255.255.255"),
                                                *Prefix::parse("169.254.0.0/16"),
                                                *Prefix::parse("::"),
                                                *Prefix::parse("::1"),
                                                *Prefix::parse("ff00::/8"),
                                                *Prefix::parse("fe80::/10"),
                                                *Prefix::parse("::ffff:0:0/96")};
  for (const Prefix& unusable : kUnusable)
    if (prefix.contains(unusable.address) || unusable.contains(prefix.address)) return flaw(unusable.address);
  return {};
}

void inspect_vip(const Service& service, Findings& findings) {
  const std::string_view found = flaw(service.vip_prefix());
  if (found.empty()) return;
  const bool one = service.vip_bits == service.vip->bits();
  findings.push_back(make(kUnusableAddress.rule, object_of(service), service.vip.place,
                          "VIP " + service.vip_prefix().text() +
                              (one ? " is " : " holds addresses of which one is ") + std::string(found)));
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
  for (const Service& service : model.services) inspect_vip(service, findings);
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends)
      inspect(backend.address, object_of(pool, backend), "backend \"" + backend.name + "\":", findings);
}

// The services whose VIP an address is, asked by address; prefixes are few.
class Vips {
 public:
  explicit Vips(const Model& model) {
    for (const Service& service : model.services) {
      if (service.vip_bits == service.vip->bits())
        addresses_.try_emplace(*service.vip, &service);
      else
        prefixes_.push_back(&service);
    }
  }

  const Service* find(const Address& address) const {
    const auto exact = addresses_.find(address);
    if (exact != addresses_.end()) return exact->second;
    const auto wide = std::find_if(prefixes_.begin(), prefixes_.end(), [&](const Service* service) {
      return service->vip_prefix().contains(address);
    });
    return wide == prefixes_.end() ? nullptr : *wide;
  }

 private:
  std::unordered_map<Address, const Service*, AddressHash> addresses_;
  std::vector<const Service*> prefixes_;
};

void find_loops(const Context& context, Findings& findings) {
  const Vips vips(context.model());
  for (const Pool& pool : context.model().pools) {
    for (const Backend& backend : pool.backends) {
      const Service* service = vips.find(*backend.address);
      if (service == nullptr) continue;
      const std::string vip = service->vip_prefix().text();
      const bool one = vip == backend.address->text();
      Finding finding = make(kLoop.rule, object_of(pool, backend), backend.address.place,
                             "backend \"" + backend.name + "\" has " + (one ? "the" : "an") +
                                 " address of the VIP of service \"" + service->name + "\", " +
                                 backend.address->text() + (one ? "" : " of " + vip));
      finding.related.push_back({service->vip.place, "the VIP"});
      findings.push_back(std::move(finding));
    }
  }
}

void find_own_vip(const Context& context, const Located<Prefix>& source, Findings& findings) {
  for (const Service& service : context.model().services) {
    const Prefix vip = service.vip_prefix();
    if (!holds(vip, source->network()) && !holds(source->network(), vip)) continue;
    Finding finding = make(kOwnAddress.rule, object_of(service), service.vip.place,
                           "the VIP of service \"" + service.name + "\", " + vip.text() +
                               (vip == source->network() ? ", is" : ", shares addresses with") +
                               " this balancer's own source " + source->text());
    finding.fix = "take another VIP, or another source";
    finding.related.push_back({source.place, "the source"});
    findings.push_back(std::move(finding));
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
    if (source) {
      find_own_vip(context, *source, findings);
      find_own_address(context, *source, findings);
    }
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
        "backend or VIP that is this balancer",
        "the balancer would send users' packets to itself; as a VIP, what is for the balancer itself would "
        "go "
        "to backends",
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
