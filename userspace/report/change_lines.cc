// SPDX-License-Identifier: Apache-2.0
#include "report/change_lines.h"

#include <algorithm>
#include <array>

#include "report/quantity.h"
#include "report/table.h"

namespace steadfast::report {
namespace {

struct Look {
  const char* sign;
  Colour colour;
};

Look look(ChangeKind kind) {
  constexpr std::array<Look, 3> kLooks{{{"+", Colour::green}, {"-", Colour::red}, {"~", Colour::yellow}}};
  return kLooks.at(static_cast<std::size_t>(kind));
}

// What is gone stands in the old file alone.
std::string where(const ObjectChange& change, const Sides& sides) {
  const bool gone = change.kind == ChangeKind::removed;
  const Place place = gone ? change.before : change.after;
  if (!place) return "";
  return "  " + (gone ? sides.before : sides.after) + ":" + std::to_string(place.line);
}

std::string value(const std::string& literal) { return literal.empty() ? "(not there)" : literal; }

std::string lines_of(const ObjectChange& change, const Sides& sides, bool colour) {
  const Look seen = look(change.kind);
  std::string text =
      paint(std::string(seen.sign) + " " + change.object, seen.colour, colour) + where(change, sides) + "\n";
  for (const FieldChange& field : change.fields)
    text += "    " + field.key + ": " + value(field.before) + " -> " + value(field.after) + "\n";
  return text;
}

}  // namespace

std::string change_lines(const std::vector<ObjectChange>& objects, const Sides& sides, std::size_t most,
                         bool colour) {
  if (objects.empty()) return "no object changes\n";
  const std::size_t shown = std::min(most, objects.size());
  std::string text;
  for (std::size_t i = 0; i < shown; ++i) text += lines_of(objects[i], sides, colour);
  if (shown < objects.size())
    text += "… and " + count(objects.size() - shown) + " more (--json lists them)\n";
  return text;
}

}  // namespace steadfast::report
