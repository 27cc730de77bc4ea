// SPDX-License-Identifier: Apache-2.0
#include <cmath>

#include "report/facts.h"
#include "report/quantity.h"
#include "report/screen.h"
#include "report/words.h"

namespace steadfast::report {
namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }

// Rounded up: "0 s left" would say that it is over.
std::string seconds(double value) { return number(static_cast<std::uint64_t>(std::ceil(value))) + " s"; }

std::string what_ends(const PendingChange& pending) {
  if (pending.automatic)
    return "confirmed by itself in " + seconds(pending.seconds_left) + " unless it does harm; then back to " +
           number(pending.previous);
  return seconds(pending.seconds_left) + " left, then back to " + number(pending.previous) +
         " by itself: steadfast confirm keeps it, steadfast cancel undoes it";
}

std::string canary(const PendingChange& pending) {
  if (pending.stage == 0) return "";
  return percent(pending.share) + " of new flows, stage " + number(pending.stage) + " of " +
         number(pending.stages);
}

void add_pending(const PendingChange& pending, Facts& facts) {
  facts.add("pending", what_ends(pending), Colour::yellow);
  facts.add("canary", canary(pending), Colour::yellow);
  facts.add("reason", pending.reason);
}

std::string timer(const Status& status) {
  const std::string state = status.timer_alive ? "ticks" : "stands still: nothing goes back by itself";
  return status.timer_restarts == 0 ? state
                                    : state + ", restarted " + count(status.timer_restarts) + " times";
}

std::string fallbacks(const Status& status) {
  return status.fallbacks == 0 ? "" : count(status.fallbacks) + " times the kernel went back by itself";
}

// A generation that nobody has confirmed yet is told apart from the one that stays.
std::string confirmed(const Status& status) {
  return status.confirmed == 0 || status.confirmed == status.generation ? "" : number(status.confirmed);
}

std::string frozen(const Status& status) {
  return status.health_frozen.empty()
             ? ""
             : "frozen for " + duration(static_cast<std::uint64_t>(status.health_frozen_s)) + " (" +
                   status.health_frozen + "): the cause is on this host, and backends stay as they are";
}

std::string incidents(const IncidentStatus& incidents) {
  return incidents.open == 0 ? "" : number(incidents.open) + " open: steadfast incidents shows them";
}

void add_kernel(const Status& status, Facts& facts) {
  facts.add("engine", status.engine + (status.xdp_mode.empty() ? "" : ", XDP " + status.xdp_mode));
  facts.add("interfaces", join(status.interfaces));
  facts.add("slot", number(status.slot));
  facts.add("timer", timer(status), status.timer_alive ? Colour::none : Colour::red);
  facts.add("fallbacks", fallbacks(status), Colour::yellow);
  const std::size_t unresolved = status.unresolved_next_hops;
  facts.add("next hops", unresolved == 0 ? "all resolved" : count(unresolved) + " unresolved",
            unresolved == 0 ? Colour::none : Colour::red);
  facts.add("memory", bytes(status.memory_bytes));
}

}  // namespace

std::string status_screen(const Status& status, bool colour) {
  Facts facts(colour);
  for (const auto& alert : status.alerts) facts.add("ALERT", alert, Colour::red);
  facts.add("generation",
            status.generation == 0 ? "none: nothing has been applied" : number(status.generation));
  if (status.pending) add_pending(*status.pending, facts);
  facts.add("incidents", incidents(status.incidents), Colour::red);
  facts.add("health", frozen(status), Colour::red);
  facts.add("confirmed", confirmed(status));
  facts.add("applied", status.applied_at.empty() ? "" : status.applied_at + " by " + or_dash(status.author));
  facts.add("file", status.file);
  facts.add("digest", status.digest);
  facts.add("last change", status.last_apply_verdict, change_went_wrong(status) ? Colour::red : Colour::none);
  add_kernel(status, facts);
  facts.add("uptime", duration(status.uptime_s));
  return facts.text();
}

}  // namespace steadfast::report
