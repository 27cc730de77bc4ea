// SPDX-License-Identifier: Apache-2.0
// CandidateStage: rehearsals on the very engine that forwards, in a slot that no
// packet uses. What it shows last is what may go live.
//
// Must not enter: which tests are played (rehearsal/runner.h).
#pragma once

#include <optional>

#include "control/deployment.h"
#include "rehearsal/stage.h"

namespace steadfast {

class CandidateStage final : public rehearsal::Stage {
 public:
  // `hops`: of every backend that any model to be shown names.
  CandidateStage(Deployment& deployment, std::uint64_t generation, NextHops hops)
      : deployment_(deployment), generation_(generation), hops_(std::move(hops)) {}

  Result<rehearsal::Scene> set(const Model& model) override;
  Result<Answer> run(std::span<const std::uint8_t> frame) override;

  // Of what set() showed last, which was `model`.
  Result<rehearsal::Scene> scene(const Model& model) const;
  std::optional<Deployment::Candidate>& candidate() { return candidate_; }
  // Over everything that was shown.
  double compile_ms() const { return compile_ms_; }
  double write_ms() const { return write_ms_; }

 private:
  Deployment& deployment_;
  std::uint64_t generation_;
  NextHops hops_;
  std::optional<Deployment::Candidate> candidate_;
  double compile_ms_ = 0, write_ms_ = 0;
};

}  // namespace steadfast
