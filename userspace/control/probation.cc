// SPDX-License-Identifier: Apache-2.0
#include "control/probation.h"

#include <algorithm>
#include <cmath>

#include "base/bug.h"

namespace steadfast {
namespace {

constexpr double kNanosecondsPerSecond = 1e9;
// How much later than its own decision the daemon lets the kernel act: time for
// one flip on a busy machine.
constexpr double kMargin_s = 2;

std::uint64_t after(std::uint64_t now_ns, double seconds) {
  return now_ns + static_cast<std::uint64_t>(std::llround(seconds * kNanosecondsPerSecond));
}

}  // namespace

Probation::Probation(Confirmation confirmation, std::uint64_t now_ns)
    : confirmation_(std::move(confirmation)) {
  set_times(now_ns);
}

double Probation::share() const { return is_whole() ? 1 : confirmation_.canary[stage_].share; }

// A canary without a confirmation is final right after its last stage.
void Probation::set_times(std::uint64_t now_ns) {
  const double hold_s = is_whole() ? confirmation_.within_s : confirmation_.canary[stage_].hold_s;
  const bool daemon_acts = !is_whole() || confirms_itself();
  due_ns_ = daemon_acts ? after(now_ns, hold_s) : 0;
  deadline_ns_ = after(now_ns, hold_s + (daemon_acts ? kMargin_s : 0));
}

void Probation::next_stage(std::uint64_t now_ns) {
  invariant(!is_whole(), "after the last stage there is none");
  ++stage_;
  set_times(now_ns);
}

void Probation::extend(double more_s) {
  deadline_ns_ = after(deadline_ns_, more_s);
  if (due_ns_ != 0) due_ns_ = after(due_ns_, more_s);
}

void Probation::describe(PendingChange& pending, std::uint64_t now_ns) const {
  const std::uint64_t left = deadline_ns_ > now_ns ? deadline_ns_ - now_ns : 0;
  pending.seconds_left = static_cast<double>(left) / kNanosecondsPerSecond;
  pending.share = share();
  pending.stages = confirmation_.canary.size();
  pending.stage = is_whole() ? 0 : stage_ + 1;
  pending.automatic = confirms_itself();
}

}  // namespace steadfast
