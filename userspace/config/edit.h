// SPDX-License-Identifier: Apache-2.0
// Edit: an everyday change of one backend, made in the text of the file, so that
// comments, order and layout stay the operator's. Backends may stand as
// [[pool.backend]] blocks or in an inline list, backend = [ { … } ].
//
// Must not enter: files, judgement of the result (check/).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "config/finding.h"

namespace steadfast::config {

struct BackendChange {
  enum class Kind { add, set, drain, disable, undrain, remove };

  Kind kind = Kind::set;
  std::string pool;
  std::string name;
  std::optional<std::string> address;  // add needs it, set may
  std::optional<std::uint32_t> weight;
  std::optional<std::uint16_t> port;
};

// Either the new text, or the findings that refuse the change.
struct Edited {
  std::optional<std::string> text;
  Findings findings;
};

// Nothing but the named backend differs between `text` and the new text.
Edited edit_backend(const std::string& text, const std::string& file, const BackendChange& change);

}  // namespace steadfast::config
