// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/starter.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "compile/precedence.h"
#include "compile/ring.h"
#include "config/layout.h"
#include "rehearsal/clients.h"
#include "rehearsal/observation.h"

namespace steadfast::rehearsal {
namespace {

using config::toml_string;

constexpr double kMargin = 0.1;          // of a share: room for weights, not for mistakes
constexpr double kUsualMovement = 25;    // percent of new flows that an everyday change may move
constexpr std::size_t kMostListed = 32;  // addresses that a person still reads
constexpr std::size_t kMostDomains = 8;  // values of a label that each get a test

// Two significant digits, rounded away from the share: "23%", "0.12%".
std::string bound(double percent, bool is_most) {
  const double wanted = percent * (is_most ? 1 + kMargin : 1 - kMargin);
  if (is_most && wanted >= 100) return "\"100%\"";
  int places = 0;
  double scale = 1;
  for (double value = wanted; value < 10 && places < 6; value *= 10, ++places) scale *= 10;
  std::array<char, 32> text{};
  const double rounded = is_most ? std::ceil(wanted * scale) : std::floor(wanted * scale);
  std::snprintf(text.data(), text.size(), "%.*f", places, rounded / scale);
  std::string digits(text.data());
  if (digits.find('.') != std::string::npos) digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return "\"" + digits + "%\"";
}

// Shares in percent of the backends that get new flows.
std::vector<double> shares_of(const Pool& pool) {
  const std::vector<std::uint32_t> entries = exact_entries(pool);
  double all = 0;
  for (const std::uint32_t count : entries) all += count;
  std::vector<double> shares;
  for (const std::uint32_t count : entries)
    if (count != 0) shares.push_back(count / all * 100);
  return shares;
}

double largest_share(const Pool& pool) {
  const std::vector<double> shares = shares_of(pool);
  return shares.empty() ? 0 : *std::max_element(shares.begin(), shares.end());
}

std::string packet_text(Protocol protocol, const Address& client, const Point& to) {
  const auto shown = [](const Address& address) {
    return address.is_v4() ? address.text() : "[" + address.text() + "]";
  };
  return std::string(name(protocol)) + " " + shown(client) + ":* > " + shown(to.address) + ":" +
         std::to_string(to.port) + (protocol == Protocol::tcp ? " syn" : "");
}

// Of every backend with this label that takes new flows.
std::map<std::string, std::vector<std::string>> values_of_labels(const Pool& pool) {
  std::map<std::string, std::set<std::string>> found;
  for (const Backend& backend : pool.backends)
    if (backend.takes_new_flows())
      for (const auto& [key, value] : backend.labels) found[key].insert(value);
  std::map<std::string, std::vector<std::string>> values;
  for (const auto& [key, set] : found) values[key].assign(set.begin(), set.end());
  return values;
}

class Starter {
 public:
  explicit Starter(const Model& model) : model_(model), points_(reached_at(model)) {}

  std::string run() {
    out_ = "# What " + model_.file +
           " did when these tests were written. Keep what you mean, correct\n"
           "# the rest, and add what must never happen.\n";
    for (std::size_t i = 0; i < model_.services.size(); ++i) add_service(model_.services[i], points_[i]);
    return std::move(out_);
  }

 private:
  void begin(const Service& service, const std::string& what) {
    out_ += "\n[[test]]\nname = " + toml_string(service.name + ": " + what) + "\n";
  }
  void line(const std::string& key, const std::string& value) { out_ += key + " = " + value + "\n"; }
  void expect(const std::string& packet) {
    line("packet", toml_string(packet));
    out_ += "[test.expect]\n";
  }

  void add_service(const Service& service, const std::optional<Point>& reached) {
    const std::vector<Address> welcome = welcome_clients(service, 1);
    if (welcome.empty()) return;  // SF209
    client_ = welcome.front();
    at_ = reached.value_or(Point{*service.vip, *service.port});
    const Pool& pool = model_.pool_of(service);
    if (service.state == ServiceState::parked) return add_parked(service);
    add_refused(service);
    if (shares_of(pool).empty()) return add_deserted(service);
    if (ignores_source_port(static_cast<std::uint32_t>(service.hash)))
      add_clients(service, pool);
    else
      add_shares(service, pool);
    add_neighbours(service);
    add_losses(service, pool);
    add_change(service, pool);
  }

  std::string packet_to(const Service& service) const { return packet_text(service.protocol, client_, at_); }

  void add_parked(const Service& service) {
    begin(service, "is parked");
    expect(packet_to(service));
    const bool taken = owner_of(model_, service.protocol, at_) != nullptr;
    line("verdict", taken ? "\"forwarded\"" : "\"not_service\"");
  }

  void add_refused(const Service& service) {
    const auto client = refused_client(service);
    if (!client) return;
    begin(service, "who is refused");
    expect(packet_text(service.protocol, client->address, at_));
    line("verdict", toml_string(verdict_label(client->verdict)));
  }

  void add_deserted(const Service& service) {
    begin(service, "has no backend");
    expect(packet_to(service));
    line("verdict", "\"no_backend\"");
  }

  void add_forwarded(const Service& service, const Pool& pool) {
    line("verdict", "\"forwarded\"");
    line("service", toml_string(service.name));
    line("pool", toml_string(pool.name));
    line("forward", "\"" + std::string(name(service.forward.value)) + "\"");
    line("not_state", "\"drain\"");
  }

  // One client has one backend, so each backend needs a client of its own.
  void add_clients(const Service& service, const Pool& pool) {
    auto clients = clients_by_backend(model_, service, at_);
    if (clients.size() > kMostListed) clients.resize(kMostListed);
    for (const auto& [backend, client] : clients) {
      begin(service, "a client of " + backend->name);
      expect(packet_text(service.protocol, client, at_));
      add_forwarded(service, pool);
      line("addresses", "[" + toml_string(backend->address->text()) + "]");
      add_outer_source(service, pool);
    }
  }

  void add_shares(const Service& service, const Pool& pool) {
    const std::vector<double> shares = shares_of(pool);
    begin(service, "who gets new flows");
    expect(packet_to(service));
    add_forwarded(service, pool);
    if (shares.size() > 1) {
      line("max_share", bound(*std::max_element(shares.begin(), shares.end()), true));
      line("min_share", bound(*std::min_element(shares.begin(), shares.end()), false));
    }
    add_members(pool, shares.size());
    add_outer_source(service, pool);
  }

  void add_members(const Pool& pool, std::size_t takers) {
    if (takers > kMostListed) return line("min_backends", std::to_string(takers));
    out_ += "addresses = [\n";
    for (const Backend& backend : pool.backends)
      if (backend.takes_new_flows()) out_ += "  " + toml_string(backend.address->text()) + ",\n";
    out_ += "]\n";
  }

  // One line can only hold for backends of one family.
  void add_outer_source(const Service& service, const Pool& pool) {
    if (service.forward.value == Forward::l2) return;
    std::set<Family> families;
    for (const Backend& backend : pool.backends)
      if (backend.takes_new_flows()) families.insert(backend.address->family);
    if (families.size() != 1) return;
    const auto& source = *families.begin() == Family::v4 ? model_.host.source_v4 : model_.host.source_v6;
    if (source) line("outer_source", toml_string(source->value.text()));
  }

  void add_neighbour(const Service& service, const std::string& what, Protocol protocol, unsigned port) {
    const Point beside{at_.address, static_cast<std::uint16_t>(port)};
    if (owner_of(model_, protocol, beside) != nullptr) return;
    begin(service, what);
    expect(packet_text(protocol, client_, beside));
    line("verdict", "\"not_service\"");
  }

  void add_neighbours(const Service& service) {
    const unsigned beside = service.last_port == 65535 ? service.port.value - 1u : service.last_port + 1u;
    if (beside != 0)
      add_neighbour(service, "port " + std::to_string(beside) + " is nobody's", service.protocol, beside);
    const Protocol other = service.protocol == Protocol::tcp ? Protocol::udp : Protocol::tcp;
    add_neighbour(service, std::string(name(other)) + " is nobody's", other, at_.port);
  }

  // Losing what `is_lost` names must leave the others able to carry it.
  template <typename IsLost>
  void add_loss(const Service& service, Pool pool, const std::string& entry, IsLost is_lost) {
    for (Backend& backend : pool.backends)
      if (is_lost(backend)) backend.state = BackendState::disabled;
    const std::vector<double> shares = shares_of(pool);
    if (shares.empty()) return;
    begin(service, "losing " + entry);
    out_ += "given = { down = [" + toml_string(entry) + "] }\n";
    expect(packet_to(service));
    line("verdict", "\"forwarded\"");
    const bool one_way = ignores_source_port(static_cast<std::uint32_t>(service.hash));
    if (shares.size() > 1 && !one_way)
      line("max_share", bound(*std::max_element(shares.begin(), shares.end()), true));
  }

  void add_losses(const Service& service, const Pool& pool) {
    const auto labels = values_of_labels(pool);
    for (const auto& [key, values] : labels) {
      if (values.size() > kMostDomains) continue;
      for (const std::string& value : values)
        add_loss(service, pool, key + "=" + value, [&, &label = key](const Backend& backend) {
          const auto found = backend.labels.find(label);
          return found != backend.labels.end() && found->second == value;
        });
    }
    if (labels.empty()) add_loss_of_largest(service, pool);
  }

  void add_loss_of_largest(const Service& service, const Pool& pool) {
    const std::vector<std::uint32_t> entries = exact_entries(pool);
    const auto at = std::max_element(entries.begin(), entries.end()) - entries.begin();
    const std::string largest = pool.backends[static_cast<std::size_t>(at)].name;
    add_loss(service, pool, pool.name + "/" + largest,
             [&](const Backend& backend) { return backend.name == largest; });
  }

  void add_change(const Service& service, const Pool& pool) {
    begin(service, "a change keeps its flows");
    line("against", "\"running\"");
    expect(packet_to(service));
    line("max_dropped", "\"0%\"");
    line("max_moved", bound(std::max(kUsualMovement, largest_share(pool)), true));
  }

  const Model& model_;
  std::vector<std::optional<Point>> points_;  // where each service is reached
  Address client_;                            // of the service that is being written
  Point at_;
  std::string out_;
};

}  // namespace

std::string starter_tests(const Model& model) { return Starter(model).run(); }

}  // namespace steadfast::rehearsal
