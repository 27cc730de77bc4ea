// SPDX-License-Identifier: Apache-2.0
// TopReader: asks the daemon for what `top` shows, beside the keyboard: a daemon that
// takes its time must not keep anybody from quitting.
//
// Must not enter: terminals.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "report/top_tables.h"

namespace steadfast::cli {

Result<report::TopSample> read_top(const std::string& socket, report::TopTable table);

class TopReader {
 public:
  explicit TopReader(std::string socket);
  TopReader(const TopReader&) = delete;
  TopReader& operator=(const TopReader&) = delete;
  ~TopReader();  // does not wait for an answer

  // Another table is another question, asked at once.
  void show(report::TopTable table);
  // What has come since the last call, if anything.
  std::optional<Result<report::TopSample>> newer();

 private:
  struct Shared;
  std::shared_ptr<Shared> shared_;
};

}  // namespace steadfast::cli
