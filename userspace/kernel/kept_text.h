// SPDX-License-Identifier: Apache-2.0
// KeptText: the configuration that a generation was made of, kept by the kernel
// beside its tables. Whoever loses the state directory finds here what runs.
//
// Must not enter: the tables, what the text means.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace steadfast {

struct KeptText {
  std::uint64_t number = 0;
  std::string file;  // its name
  std::string text;
};

// Pinned below `pins`, one map per generation.
Result<void> keep_text(const std::filesystem::path& pins, const KeptText& kept);
// None when it is not there, or damaged.
std::optional<KeptText> kept_text(const std::filesystem::path& pins, std::uint64_t number);
void forget_texts_but(const std::filesystem::path& pins, std::uint64_t number);

}  // namespace steadfast
