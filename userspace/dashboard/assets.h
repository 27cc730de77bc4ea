// SPDX-License-Identifier: Apache-2.0
// Assets: the files of the dashboard as they lie in the binary.
//
// Must not enter: HTTP; anything that is only known at run time.
#pragma once

#include <span>
#include <string_view>

namespace steadfast::dashboard {

struct Asset {
  std::string_view path;  // as the browser asks for it
  std::string_view content_type;
  std::string_view body;
};

std::span<const Asset> assets();
const Asset* find_asset(std::string_view path);  // nullptr when there is none

// What the page may load and run: only what the daemon itself serves.
inline constexpr char kContentPolicy[] =
    "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'";

}  // namespace steadfast::dashboard
