// SPDX-License-Identifier: Apache-2.0
// Balancer: the daemon's one object that changes anything. It owns the running
// generation and takes every change down the same path: check → compile → write
// a free slot → read back → flip → journal. One change at a time; a refused one
// leaves everything as it was.
//
// Must not enter: HTTP, JSON, terminals (control/server.h, report/).
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/frame.h"
#include "base/result.h"
#include "config/edit.h"
#include "config/finding.h"
#include "counters/snapshot.h"
#include "model/model.h"
#include "report/answer.h"

namespace steadfast {

// A gate accepted by name: "SF501:pool/web".
struct Acceptance {
  std::string code;
  std::string object;
};

struct Change {
  std::string text;    // the whole configuration file
  std::string file;    // its name, for places
  std::string sha256;  // hex digest of the bytes that were checked; empty = not given
  std::string author;
  std::string reason;
  std::vector<Acceptance> accepted;
};

enum class Verdict {
  applied,    // running
  unchanged,  // the same bytes already run
  refused,    // an error finding
  gated,      // only gates stand in the way
  failed,     // the world refused (kernel, disk): nothing changed
};
std::string_view name(Verdict verdict);

struct Outcome {
  Verdict verdict = Verdict::failed;
  std::uint64_t generation = 0;  // the one that runs now
  Findings findings;
  std::string error;  // for `failed`
  double check_ms = 0, compile_ms = 0, write_ms = 0, flip_us = 0, total_ms = 0;
};

// An everyday edit of one backend, made in the text so that comments stay.
struct BackendEdit : config::BackendChange {
  std::string author;
  std::string reason;
  std::vector<Acceptance> accepted;
};

class Balancer {
 public:
  virtual ~Balancer() = default;
  virtual Outcome apply(const Change& change) = 0;
  virtual Outcome edit(const BackendEdit& edit) = 0;
  // `to` = 0: the generation before the running one.
  virtual Outcome rollback(std::uint64_t to, const std::string& author, const std::string& reason) = 0;
  virtual Status status() const = 0;
  virtual Result<Snapshot> snapshot() = 0;
  virtual std::string config_text() const = 0;
  virtual std::string config_file() const = 0;
  virtual std::vector<GenerationInfo> generations() const = 0;
  // The dry twin's answer for one frame.
  virtual Result<TraceAnswer> trace(const Frame& frame) = 0;
};

}  // namespace steadfast
