// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/top_terminal.h"

#define NCURSES_NOMACROS 1
#include <ncurses.h>
#include <unistd.h>

#include <array>
#include <clocale>
#include <csignal>
#include <cstdlib>

namespace steadfast::cli {
namespace {

using report::Colour;
using report::TopKey;

constexpr std::array kEndingSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
constexpr short kDefaultColour = -1;

volatile std::sig_atomic_t ending_signal = 0;
void note_signal(int number) { ending_signal = number; }

struct KeyName {
  int code;
  TopKey key;
};
constexpr KeyName kKeys[] = {
    {KEY_UP, TopKey::up},
    {'k', TopKey::up},
    {KEY_DOWN, TopKey::down},
    {'j', TopKey::down},
    {KEY_PPAGE, TopKey::page_up},
    {KEY_NPAGE, TopKey::page_down},
    {' ', TopKey::page_down},
    {KEY_HOME, TopKey::first},
    {'g', TopKey::first},
    {KEY_END, TopKey::last},
    {'G', TopKey::last},
    {'\t', TopKey::next_table},
    {KEY_RIGHT, TopKey::next_table},
    {KEY_BTAB, TopKey::previous_table},
    {KEY_LEFT, TopKey::previous_table},
    {'s', TopKey::sort},
};

// Without SA_RESTART, so that waiting for a key ends. Before the library's own
// handlers, which it installs only where there are none.
void catch_signals(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  for (const int number : kEndingSignals) sigaction(number, &action, nullptr);
}

void define_colours() {
  if (!has_colors()) return;
  start_color();
  use_default_colors();
  init_pair(static_cast<short>(Colour::red), COLOR_RED, kDefaultColour);
  init_pair(static_cast<short>(Colour::yellow), COLOR_YELLOW, kDefaultColour);
  init_pair(static_cast<short>(Colour::green), COLOR_GREEN, kDefaultColour);
}

attr_t attributes(const report::TopPiece& piece) {
  const attr_t base = piece.reverse ? A_REVERSE : A_NORMAL;
  switch (piece.colour) {
    case Colour::none:
      return base;
    case Colour::bold:
      return base | A_BOLD;
    case Colour::faint:
      return base | A_DIM;
    default:
      return base | A_BOLD;  // on a terminal without colours this has to do
  }
}

short colour_pair(const report::TopPiece& piece) {
  const bool is_colour =
      piece.colour == Colour::red || piece.colour == Colour::yellow || piece.colour == Colour::green;
  return is_colour && has_colors() ? static_cast<short>(piece.colour) : short{0};
}

}  // namespace

Result<std::unique_ptr<TopTerminal>> TopTerminal::open() {
  const char* const named = std::getenv("TERM");
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0)
    return Error{"top needs a terminal; status and show print once"};
  std::setlocale(LC_ALL, "");
  catch_signals(note_signal);
  if (newterm(nullptr, stdout, stdin) == nullptr)
    return Error{std::string("top: no terminal of the kind \"") + (named != nullptr ? named : "") +
                 "\" is known here (TERM)"};
  cbreak();
  noecho();
  keypad(stdscr, true);
  curs_set(0);
  define_colours();
  return std::unique_ptr<TopTerminal>(new TopTerminal());
}

TopTerminal::~TopTerminal() {
  endwin();
  catch_signals(SIG_DFL);
}

report::TopSize TopTerminal::size() const {
  return {static_cast<std::size_t>(getmaxx(stdscr)), static_cast<std::size_t>(getmaxy(stdscr))};
}

void TopTerminal::show(const report::TopScreen& screen) {
  werase(stdscr);
  for (std::size_t line = 0; line < screen.lines.size(); line++) {
    wmove(stdscr, static_cast<int>(line), 0);
    for (const report::TopPiece& piece : screen.lines[line]) {
      wattr_set(stdscr, attributes(piece), colour_pair(piece), nullptr);
      waddnstr(stdscr, piece.text.c_str(), -1);
    }
  }
  wrefresh(stdscr);
}

TopTerminal::Input TopTerminal::wait(int patience_ms) {
  wtimeout(stdscr, patience_ms);
  const int code = wgetch(stdscr);
  if (ending_signal != 0 || code == 'q' || code == 'Q') return {true, {}};
  for (const auto& [known, key] : kKeys)
    if (known == code) return {false, key};
  return {};
}

int TopTerminal::ended_by() { return ending_signal; }

}  // namespace steadfast::cli
