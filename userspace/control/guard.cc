// SPDX-License-Identifier: Apache-2.0
#include "control/guard.h"

#include <cstdio>

#include "counters/stripes.h"
#include "report/view.h"

namespace steadfast {
namespace {

// Below these a difference may be chance: a handful of packets, half a percent.
constexpr std::uint64_t kFewestDrops = 5;
constexpr double kLeastRise = 0.005;

struct Window {
  std::uint64_t packets = 0;
  std::uint64_t dropped = 0;  // and the configuration is why
  double share() const {
    return packets == 0 ? 0 : static_cast<double>(dropped) / static_cast<double>(packets);
  }
};

// A service whose counters are younger than `from` began at zero.
Window between(const Sight& from, const Sight& to, const std::string& endpoint) {
  Window window;
  const auto last = to.services.find(endpoint);
  if (last == to.services.end()) return window;
  const auto first = from.services.find(endpoint);
  for (unsigned i = 0; i < SF_VERDICT_COUNT; ++i) {
    const std::uint64_t before = first == from.services.end() ? 0 : first->second[i].packets;
    const std::uint64_t after = last->second[i].packets;
    const std::uint64_t count = after > before ? after - before : 0;
    window.packets += count;
    if (report::kind(static_cast<sf_verdict>(i)) == SF_KIND_CONFIGURATION) window.dropped += count;
  }
  return window;
}

std::string percent_text(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.1f %%", share * 100);
  return text;
}

}  // namespace

Sight look(const Memory& memory, const Running& running) {
  Sight sight;
  const auto& origin = running.tables.service_origin;
  for (std::uint32_t id = 1; id < origin.size(); ++id)
    if (origin[id].service != SIZE_MAX)
      sight.services[running.model.services[origin[id].service].endpoint()] = service_counts(memory, id);
  return sight;
}

// A canary can spoil no more than its share, so so much less is harm.
Judgement judge(const Evidence& evidence) {
  std::uint64_t seen = 0;
  for (const auto& [endpoint, counts] : evidence.now.services) {
    const Window before = between(evidence.earlier, evidence.flip, endpoint);
    const Window after = between(evidence.from, evidence.now, endpoint);
    if (evidence.touched.empty() || evidence.touched.contains(endpoint)) seen += after.packets;
    if (after.dropped < kFewestDrops || after.share() < before.share() + kLeastRise * evidence.share)
      continue;
    return {Judgement::Colour::red, endpoint + " drops " + percent_text(after.share()) +
                                        " of its packets because of the configuration, " +
                                        percent_text(before.share()) + " before the change"};
  }
  if (seen == 0)
    return {Judgement::Colour::blind,
            "no service that the change touches received a packet: nothing shows that it works"};
  return {Judgement::Colour::green, std::to_string(seen) + " packets, no rise of drops by configuration"};
}

}  // namespace steadfast
