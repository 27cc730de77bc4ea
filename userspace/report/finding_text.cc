// SPDX-License-Identifier: Apache-2.0
#include "report/finding_text.h"

#include <algorithm>

#include "config/lines.h"
#include "config/statements.h"
#include "report/table.h"

namespace steadfast::report {
namespace {

Colour colour_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return Colour::red;
    case Severity::gate:
    case Severity::warn:
      return Colour::yellow;
    case Severity::note:
      return Colour::faint;
  }
  return Colour::none;
}

std::string position(const std::string& file, Place place) {
  if (!place) return file;
  return file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

// A finding about the words of a command has no file, only the object they name.
std::string where(const Finding& finding) {
  if (finding.file.empty()) return finding.object;
  return position(finding.file, finding.place) + "  " + finding.object;
}

// A terminal must not obey what stands in a file.
std::string printable(std::string_view line) {
  std::string out(line);
  std::replace_if(
      out.begin(), out.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }, '?');
  return out;
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

// What the caret underlines: a string with its quotes, or a word.
std::size_t width_at(std::string_view text, std::size_t at, std::size_t line_end) {
  if (at >= line_end) return 1;
  std::size_t end = at;
  if (text[at] == '"' || text[at] == '\'') {
    end = std::min(config::skip_string(text, at), line_end);
  } else {
    end = std::min(text.find_first_of(" \t\r\n,]}#=", at), line_end);
  }
  return std::max<std::size_t>(1, characters(text.substr(at, end - at)));
}

// Tabs stay tabs, so that the caret stands below its column on any terminal.
std::string indent_to(std::string_view line, std::size_t bytes) {
  std::string indent;
  for (const char c : line.substr(0, bytes))
    if ((static_cast<unsigned char>(c) & 0xc0) != 0x80) indent += c == '\t' ? '\t' : ' ';
  return indent;
}

class Page {
 public:
  Page(std::string_view source, bool colour) : source_(source), lines_(source), colour_(colour) {}

  void add(const Finding& finding) {
    if (!out_.empty()) out_ += '\n';
    const std::string head = std::string(name(finding.severity)) + " " + finding.code;
    out_ += paint(head, colour_of(finding.severity), colour_) + ": " + finding.message + "\n";
    out_ += "  " + paint("at", Colour::faint, colour_) + " " + where(finding) + "\n";
    excerpt(finding.place, colour_of(finding.severity));
    for (const Related& related : finding.related) {
      out_ += "  " + paint("see", Colour::faint, colour_) + " " + position(finding.file, related.place) +
              ": " + related.message + "\n";
    }
    if (!finding.fix.empty()) out_ += "  " + paint("fix", Colour::faint, colour_) + " " + finding.fix + "\n";
  }

  std::string take() { return std::move(out_); }

 private:
  void excerpt(Place place, Colour colour) {
    if (!place || source_.empty() || place.line > lines_.count()) return;
    const std::string_view line = lines_.line(place.line);
    const std::size_t begin = lines_.begin(place.line);
    const std::size_t at = lines_.offset(place);
    const std::string number = std::to_string(place.line);
    const std::string carets(width_at(source_, at, begin + line.size()), '^');
    out_ += "  " + number + " | " + printable(line) + "\n";
    out_ += "  " + std::string(number.size(), ' ') + " | " + indent_to(line, at - begin) +
            paint(carets, colour, colour_) + "\n";
  }

  std::string_view source_;
  config::Lines lines_;
  bool colour_;
  std::string out_;
};

std::string plural(unsigned number, const std::string& noun) {
  return std::to_string(number) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace

std::string render_findings(const Findings& findings, std::string_view source_text, bool colour) {
  Page page(source_text, colour);
  for (const Finding& finding : findings) page.add(finding);
  return page.take();
}

std::string summary(const Tally& tally) {
  std::string text;
  const auto add = [&](unsigned number, const std::string& noun) {
    if (number != 0) text += (text.empty() ? "" : ", ") + plural(number, noun);
  };
  add(tally.errors, "error");
  add(tally.gates, "gate");
  add(tally.warnings, "warning");
  add(tally.notes, "note");
  return text.empty() ? "no findings" : text;
}

}  // namespace steadfast::report
