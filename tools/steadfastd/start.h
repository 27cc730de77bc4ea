// SPDX-License-Identifier: Apache-2.0
// Start: which configuration the daemon begins with. A generation that was
// confirmed outlives the file, so that a restart never changes where packets go;
// one that brought the daemon down twice in a minute is left for the one before.
// What the kernel runs is never exchanged for a file because a journal is gone.
//
// Must not enter: making it run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "journal/journal.h"
#include "journal/life.h"
#include "kernel/kept_text.h"

namespace steadfast {

struct Start {
  std::string text;
  std::string file;
  std::uint64_t resumes = 0;        // a generation of the journal; 0 = the file
  std::string alert;                // why it is not the one that was confirmed last,
  std::uint64_t crashed = 0;        // which is this one
  std::optional<KeptText> unknown;  // the kernel runs this and the journal does not know it
};

struct StartWish {
  std::string config;
  bool from_file = false;
  std::uint64_t confirmed_in_kernel = 0;  // 0: no tables are there
  std::optional<KeptText> kept = {};      // by the kernel, of that generation
  double now_s = 0;                       // Unix time
};

Result<Start> choose_start(const Journal& journal, const Life& life, const StartWish& wish);

}  // namespace steadfast
