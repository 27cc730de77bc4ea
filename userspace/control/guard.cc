// SPDX-License-Identifier: Apache-2.0
#include "control/guard.h"

#include <cstdio>

#include "report/view.h"

namespace steadfast {
namespace {

// Below these a difference may be chance: a handful of packets, half a percent.
constexpr std::uint64_t kFewestDrops = 5;
constexpr double kLeastRise = 0.005;
// What allow and deny refuse may be just what the change is for. So much of a
// service's packets are its users.
constexpr double kMostRefused = 0.1;

struct Window {
  std::uint64_t packets = 0;
  std::uint64_t dropped = 0;  // and the configuration is why
  std::uint64_t denied = 0, not_allowed = 0;

  double share(std::uint64_t count) const {
    return packets == 0 ? 0 : static_cast<double>(count) / static_cast<double>(packets);
  }
  double dropped_share() const { return share(dropped); }
  double refused_share() const { return share(denied + not_allowed); }
};

void count(Window& window, sf_verdict verdict, std::uint64_t packets) {
  window.packets += packets;
  if (verdict == SF_SOURCE_DENIED)
    window.denied += packets;
  else if (verdict == SF_SOURCE_NOT_ALLOWED)
    window.not_allowed += packets;
  else if (report::kind(verdict) == SF_KIND_CONFIGURATION)
    window.dropped += packets;
}

// A service whose counters are younger than `from` began at zero.
Window between(const Sight& from, const Sight& to, const std::string& endpoint) {
  Window window;
  const auto last = to.services.find(endpoint);
  if (last == to.services.end()) return window;
  const auto first = from.services.find(endpoint);
  for (unsigned i = 0; i < SF_VERDICT_COUNT; ++i) {
    const std::uint64_t before = first == from.services.end() ? 0 : first->second[i].packets;
    const std::uint64_t after = last->second[i].packets;
    count(window, static_cast<sf_verdict>(i), after > before ? after - before : 0);
  }
  return window;
}

std::string percent_text(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.1f %%", share * 100);
  return text;
}

// A canary can spoil no more than its share, so so much less is harm.
std::string why_dropped(const Window& before, const Window& after, double share) {
  if (after.dropped < kFewestDrops || after.dropped_share() < before.dropped_share() + kLeastRise * share)
    return {};
  return " drops " + percent_text(after.dropped_share()) + " of its packets because of the configuration, " +
         percent_text(before.dropped_share()) + " before the change";
}

std::string why_refused(const Window& before, const Window& after, double share) {
  if (after.denied + after.not_allowed < kFewestDrops ||
      after.refused_share() <= before.refused_share() + kMostRefused * share)
    return {};
  const double denied = after.share(after.denied) - before.share(before.denied);
  const double not_allowed = after.share(after.not_allowed) - before.share(before.not_allowed);
  const sf_verdict most = denied > not_allowed ? SF_SOURCE_DENIED : SF_SOURCE_NOT_ALLOWED;
  return " refuses " + percent_text(after.refused_share()) + " of its packets by allow and deny, " +
         percent_text(before.refused_share()) + " before the change, most of them " +
         std::string(report::label(most)) +
         "; if that is meant, apply it with --confirm and confirm it yourself";
}

}  // namespace

Sight look(const Reading& reading, const Running& running) {
  Sight sight;
  sight.host = reading.services[0];
  const auto& origin = running.tables.service_origin;
  for (std::uint32_t id = 1; id < origin.size(); ++id)
    if (origin[id].service != SIZE_MAX)
      sight.services[running.model.services[origin[id].service].endpoint()] = reading.services[id];
  return sight;
}

Judgement judge(const Evidence& evidence) {
  std::uint64_t seen = 0;
  for (const auto& [endpoint, counts] : evidence.now.services) {
    const Window before = between(evidence.earlier, evidence.flip, endpoint);
    const Window after = between(evidence.from, evidence.now, endpoint);
    if (evidence.touched.empty() || evidence.touched.contains(endpoint)) seen += after.packets;
    std::string harm = why_dropped(before, after, evidence.share);
    if (harm.empty()) harm = why_refused(before, after, evidence.share);
    if (!harm.empty()) return {Judgement::Colour::red, endpoint + harm};
  }
  if (seen == 0)
    return {Judgement::Colour::blind,
            "no service that the change touches received a packet: nothing shows that it works"};
  return {Judgement::Colour::green, std::to_string(seen) + " packets, no rise of drops by configuration"};
}

}  // namespace steadfast
