// SPDX-License-Identifier: Apache-2.0
// Facts: lines of a name and a value, the values in one column.
//
// Must not enter: which facts there are (screen.cc, status_screen.cc).
#pragma once

#include <string>

#include "report/table.h"

namespace steadfast::report {

class Facts {
 public:
  explicit Facts(bool colour) : colour_(colour) {}
  // A fact without a value is left out.
  void add(const std::string& name, const std::string& value, Colour paint_as = Colour::none) {
    if (value.empty()) return;
    text_ += paint(name, Colour::bold, colour_) +
             std::string(name.size() < kColumn ? kColumn - name.size() : 1, ' ') +
             paint(value, paint_as, colour_) + "\n";
  }
  const std::string& text() const { return text_; }

 private:
  static constexpr std::size_t kColumn = 15;
  bool colour_;
  std::string text_;
};

}  // namespace steadfast::report
