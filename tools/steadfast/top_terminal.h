// SPDX-License-Identifier: Apache-2.0
// TopTerminal: the whole terminal for `top`, and back as it was: on quitting, on an
// error, and when a signal ends the program.
//
// Must not enter: what is shown (report/top.h), the terminal library's own names.
#pragma once

#include <memory>

#include "base/result.h"
#include "report/top.h"

namespace steadfast::cli {

class TopTerminal {
 public:
  // One at a time. An Error where there is no terminal, or one that is not known.
  static Result<std::unique_ptr<TopTerminal>> open();
  TopTerminal(const TopTerminal&) = delete;
  TopTerminal& operator=(const TopTerminal&) = delete;
  ~TopTerminal();

  report::TopSize size() const;
  void show(const report::TopScreen& screen);

  struct Input {
    bool quits = false;
    std::optional<report::TopKey> key;  // none: time has passed, or the size is another one
  };
  Input wait(int patience_ms);

  // The signal that asked for the end; 0 = none did.
  static int ended_by();

 private:
  TopTerminal() = default;
};

}  // namespace steadfast::cli
