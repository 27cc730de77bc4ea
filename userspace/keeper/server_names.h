// SPDX-License-Identifier: Apache-2.0
// ServerNames: what the servers of a pool call themselves, and who does not belong:
// one that answers in another name than most of its pool is an older version, or
// somebody else's machine. Only checks that hear a name tell one (HTTP, HTTPS).
//
// Must not enter: what is done about it; probing.
#pragma once

#include <map>
#include <string>

#include "model/model.h"

namespace steadfast {

class ServerNames {
 public:
  // An empty identity says nothing: the one before stands.
  void note(const std::string& pool, const std::string& backend, const std::string& identity);
  // Those of backends that the model does not have are forgotten.
  void adopt(const Model& model);
  // "answers as nginx/1.18.0, 4 of 5 in its pool as nginx/1.22.1"; empty when it answers
  // as most do, or when there is no most: more than half of at least three.
  std::string difference(const std::string& pool, const std::string& backend) const;

 private:
  std::map<std::string, std::map<std::string, std::string>> pools_;  // by backend
};

}  // namespace steadfast
