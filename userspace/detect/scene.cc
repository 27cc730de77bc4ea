// SPDX-License-Identifier: Apache-2.0
#include "detect/scene.h"

#include <algorithm>

namespace steadfast::detect {

const SceneBackend* Scene::find(const SceneService& service, const std::string& backend) const {
  const auto first = backends.begin() + static_cast<std::ptrdiff_t>(service.first_backend);
  const auto end = first + static_cast<std::ptrdiff_t>(service.backends);
  const auto found = std::find_if(first, end, [&](const SceneBackend& one) { return one.object == backend; });
  return found == end ? nullptr : &*found;
}

std::string Scene::endpoint_of(const std::string& backend) const {
  const auto found = std::find_if(services.begin(), services.end(),
                                  [&](const auto& one) { return find(one.second, backend) != nullptr; });
  return found == services.end() ? std::string() : found->first;
}

bool Scene::has_rows_of(const Scene& other) const {
  const auto is_same = [](const auto& a, const auto& b) {
    return a.first == b.first && a.second.first_backend == b.second.first_backend &&
           a.second.backends == b.second.backends;
  };
  return std::equal(services.begin(), services.end(), other.services.begin(), other.services.end(),
                    is_same) &&
         std::equal(backends.begin(), backends.end(), other.backends.begin(), other.backends.end(),
                    [](const SceneBackend& a, const SceneBackend& b) { return a.object == b.object; });
}

}  // namespace steadfast::detect
