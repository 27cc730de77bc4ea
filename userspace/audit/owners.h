// SPDX-License-Identifier: Apache-2.0
// Owners: which object of the file a row of the tables belongs to. A row that is
// nobody's belongs to whom it speaks of, or to the host.
//
// Must not enter: comparing (tables.h).
#pragma once

#include <cstdint>
#include <string>

#include "audit/tables.h"

namespace steadfast::audit {

struct Owner {
  std::string object = "host";
  Place place;
};

Owner owner_of_service(const Written& written, std::uint64_t id);
Owner owner_of_backend(const Written& written, std::uint64_t id);
// The service whose sources or server ids stand in this row of sf_ranges.
Owner owner_of_range(const Written& written, std::uint32_t row);

}  // namespace steadfast::audit
