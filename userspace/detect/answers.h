// SPDX-License-Identifier: Apache-2.0
// Answers (T3): whether users' handshakes with a whole service are completed as they
// were, over windows of ten seconds. Backends of one pool are compared with each other
// (health/silence.h), which says nothing when all fall silent at once: another tunnel
// than they open, a way back that is gone.
//
// Fewer must be completed than usual, in number and as a share, of about as many: a
// flood lowers only the share, a quiet night the number, and a scanner in it both.
//
// Must not enter: which backend it is; what follows.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "detect/second.h"
#include "detect/sign.h"

namespace steadfast::detect {

class Answers {
 public:
  // Rows are of others now; what is usual for a service stays.
  void begin_anew();
  std::vector<Sign> take(const Second& second, const Scene& scene);

 private:
  struct Handshakes {
    double tried = 0, completed = 0;
  };
  struct Watched {
    Handshakes counted, usual;  // of a second
    double known_s = 0;
    double fallen_since_s = 0;  // 0: it has not
    Handshakes fallen;
  };

  static Handshakes counted(const SceneService& service, const Second& second);
  static void look_at(Watched& watched, const Handshakes& window, double began_s, double length_s);
  static Sign sign(const Watched& watched, const SceneService& service, const std::string& endpoint);

  std::map<std::string, Watched> services_;  // by endpoint
  double began_s_ = 0;                       // of the window; 0: none has begun
};

}  // namespace steadfast::detect
