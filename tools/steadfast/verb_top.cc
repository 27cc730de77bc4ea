// SPDX-License-Identifier: Apache-2.0
#include <csignal>

#include "report/top.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"
#include "tools/steadfast/top_reader.h"
#include "tools/steadfast/top_terminal.h"

namespace steadfast::cli {
namespace {

constexpr int kRefreshMs = 200;

// What is on the screen, and what it is made of.
class Top {
 public:
  Top(TopTerminal& terminal, const std::string& socket, report::TopSample first)
      : terminal_(terminal), reader_(socket), now_(std::move(first)) {}

  void run() {
    TopTerminal::Input input;
    while (!input.quits) {
      take_news();
      const auto screen = report::top_screen(before_, now_, choice_, terminal_.size());
      terminal_.show(screen);
      input = terminal_.wait(kRefreshMs);
      if (input.key) choice_ = report::after_key(choice_, *input.key, screen);
      reader_.show(choice_.table);
    }
  }

 private:
  // Without an answer the last figures stay, and the screen says so.
  void take_news() {
    auto news = reader_.newer();
    if (!news) return;
    if (*news) {
      before_ = std::move(now_);
      now_ = std::move(**news);
    } else {
      now_.problem = news->error().what;
    }
  }

  TopTerminal& terminal_;
  TopReader reader_;
  report::TopSample before_;
  report::TopSample now_;
  report::TopChoice choice_;
};

}  // namespace

int run_top(const Arguments&, Terminal& terminal) {
  auto first = read_top(terminal.control, report::TopTable::services);
  if (!first) return fail(first.error(), terminal);
  {
    auto opened = TopTerminal::open();
    if (!opened) return fail(opened.error(), terminal);
    Top(**opened, terminal.control, std::move(*first)).run();
  }
  // As whoever sent the signal expects, with the terminal as it was.
  if (const int signal = TopTerminal::ended_by(); signal != 0) std::raise(signal);
  return kOk;
}

}  // namespace steadfast::cli
