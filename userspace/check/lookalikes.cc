// SPDX-License-Identifier: Apache-2.0
// Names that a tired reader takes for one another.
#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "check/rules.h"
#include "config/examples.h"

namespace steadfast::rules {
namespace {

// What looks like an ASCII letter and is none: digits, then Cyrillic and Greek.
constexpr std::array<std::pair<std::string_view, char>, 44> kGlyphs{{
    {"0", 'o'}, {"1", 'l'}, {"I", 'l'}, {"|", 'l'}, {"а", 'a'}, {"е", 'e'}, {"о", 'o'}, {"р", 'p'},
    {"с", 'c'}, {"у", 'y'}, {"х", 'x'}, {"і", 'i'}, {"ѕ", 's'}, {"ј", 'j'}, {"һ", 'h'}, {"ԁ", 'd'},
    {"А", 'a'}, {"В", 'b'}, {"Е", 'e'}, {"К", 'k'}, {"М", 'm'}, {"Н", 'h'}, {"О", 'o'}, {"Р", 'p'},
    {"С", 'c'}, {"Т", 't'}, {"Х", 'x'}, {"І", 'l'}, {"Ѕ", 's'}, {"Ј", 'j'}, {"ο", 'o'}, {"α", 'a'},
    {"ν", 'v'}, {"ρ", 'p'}, {"ι", 'i'}, {"κ", 'k'}, {"Α", 'a'}, {"Β", 'b'}, {"Ε", 'e'}, {"Ζ", 'z'},
    {"Ν", 'n'}, {"Ο", 'o'}, {"Ρ", 'p'}, {"Τ", 't'},
}};

std::string lower(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
  return out;
}

std::string glyphs(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const auto glyph = std::find_if(kGlyphs.begin(), kGlyphs.end(),
                                    [&](const auto& g) { return name.substr(0, g.first.size()) == g.first; });
    out += glyph == kGlyphs.end() ? name.front() : glyph->second;
    name.remove_prefix(glyph == kGlyphs.end() ? 1 : glyph->first.size());
  }
  return lower(out);
}

// The names of one scope; add() answers with an earlier one that looks the same.
class Names {
 public:
  struct Entry {
    std::string_view name;
    Place place;
  };

  const Entry* add(std::string_view name, Place place) {
    const auto [folded, new_case] = by_case_.try_emplace(lower(name), Entry{name, place});
    const auto [shaped, new_shape] = by_shape_.try_emplace(glyphs(name), Entry{name, place});
    if (!new_case && folded->second.name != name) return &folded->second;
    if (!new_shape && shaped->second.name != name) return &shaped->second;
    return nullptr;
  }

 private:
  std::unordered_map<std::string, Entry> by_case_;
  std::unordered_map<std::string, Entry> by_shape_;
};

void add(Names& names, std::string_view kind, const std::string& name, Place place, const std::string& object,
         Findings& findings) {
  const Names::Entry* twin = names.add(name, place);
  if (!twin) return;
  Finding finding = make(kLookalike.rule, object, place,
                         std::string(kind) + " \"" + name + "\" reads like " + std::string(kind) + " \"" +
                             std::string(twin->name) + "\"");
  finding.related.push_back({twin->place, "the other one"});
  findings.push_back(std::move(finding));
}

void find_lookalikes(const Context& context, Findings& findings) {
  Names services, pools;
  for (const Service& service : context.model().services)
    add(services, "service", service.name, service.place, object_of(service), findings);
  for (const Pool& pool : context.model().pools) {
    add(pools, "pool", pool.name, pool.place, object_of(pool), findings);
    Names backends;
    for (const Backend& backend : pool.backends)
      add(backends, "backend", backend.name, backend.place, object_of(pool, backend), findings);
  }
}

}  // namespace

const Check kLookalike{
    {
        "SF208",
        Severity::warn,
        "names that look the same",
        "somebody will drain, remove or blame the wrong one",
        "give one of them a name that differs in more than case or look",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS "[[pool.backend]]\n"
                                                                               "name = \"web-O1\"\n"
                                                                               "address = \"10.0.2.12\"\n"
                                                                               "weight = 100\n",
        SF_EXAMPLE_HEAD SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS "[[pool.backend]]\n"
                                                                               "name = \"web-03\"\n"
                                                                               "address = \"10.0.2.12\"\n"
                                                                               "weight = 100\n",
    },
    find_lookalikes,
};

}  // namespace steadfast::rules
