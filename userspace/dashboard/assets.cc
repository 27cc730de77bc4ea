// SPDX-License-Identifier: Apache-2.0
#include "dashboard/assets.h"

#include <algorithm>
#include <array>

#include "dashboard/asset_list.h"

extern "C" {
#define X(symbol, path, file, type) extern const char steadfast_asset_##symbol, steadfast_asset_end_##symbol;
SF_ASSETS(X)
#undef X
}

namespace steadfast::dashboard {

std::span<const Asset> assets() {
  static const std::array kAssets{
#define X(symbol, path, file, type) \
  Asset{path, type, {&steadfast_asset_##symbol, &steadfast_asset_end_##symbol}},
      SF_ASSETS(X)
#undef X
  };
  return kAssets;
}

const Asset* find_asset(std::string_view path) {
  const auto all = assets();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Asset& asset) { return asset.path == path; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace steadfast::dashboard
