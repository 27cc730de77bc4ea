// SPDX-License-Identifier: Apache-2.0
// Whether packets can travel to the backends the way the file asks.
#include <algorithm>
#include <vector>

#include "check/rules.h"
#include "config/examples.h"

namespace steadfast::rules {
namespace {

bool encapsulates(const Service& service) { return *service.forward != Forward::l2; }

std::string_view family_name(Family family) { return family == Family::v4 ? "IPv4" : "IPv6"; }

// l2 rewrites only the MAC address: the backend is found in the family of the packet.
void find_l2_mismatch(const Service& service, const Pool& pool, Findings& findings) {
  const auto differs = [&](const Backend& b) { return b.address->family != service.vip->family; };
  const auto first = std::find_if(pool.backends.begin(), pool.backends.end(), differs);
  if (first == pool.backends.end()) return;
  const auto wrong =
      static_cast<std::size_t>(std::count_if(pool.backends.begin(), pool.backends.end(), differs));
  const bool all = wrong == pool.backends.size();
  Finding finding =
      make(kFamilyMismatch.rule, all ? object_of(service) : object_of(pool, *first),
           all ? service.forward.place : first->address.place,
           "service \"" + service.name + "\" forwards " + std::string(family_name(service.vip->family)) +
               " by l2, but " + std::to_string(wrong) + " of " + counted(pool.backends.size(), "backend") +
               " of pool \"" + pool.name + "\" " + (wrong == 1 ? "is " : "are ") +
               std::string(family_name(first->address->family)));
  finding.related.push_back(
      {all ? first->address.place : service.forward.place, all ? "the first of them" : "the mode"});
  findings.push_back(std::move(finding));
}

struct Sourceless {
  std::size_t services = 0;
  const Service* service = nullptr;
  const Backend* backend = nullptr;
};

Sourceless without_source(const Context& context, Family family) {
  Sourceless found;
  for (const Service& service : context.model().services) {
    const auto& backends = context.model().pool_of(service).backends;
    const auto first = std::find_if(backends.begin(), backends.end(),
                                    [&](const Backend& b) { return b.address->family == family; });
    if (!encapsulates(service) || first == backends.end()) continue;
    if (found.services++ == 0) found = {1, &service, &*first};
  }
  return found;
}

// One finding for the host: every service that lacks the source has the same cause.
void find_missing_source(const Context& context, Family family, Findings& findings) {
  const Host& host = context.model().host;
  if (context.gaps().host || (family == Family::v4 ? host.source_v4 : host.source_v6)) return;
  const Sourceless found = without_source(context, family);
  if (found.services == 0) return;
  const std::string name(family_name(family));
  Finding finding =
      make(kFamilyMismatch.rule, "host", host.place,
           "source has no " + name + " address, but service \"" + found.service->name + "\"" +
               (found.services > 1 ? " (and " + std::to_string(found.services - 1) + " more)" : "") +
               " encapsulates to " + name + " backends");
  finding.fix = "add an " + name + " address to source";
  finding.related.push_back({found.service->forward.place, "the mode"});
  finding.related.push_back({found.backend->address.place, "the first backend"});
  findings.push_back(std::move(finding));
}

void find_family_mismatches(const Context& context, Findings& findings) {
  for (const Service& service : context.model().services)
    if (!encapsulates(service)) find_l2_mismatch(service, context.model().pool_of(service), findings);
  find_missing_source(context, Family::v4, findings);
  find_missing_source(context, Family::v6, findings);
}

void find_port_mismatches(const Context& context, Findings& findings) {
  for (std::size_t i = 0; i < context.model().pools.size(); ++i) {
    const Pool& pool = context.model().pools[i];
    const auto& users = context.users(i);
    for (const Backend& backend : pool.backends) {
      if (!backend.port) continue;
      const auto user = std::find_if(users.begin(), users.end(), [&](std::size_t service) {
        const Service& asked = context.model().services[service];
        return *asked.port != **backend.port || asked.last_port != **backend.port;
      });
      if (user == users.end()) continue;
      const Service& service = context.model().services[*user];
      Finding finding = make(kPortMismatch.rule, object_of(pool, backend), backend.port->place,
                             "backend \"" + backend.name + "\" asks for port " +
                                 std::to_string(**backend.port) + ", but service \"" + service.name +
                                 "\" is on port " + ports_text(*service.port, service.last_port) + " and " +
                                 std::string(name(*service.forward)) + " rewrites no port");
      finding.related.push_back({service.port.place, "the port of the service"});
      findings.push_back(std::move(finding));
    }
  }
}

constexpr unsigned kLeastIpv6Mtu = 1280;  // RFC 8200 §5

unsigned outer_bytes(const Service& service, const Backend& backend) {
  if (!encapsulates(service)) return 0;
  return (backend.address->is_v4() ? 20 : 40) + (*service.forward == Forward::gue ? 8 : 0);
}

unsigned most_outer_bytes(const Service& service, const Pool& pool) {
  unsigned most = 0;
  for (const Backend& backend : pool.backends) most = std::max(most, outer_bytes(service, backend));
  return most;
}

// Only what the file says: the MTU of a route is not known here.
void find_small_path(const Context& context, const Service& service, Findings& findings) {
  const Host& host = context.model().host;
  const auto& mtu = service.mtu ? service.mtu : host.mtu;
  if (service.vip->is_v4() || !mtu) return;
  const unsigned outer = most_outer_bytes(service, context.model().pool_of(service));
  if (*mtu >= kLeastIpv6Mtu + outer) return;
  Finding finding = make(
      kPathMtu.rule, object_of(service), service.mtu ? service.mtu_place : service.vip.place,
      "service \"" + service.name + "\" has an IPv6 VIP and mtu " + std::to_string(*mtu) +
          (outer == 0 ? "" : ", less " + std::to_string(outer) + " bytes of outer header") +
          ": clients send packets of " + std::to_string(kLeastIpv6Mtu) + " bytes whatever they are told");
  finding.fix =
      "an mtu of " + std::to_string(kLeastIpv6Mtu + outer) + " or more, on every link to the backends";
  if (!service.mtu) finding.related.push_back({host.mtu_place, "mtu of the host"});
  findings.push_back(std::move(finding));
}

void find_small_paths(const Context& context, Findings& findings) {
  for (const Service& service : context.model().services) find_small_path(context, service, findings);
}

bool uses_gue(const Model& model) {
  return std::any_of(model.services.begin(), model.services.end(),
                     [](const Service& service) { return *service.forward == Forward::gue; });
}

bool has_port(const Service& service, std::uint16_t port) {
  return *service.port <= port && port <= service.last_port;
}

void find_tunnel_port(const Context& context, Findings& findings) {
  const Model& model = context.model();
  if (context.gaps().host || (!uses_gue(model) && !model.host.gue_port_place)) return;
  for (const Service& service : model.services) {
    if (service.protocol != Protocol::udp || !has_port(service, model.host.gue_port)) continue;
    const std::string whose = service.is_exact()
                                  ? ", the port of GUE"
                                  : ", and " + std::to_string(model.host.gue_port) + " is the port of GUE";
    Finding finding = make(kTunnelPort.rule, object_of(service), service.port.place,
                           "service \"" + service.name + "\" is on UDP port " +
                               ports_text(*service.port, service.last_port) + whose);
    if (model.host.gue_port_place) finding.related.push_back({model.host.gue_port_place, "the port of GUE"});
    findings.push_back(std::move(finding));
  }
}

bool is_ipip_to_v4(const Model& model, const Service& service) {
  const auto& backends = model.pool_of(service).backends;
  return *service.forward == Forward::ipip &&
         std::any_of(backends.begin(), backends.end(), [](const Backend& b) { return b.address->is_v4(); });
}

void find_constant_source(const Context& context, Findings& findings) {
  const Model& model = context.model();
  const auto& source = model.host.source_v4;
  if (!source || source->value.host_bits() != 0) return;
  const auto user = std::find_if(model.services.begin(), model.services.end(),
                                 [&](const Service& service) { return is_ipip_to_v4(model, service); });
  if (user == model.services.end()) return;
  Finding finding = make(kConstantSource.rule, "host", source->place,
                         "every ipip packet has the one outer source " + source->value.text());
  finding.related.push_back({user->forward.place, "service \"" + user->name + "\" forwards by ipip"});
  findings.push_back(std::move(finding));
}

void find_udp_services(const Context& context, Findings& findings) {
  for (const Service& service : context.model().services) {
    if (service.protocol != Protocol::udp || service.quic) continue;
    findings.push_back(make(kUdpService.rule, object_of(service), service.place,
                            "service \"" + service.name +
                                "\" is UDP without quic: a QUIC client that changes its address may change "
                                "its backend"));
  }
}

}  // namespace

#define SF_EXAMPLE_ONE_SERVICE(vip, protocol, port, forward) \
  "[[service]]\n"                                            \
  "name = \"web\"\n"                                         \
  "vip = \"" vip                                             \
  "\"\n"                                                     \
  "protocol = \"" protocol                                   \
  "\"\n"                                                     \
  "port = " port                                             \
  "\n"                                                       \
  "forward = \"" forward                                     \
  "\"\n"                                                     \
  "pool = \"web\"\n"

#define SF_EXAMPLE_PORT(port) \
  "[[pool.backend]]\n"        \
  "name = \"web-03\"\n"       \
  "address = \"10.0.2.12\"\n" \
  "port = " port              \
  "\n"                        \
  "weight = 100\n"

#define SF_EXAMPLE_SOURCE(source) \
  SF_EXAMPLE_SCHEMA               \
  "[host]\n"                      \
  "interfaces = [\"eth0\"]\n"     \
  "xdp_mode = \"native\"\n"       \
  "source = [\"" source           \
  "\"]\n"                         \
  "hash_seed = \"edge-fleet-1\"\n" SF_EXAMPLE_LIMITS SF_EXAMPLE_REST

const Check kFamilyMismatch{
    {
        "SF304",
        Severity::error,
        "address family that the mode cannot carry",
        "no packet of the service would reach these backends",
        "use backends of the VIP's family, or ipip or gue with a source of the backends' family",
        SF_EXAMPLE_HEAD SF_EXAMPLE_ONE_SERVICE("2001:db8::10", "tcp", "443", "l2")
            SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
        SF_EXAMPLE_HEAD SF_EXAMPLE_ONE_SERVICE("2001:db8::10", "tcp", "443", "ipip")
            SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
    },
    find_family_mismatches,
};

const Check kPortMismatch{
    {
        "SF307",
        Severity::error,
        "backend port that differs from the service's",
        "packets arrive with the port of the VIP whatever is written here: the backend would answer with "
        "resets",
        "let the backend listen on the service's port and remove the key",
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_PORT("8443"),
        SF_EXAMPLE_HEAD SF_EXAMPLE_REST SF_EXAMPLE_PORT("443"),
    },
    find_port_mismatches,
};

const Check kPathMtu{
    {
        "SF309",
        Severity::error,
        "path too small for IPv6",
        "IPv6 promises every sender 1280 bytes: nodes make no smaller packets when they are told to (RFC "
        "8201 "
        "§4), so each full one is dropped for ever",
        "give the backends' links an MTU of 1280 bytes and the outer header: 20 for ipip over IPv4, 40 over "
        "IPv6, with gue 8 more",
        SF_EXAMPLE_HEAD SF_EXAMPLE_ONE_SERVICE("2001:db8::10", "tcp", "443",
                                               "ipip") "mtu = 1280\n" SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
        SF_EXAMPLE_HEAD SF_EXAMPLE_ONE_SERVICE("2001:db8::10", "tcp", "443",
                                               "ipip") "mtu = 1300\n" SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
    },
    find_small_paths,
};

const Check kTunnelPort{
    {
        "SF310",
        Severity::error,
        "service on the tunnel's UDP port",
        "a backend cannot tell the service's packets from encapsulated ones",
        "give gue_port or the service another port",
        SF_EXAMPLE_HEAD SF_EXAMPLE_ONE_SERVICE("192.0.2.10", "udp", "6080", "gue")
            SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
        SF_EXAMPLE_HEAD SF_EXAMPLE_ONE_SERVICE("192.0.2.10", "udp", "53", "gue")
            SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
    },
    find_tunnel_port,
};

const Check kConstantSource{
    {
        "SF312",
        Severity::warn,
        "constant outer source",
        "routers and the backends' NICs see one flow: one link and one CPU carry all of it",
        "write source as a prefix: its host bits carry entropy",
        SF_EXAMPLE_SOURCE("198.51.100.1"),
        SF_EXAMPLE_SOURCE("198.51.100.0/28"),
    },
    find_constant_source,
};

const Check kUdpService{
    {
        "SF313",
        Severity::note,
        "UDP service without quic",
        "QUIC clients that move may miss their backend; other UDP is not concerned",
        "where QUIC is spoken, give the service quic and each backend its server_id",
        SF_EXAMPLE_HEAD SF_EXAMPLE_ONE_SERVICE("192.0.2.10", "udp", "443", "ipip")
            SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
        SF_EXAMPLE_HEAD SF_EXAMPLE_ONE_SERVICE("192.0.2.10", "tcp", "443", "ipip")
            SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS,
    },
    find_udp_services,
};

}  // namespace steadfast::rules
