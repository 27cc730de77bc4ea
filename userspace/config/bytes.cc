// SPDX-License-Identifier: Apache-2.0
#include "config/bytes.h"

#include <algorithm>
#include <string>
#include <utility>

#include "config/lines.h"
#include "config/schema_rules.h"
#include "config/statements.h"

namespace steadfast::config {
namespace {

constexpr std::string_view kBeginMark = "# steadfast:begin";
constexpr std::string_view kEndMark = "# steadfast:end";

// Length of the UTF-8 character at `at`; 0 when the bytes there are none.
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned lead = byte(at);
  if (lead < 0x80) return lead == 0 ? 0 : 1;
  if (lead >= 0xc2 && lead < 0xe0) return follows(at + 1) ? 2 : 0;
  if (lead >= 0xe0 && lead < 0xf0) {
    const unsigned next = byte(at + 1);
    const bool valid = !(lead == 0xe0 && next < 0xa0) && !(lead == 0xed && next >= 0xa0);
    return valid && follows(at + 1) && follows(at + 2) ? 3 : 0;
  }
  if (lead >= 0xf0 && lead < 0xf5) {
    const unsigned next = byte(at + 1);
    const bool valid = !(lead == 0xf0 && next < 0x90) && !(lead == 0xf4 && next >= 0x90);
    return valid && follows(at + 1) && follows(at + 2) && follows(at + 3) ? 4 : 0;
  }
  return 0;
}

// Control characters other than tabs and line ends: no TOML, and no editor's doing.
bool is_control(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte == '\r') return at + 1 >= text.size() || text[at + 1] != '\n';
  return (byte < 0x20 && byte != '\t' && byte != '\n') || byte == 0x7f;
}

// What can be said of the bytes before anything is parsed.
class Bytes {
 public:
  Bytes(std::string_view text, Findings& findings) : text_(text), lines_(text), findings_(findings) {}

  Damage inspect() {
    find_foreign_bytes();
    if (text_.back() != '\n') {
      find_cut();
    } else {
      find_missing_end();
    }
    return std::move(damage_);
  }

 private:
  // One finding for each run of lines: damage comes in blocks.
  void find_foreign_bytes() {
    for (std::size_t at = 0; at < text_.size();) {
      if (at >= quoted_until_) quoted_until_ = quoted_end(at);
      const std::size_t length = character_length(text_, at);
      const bool in_place = length == 1 || (length > 1 && at < quoted_until_);
      if (in_place && !is_control(text_, at)) {
        at += length;
        continue;
      }
      const Place place = lines_.place(at);
      if (!damage_.lines.contains(place.line - 1)) report_byte(at, place);
      damage_.lines.insert(place.line);
      at = lines_.begin(place.line + 1);
    }
  }

  // Only strings and comments may hold more than ASCII. toml++ 3.3 takes some of
  // the rest for blanks and runs into undefined behaviour with others.
  std::size_t quoted_end(std::size_t at) const {
    if (text_[at] == '"' || text_[at] == '\'') return skip_string(text_, at);
    if (text_[at] == '#') return std::min(text_.find('\n', at), text_.size());
    return 0;
  }

  void report_byte(std::size_t at, Place place) {
    const char* what = "a byte that is not UTF-8";
    if (character_length(text_, at) > 1) what = "a character that may stand only in a string or comment";
    if (is_control(text_, at)) what = text_[at] == '\0' ? "a NUL byte" : "a control character";
    findings_.push_back(make(kBrokenFile, "file", place, std::string("the file holds ") + what));
  }

  void find_cut() {
    const std::uint32_t last = lines_.count();
    const Place place = lines_.place(text_.size());
    findings_.push_back(
        make(kBrokenFile, "file", place,
             "the file ends within line " + std::to_string(last) + ", without a newline: it is truncated"));
    damage_.lines.insert(last);
    damage_.cut = true;
  }

  void find_missing_end() {
    if (lines_.line(1) != kBeginMark) return;
    const std::uint32_t last = lines_.count();
    for (std::uint32_t line = 2; line < last; ++line)
      if (lines_.line(line) == kEndMark) return report_trailing(line, last);
    if (lines_.line(last) == kEndMark) return;
    findings_.push_back(make(kBrokenFile, "file", {last, 1},
                             "the file begins with \"" + std::string(kBeginMark) +
                                 "\" but does not end with \"" + std::string(kEndMark) +
                                 "\": it is truncated"));
    damage_.cut = true;
  }

  void report_trailing(std::uint32_t mark, std::uint32_t last) {
    findings_.push_back(make(kBrokenFile, "file", {mark + 1, 1},
                             "the file goes on behind \"" + std::string(kEndMark) + "\""));
    for (std::uint32_t line = mark + 1; line <= last; ++line) damage_.lines.insert(line);
  }

  std::string_view text_;
  Lines lines_;
  Findings& findings_;
  Damage damage_;
  std::size_t quoted_until_ = 0;
};

}  // namespace

Damage inspect_bytes(std::string_view text, Findings& findings) { return Bytes(text, findings).inspect(); }

}  // namespace steadfast::config
