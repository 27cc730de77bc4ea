// SPDX-License-Identifier: Apache-2.0
// Owners: the object each line of a file belongs to, told from the headers and
// names around it, so that a fault of the text itself can name who suffers.
//
// Must not enter: values other than names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/statements.h"

namespace steadfast::config {

class Owners {
 public:
  Owners(std::string_view text, const std::vector<Statement>& statements);

  // "service/web", "backend/web/web-01", "pool/#2" where the name cannot be read;
  // "file" above every header and for tables that are no objects.
  std::string at(std::uint32_t line) const;

 private:
  std::vector<std::pair<std::uint32_t, std::string>> headers_;  // line → owner, in order
};

}  // namespace steadfast::config
