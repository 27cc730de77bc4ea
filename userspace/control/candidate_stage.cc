// SPDX-License-Identifier: Apache-2.0
#include "control/candidate_stage.h"

#include "base/bug.h"

namespace steadfast {

Result<rehearsal::Scene> CandidateStage::set(const Model& model) {
  candidate_.reset();
  auto prepared = deployment_.prepare(model, generation_, hops_);
  if (!prepared) return prepared.error();
  compile_ms_ += prepared->compile_ms;
  auto candidate = deployment_.write(std::move(*prepared));
  if (!candidate) return candidate.error();
  write_ms_ += candidate->times.write_ms;
  candidate_ = std::move(*candidate);
  return scene(model);
}

Result<rehearsal::Scene> CandidateStage::scene(const Model& model) const {
  invariant(candidate_.has_value(), "a stage has a scene once something was set");
  const Running& next = candidate_->prepared.next;
  return rehearsal::Scene{&model, &next.tables, &next.next_hops};
}

Result<Answer> CandidateStage::run(std::span<const std::uint8_t> frame) {
  invariant(candidate_.has_value(), "a stage shows something before it is asked");
  return deployment_.ask(*candidate_, frame);
}

}  // namespace steadfast
