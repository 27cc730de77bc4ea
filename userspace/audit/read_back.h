// SPDX-License-Identifier: Apache-2.0
// ReadBack: the rolling comparison of the tables. Every step looks at as many
// pieces as time has passed for, so that all of them are seen within kPass_s
// however often it is called, and a publication in between costs nothing.
//
// Must not enter: the clock (time is given), what is done about a difference.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "audit/tables.h"

namespace steadfast::audit {

// One pass; below the promised 10 s, so that a late step still keeps the promise.
inline constexpr double kPass_s = 8;
// Older than this the last whole pass says nothing any more (SF904).
inline constexpr double kTooOld_s = 60;

class ReadBack {
 public:
  struct Found {
    std::vector<Difference> differences;  // that were not there when last looked at
    double right_before_s = 0;            // seconds since the first of them was last seen right
  };

  // `revision` changes with everything that is published: it was read back then.
  Found step(const Memory& memory, const std::vector<Written>& written, std::uint64_t revision,
             std::uint64_t now_ns);
  // Everything at once, whatever is due.
  Found whole(const Memory& memory, const std::vector<Written>& written, std::uint64_t revision,
              std::uint64_t now_ns);

  // Everything has just been written anew, and read back.
  void forget_differences() { wrong_.clear(); }
  // Differences that were there when last looked at.
  std::vector<Difference> standing() const;
  // When the last whole pass ended; 0 = none yet.
  std::uint64_t whole_ns() const { return whole_ns_; }

 private:
  void begin(std::size_t pieces, std::uint64_t revision, std::uint64_t now_ns);
  void look(const Memory& memory, const std::vector<Written>& written, const Piece& piece, std::size_t at,
            std::uint64_t now_ns, Found& found);

  std::uint64_t revision_ = UINT64_MAX;
  std::size_t next_ = 0;
  std::uint64_t last_step_ns_ = 0;
  std::uint64_t whole_ns_ = 0;
  double credit_ = 0;                    // pieces that time has passed for
  std::vector<std::uint64_t> right_ns_;  // when each piece was last seen right
  std::map<std::size_t, std::vector<Difference>> wrong_;
};

}  // namespace steadfast::audit
