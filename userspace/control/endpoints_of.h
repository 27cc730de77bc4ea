// SPDX-License-Identifier: Apache-2.0
// EndpointsOf: which services an object of a model acts on, looked up for as many objects
// as a change has.
//
// Must not enter: what a change does to them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "model/model.h"

namespace steadfast {

// Objects of a plan are named by what they are in: "backend/POOL/NAME", "pool/POOL",
// "service/NAME".
class EndpointsOf {
 public:
  explicit EndpointsOf(const Model& model) {
    for (const Service& service : model.services)
      for (const std::string& object :
           {std::string("host"), object_of(service), "pool/" + model.pool_of(service).name})
        endpoints_[object].insert(service.endpoint());
  }

  std::set<std::string> operator()(const std::string& object) const {
    const auto found = endpoints_.find(object.starts_with(kBackend) ? pool_of(object) : object);
    return found == endpoints_.end() ? std::set<std::string>() : found->second;
  }

 private:
  static constexpr std::string_view kBackend = "backend/";

  static std::string pool_of(const std::string& backend) {
    return "pool/" + backend.substr(kBackend.size(), backend.rfind('/') - kBackend.size());
  }

  std::map<std::string, std::set<std::string>> endpoints_;
};

}  // namespace steadfast
