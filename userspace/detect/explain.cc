// SPDX-License-Identifier: Apache-2.0
#include "detect/explain.h"

#include <string_view>

namespace steadfast::detect {
namespace {

constexpr double kHardly = 0.02, kPartly = 0.5;

bool is_backend(std::string_view object) { return object.starts_with("backend/"); }
bool is_service(std::string_view object) { return object.starts_with("service/"); }

bool is_refusal(std::string_view verdict) {
  return verdict == "source_denied" || verdict == "source_not_allowed" || verdict == "new_flow_limited";
}

}  // namespace

Explanation::Explanation(const Sign& sign, const Scene& scene) : sign_(sign), scene_(scene) {
  const auto found = scene.services.find(sign.endpoint);
  if (found == scene.services.end()) return;
  service_ = &found->second;
  for (std::size_t i = 0; i < service_->backends; ++i) {
    const SceneBackend& one = scene.backends[service_->first_backend + i];
    if (one.ring_share == 0) gone_.insert(one.object);
    if (one.has_next_hop || one.ring_share == 0) continue;
    unreachable_.push_back(&one);
    unreachable_share_ += one.ring_share;
  }
}

const SceneBackend* Explanation::backend(const std::string& object) const {
  return service_ == nullptr ? nullptr : scene_.find(*service_, object);
}

void Explanation::consider(const std::string& object) {
  if (is_backend(object) && backend(object) == nullptr) gone_.insert(object);
}

double Explanation::by_unreachable(const std::string& object) const {
  const SceneBackend* one = backend(object);
  if (one == nullptr) return is_backend(object) ? kHardly : kPartly;
  return one->has_next_hop || unreachable_share_ == 0 ? kHardly : one->ring_share / unreachable_share_;
}

double Explanation::by_silent(const std::string& object) const {
  if (object == sign_.object) return 1;
  if (is_backend(sign_.object) || is_service(object)) return kHardly;
  const SceneBackend* one = backend(object);
  return one != nullptr ? one->ring_share : kPartly;
}

double Explanation::by_gone(const std::string& object) const {
  if (!is_backend(object)) return kPartly;
  return gone_.contains(object) ? 1 / static_cast<double>(gone_.size()) : kHardly;
}

std::optional<double> Explanation::by(const std::string& object) const {
  if (sign_.detector == "T3") return by_silent(object);
  if (is_refusal(sign_.verdict)) return is_service(object) ? 1 : kHardly;
  if (sign_.detector == "T2") return kHardly;
  if (sign_.verdict == "no_next_hop" && !unreachable_.empty()) return by_unreachable(object);
  if (sign_.verdict == "no_backend") return by_gone(object);
  return std::nullopt;
}

// The host and its interfaces are behind all services, and no packet is lost where none comes in.
double Explanation::by_drift(const std::string& object) const {
  if (is_elsewhere(object)) return kHardly;
  const bool is_interface = object.starts_with("interface/");
  if (is_interface || object == "host") {
    if (is_backend(sign_.object)) return kHardly;
    return is_interface && sign_.by_configuration ? kPartly : 1;
  }
  const double part = by(object).value_or(1);
  return unreachable_share_ > 0 && is_backend(object) && part > kHardly ? 1 : part;
}

// Another service, or a backend or pool of other services alone.
bool Explanation::is_elsewhere(const std::string& object) const {
  if (object == sign_.object) return false;
  if (is_service(object)) return true;
  if (is_backend(object)) return backend(object) == nullptr || is_backend(sign_.object);
  return service_ != nullptr && object.starts_with("pool/") && object != service_->pool;
}

}  // namespace steadfast::detect
