// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/judge.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <set>
#include <utility>

#include "config/suggest.h"
#include "config/table_reader.h"

namespace steadfast::rehearsal {
namespace {

using config::in_quotes;

constexpr double kRounding = 1e-9;  // of shares that a double cannot hold exactly
constexpr char kNobody[] = "no backend gets new flows";

// "12%", "30.08%": two places unless that hides the difference to `bound`.
std::string percent_text(double percent, double bound) {
  const bool close = percent != bound && std::abs(percent - bound) < 0.005;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", close ? 6 : 2, percent);
  std::string out(text);
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out + "%";
}

std::string percent_text(double percent) { return percent_text(percent, percent); }

template <typename Names>
std::string joined(const Names& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

class Judge {
 public:
  Judge(const Test& test, const Observation& seen, const Model& model, const Plan* plan)
      : test_(test), expect_(test.expect), seen_(seen), model_(model), plan_(plan) {
    for (const Way& way : seen.ways)
      if (way.backend != nullptr) backends_.push_back(&way);
  }

  std::vector<Mismatch> run() {
    mismatches_ = seen_.contradictions;
    judge_verdict();
    judge_service();
    judge_pool();
    judge_forward();
    judge_backend();
    judge_state();
    judge_shares();
    judge_members();
    judge_outer_source();
    judge_against();
    return std::move(mismatches_);
  }

 private:
  void differ(const std::string& what, std::string expected, std::string got) {
    mismatches_.push_back({what, std::move(expected), std::move(got)});
  }

  static std::string object(const Way& way) { return object_of(*way.pool, *way.backend); }
  static std::string words(const Way& way) {
    return percent_text(way.share * 100) + " (" + object(way) + ")";
  }

  void judge_verdict() {
    if (!expect_.verdict) return;
    std::string got;
    for (const Way& way : seen_.ways) {
      if (verdict_label(way.verdict) == **expect_.verdict) continue;
      got += (got.empty() ? "" : ", ") + verdict_label(way.verdict);
      if (way.backend != nullptr) got += " for " + words(way);
    }
    if (!got.empty()) differ("verdict", **expect_.verdict, got);
  }

  // A name that the configuration does not know is said to be unknown: it may be
  // the test that is misspelt.
  template <typename Objects>
  static std::string unknown(const std::string& kind, const std::string& name, const Objects& objects) {
    std::vector<std::string_view> names;
    names.reserve(objects.size());
    for (const auto& known : objects) names.push_back(known.name);
    if (std::find(names.begin(), names.end(), name) != names.end()) return {};
    return "; there is no " + kind + " " + in_quotes(name) + did_you_mean(nearest(name, names));
  }

  void judge_service() {
    if (!expect_.service) return;
    const std::string got = seen_.service ? seen_.service->name : "none";
    if (got != **expect_.service)
      differ("service", **expect_.service, got + unknown("service", **expect_.service, model_.services));
  }

  void judge_pool() {
    if (!expect_.pool) return;
    const std::string got = seen_.service ? model_.pool_of(*seen_.service).name : "none";
    if (got != **expect_.pool)
      differ("pool", **expect_.pool, got + unknown("pool", **expect_.pool, model_.pools));
  }

  void judge_forward() {
    if (!expect_.forward) return;
    const std::string got = seen_.service ? std::string(name(seen_.service->forward.value)) : "none";
    if (got != **expect_.forward) differ("forward", **expect_.forward, got);
  }

  std::string unknown_backend(const std::string& wanted) const {
    std::vector<Backend> all;
    for (const Pool& pool : model_.pools) all.insert(all.end(), pool.backends.begin(), pool.backends.end());
    return unknown("backend", wanted, all);
  }

  void judge_backend() {
    if (expect_.backend) {
      const std::string got = backends_.empty() ? "none" : backends_.front()->backend->name;
      if (got != **expect_.backend)
        differ("backend", **expect_.backend, got + unknown_backend(**expect_.backend));
    }
    if (!expect_.not_backend) return;
    for (const Way* way : backends_)
      if (way->backend->name == **expect_.not_backend)
        differ("not_backend", "never " + **expect_.not_backend, words(*way));
    const std::string missing = unknown_backend(**expect_.not_backend);
    if (!missing.empty()) differ("not_backend", "a backend's name", missing.substr(2));
  }

  void judge_state() {
    const auto check = [&](const char* key, const std::optional<config::Text>& word, bool wanted) {
      if (!word) return;
      const std::string expected = (wanted ? "" : "not ") + **word;
      if (backends_.empty()) differ(key, expected, kNobody);
      for (const Way* way : backends_)
        if ((name(way->backend->state) == **word) != wanted)
          differ(key, expected, std::string(name(way->backend->state)) + " (" + object(*way) + ")");
    };
    check("state", expect_.state, true);
    check("not_state", expect_.not_state, false);
  }

  void judge_shares() {
    const auto by_share = [](const Way* a, const Way* b) { return a->share < b->share; };
    const auto check = [&](const char* key, const std::optional<config::Percent>& bound, bool is_most) {
      if (!bound) return;
      const std::string expected = (is_most ? "at most " : "at least ") + percent_text(**bound);
      if (backends_.empty()) return differ(key, expected, kNobody);
      const auto range = std::minmax_element(backends_.begin(), backends_.end(), by_share);
      const Way& way = is_most ? **range.second : **range.first;
      const double got = way.share * 100;
      if (is_most ? got > **bound + kRounding : got < **bound - kRounding)
        differ(key, expected, percent_text(got, **bound) + " (" + object(way) + ")");
    };
    check("max_share", expect_.max_share, true);
    check("min_share", expect_.min_share, false);
  }

  void judge_members() {
    if (expect_.min_backends && std::cmp_less(backends_.size(), **expect_.min_backends))
      differ("min_backends", "at least " + std::to_string(**expect_.min_backends),
             std::to_string(backends_.size()));
    if (expect_.addresses.empty()) return;
    std::set<Address> wanted, got;
    for (const config::Text& address : expect_.addresses) wanted.insert(*Address::parse(*address));
    for (const Way* way : backends_) got.insert(way->backend->address.value);
    if (wanted == got) return;
    differ("addresses", joined(texts(wanted)), joined(texts(got)) + difference(wanted, got));
  }

  static std::vector<std::string> texts(const std::set<Address>& addresses) {
    std::vector<std::string> out;
    out.reserve(addresses.size());
    for (const Address& address : addresses) out.push_back(address.text());
    return out;
  }

  static std::string difference(const std::set<Address>& wanted, const std::set<Address>& got) {
    std::set<Address> missing, extra;
    std::set_difference(wanted.begin(), wanted.end(), got.begin(), got.end(),
                        std::inserter(missing, missing.end()));
    std::set_difference(got.begin(), got.end(), wanted.begin(), wanted.end(),
                        std::inserter(extra, extra.end()));
    std::string text;
    if (!missing.empty()) text += "without " + joined(texts(missing));
    if (!extra.empty()) text += (text.empty() ? "" : ", ") + ("besides " + joined(texts(extra)));
    return " (" + text + ")";
  }

  void judge_outer_source() {
    if (!expect_.outer_source) return;
    const Prefix wanted = *Prefix::parse(**expect_.outer_source);
    const bool tunnel = seen_.service != nullptr && seen_.service->forward.value != Forward::l2;
    for (const Way& way : seen_.ways) {
      const auto source = tunnel ? way.outer_source : std::nullopt;
      if (source && wanted.network().contains(*source)) continue;
      // A share too small for a packet has no outer header to look at, and needs none.
      if (tunnel && !source && way.verdict == SF_FORWARDED) continue;
      return differ("outer_source", "in " + **expect_.outer_source,
                    source ? source->text() : "no outer header");
    }
  }

  std::string endpoint() const {
    if (seen_.service != nullptr) return seen_.service->endpoint();
    Service asked;
    asked.vip = test_.packet.packet.destination;
    asked.vip_bits = asked.vip->bits();
    asked.port = test_.packet.packet.destination_port;
    asked.last_port = asked.port.value;
    asked.protocol = static_cast<Protocol>(test_.packet.packet.protocol);
    return asked.endpoint();
  }

  void judge_against() {
    if (!test_.against_running) return;
    if (plan_ == nullptr) return differ("against", "a running generation", "nothing runs to compare with");
    const std::string sought = endpoint();
    const auto found = std::find_if(plan_->services.begin(), plan_->services.end(),
                                    [&](const ServiceMovement& s) { return s.endpoint == sought; });
    const auto check = [&](const char* key, const std::optional<config::Percent>& bound,
                           double ServiceMovement::*share) {
      if (!bound) return;
      const std::string expected = "at most " + percent_text(**bound);
      if (found == plan_->services.end()) return differ(key, expected, "no service before or after");
      const double got = (*found).*share * 100;
      if (got > **bound + kRounding)
        differ(key, expected, percent_text(got, **bound) + " (service/" + found->service + ")");
    };
    check("max_moved", expect_.max_moved, &ServiceMovement::moved);
    check("max_dropped", expect_.max_dropped, &ServiceMovement::dropped);
  }

  const Test& test_;
  const Expectation& expect_;
  const Observation& seen_;
  const Model& model_;
  const Plan* plan_;
  std::vector<const Way*> backends_;  // ways that have one
  std::vector<Mismatch> mismatches_;
};

}  // namespace

std::vector<Mismatch> judge(const Test& test, const Observation& seen, const Model& model, const Plan* plan) {
  return Judge(test, seen, model, plan).run();
}

}  // namespace steadfast::rehearsal
