// SPDX-License-Identifier: Apache-2.0
// SealedPlan: a plan as `plan -o` writes it: the configuration, what it was
// planned against, and a seal over all of it. It can be applied to that base and
// to no other, and not after somebody has touched the file.
//
// Must not enter: I/O, and secrets: the seal tells accidents and edits, not forgers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace steadfast {

struct SealedPlan {
  std::uint64_t base_generation = 0;
  std::string base_digest;  // hex SHA-256 of the running file's bytes
  std::string file;         // name of the configuration file
  std::string digest;       // hex SHA-256 of `text`
  std::string text;         // the configuration, byte for byte
  std::string made_at;      // RFC 3339
  std::string author;
  std::string summary;  // the sentence that the operator saw
};

// JSON with the key "steadfast_plan" first.
std::string seal(const SealedPlan& plan);
// True for text that claims to be a sealed plan; a configuration never does.
bool looks_sealed(std::string_view text);
// An Error when the seal is broken or a key is missing.
Result<SealedPlan> unseal(std::string_view text);

}  // namespace steadfast
