// SPDX-License-Identifier: Apache-2.0
#include "config/edit.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/bug.h"
#include "config/config.h"
#include "config/layout.h"
#include "config/schema_rules.h"
#include "config/suggest.h"
#include "config/table_reader.h"
#include "config/toml.h"

namespace steadfast::config {
namespace {

using Kind = BackendChange::Kind;

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

template <typename T>
const T* find_named(const std::vector<T>& items, const std::string& name) {
  const auto found = std::find_if(items.begin(), items.end(),
                                  [&](const T& item) { return item.name && **item.name == name; });
  return found == items.end() ? nullptr : &*found;
}

template <typename T>
std::string hint(const std::vector<T>& items, const std::string& name) {
  std::vector<std::string_view> names;
  for (const T& item : items)
    if (item.name) names.push_back(**item.name);
  return did_you_mean(nearest(name, names));
}

Edited refuse(Finding finding, const std::string& file) {
  finding.file = file;
  Edited edited;
  edited.findings.push_back(std::move(finding));
  return edited;
}

Edited refuse_all(Findings findings, const std::string& file) {
  sort(findings);
  for (Finding& finding : findings) finding.file = file;
  return {std::nullopt, std::move(findings)};
}

std::optional<Finding> refuse_selector(const BackendChange& change) {
  if (!is_blank(change.pool) && !is_blank(change.name)) return std::nullopt;
  const std::string what = is_blank(change.pool) ? "pool" : "backend";
  const std::string object = is_blank(change.pool) ? "file" : "pool/" + change.pool;
  return make(kEmptySelector, object, {}, "the name of the " + what + " is empty: nothing was changed");
}

std::optional<Finding> refuse_values(const BackendChange& change, const Pool& pool) {
  const std::string object = "backend/" + change.pool + "/" + change.name;
  if (change.kind == Kind::add && !change.address)
    return make(kTrafficDefault, object, pool.place, "\"address\" is missing");
  if (change.kind == Kind::add && !change.weight)
    return make(kTrafficDefault, object, pool.place, "\"weight\" is missing");
  if (change.kind == Kind::set && !change.address && !change.weight && !change.port)
    return make(kBlankValue, object, pool.place, "no value is given: there is nothing to set");
  return std::nullopt;
}

std::optional<Finding> refuse_backend(const BackendChange& change, const Pool& pool) {
  const Backend* known = find_named(pool.backends, change.name);
  const std::string object = "backend/" + change.pool + "/" + change.name;
  if (change.kind == Kind::add && known)
    return make(kTwin, object, known->place,
                "pool " + in_quotes(change.pool) + " has a backend " + in_quotes(change.name) + " already");
  if (change.kind != Kind::add && !known)
    return make(kUndefined, object, pool.place,
                "pool " + in_quotes(change.pool) + " has no backend " + in_quotes(change.name) +
                    hint(pool.backends, change.name));
  const auto twins = std::count_if(pool.backends.begin(), pool.backends.end(),
                                   [&](const Backend& b) { return b.name && **b.name == change.name; });
  if (twins < 2) return std::nullopt;
  return make(kTwin, object, known->place,
              "pool " + in_quotes(change.pool) + " has " + std::to_string(twins) + " backends " +
                  in_quotes(change.name));
}

template <typename T>
std::optional<Place> place_of(const std::optional<Located<T>>& value) {
  if (!value) return std::nullopt;
  return value->place;
}

Pairs pairs_of(const BackendChange& change) {
  Pairs pairs{{"name", toml_string(change.name)}};
  if (change.address) pairs.emplace_back("address", toml_string(*change.address));
  if (change.weight) pairs.emplace_back("weight", std::to_string(*change.weight));
  if (change.port) pairs.emplace_back("port", std::to_string(*change.port));
  return pairs;
}

void set_values(Layout& layout, const Backend& backend, const BackendChange& change) {
  if (change.address) layout.put(backend, "address", place_of(backend.address), toml_string(*change.address));
  if (change.weight) layout.put(backend, "weight", place_of(backend.weight), std::to_string(*change.weight));
  if (change.port) layout.put(backend, "port", place_of(backend.port), std::to_string(*change.port));
}

std::string write(const std::string& text, const Pool& pool, const BackendChange& change) {
  Layout layout(text);
  if (change.kind == Kind::add) {
    layout.append(pool, pairs_of(change));
    return layout.result();
  }
  const Backend& backend = *find_named(pool.backends, change.name);
  switch (change.kind) {
    case Kind::set:
      set_values(layout, backend, change);
      break;
    case Kind::drain:
      layout.put(backend, "state", place_of(backend.state), "\"drain\"");
      break;
    case Kind::disable:
      layout.put(backend, "state", place_of(backend.state), "\"disabled\"");
      break;
    case Kind::undrain:
      if (backend.state) layout.put(backend, "state", place_of(backend.state), "\"active\"");
      break;
    case Kind::remove:
      layout.remove(backend);
      break;
    case Kind::add:
      break;
  }
  return layout.result();
}

bool is_named(const Node& table, const std::string& name) {
  const Node* value = table.find("name");
  return value && value->text == name;
}

// The tree without the backend of the change, and without a list it leaves empty.
Node without(Node root, const BackendChange& change) {
  for (Node& top : root.children) {
    if (top.key != "pool") continue;
    for (Node& pool : top.children) {
      if (!is_named(pool, change.pool)) continue;
      for (Node& list : pool.children)
        if (list.key == "backend")
          list.children.erase(std::remove_if(list.children.begin(), list.children.end(),
                                             [&](const Node& b) { return is_named(b, change.name); }),
                              list.children.end());
      pool.children.erase(
          std::remove_if(pool.children.begin(), pool.children.end(),
                         [](const Node& list) { return list.key == "backend" && list.children.empty(); }),
          pool.children.end());
    }
  }
  return root;
}

bool same(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.key != b.key || a.text != b.text || a.integer != b.integer || a.real != b.real ||
      a.boolean != b.boolean)
    return false;
  return std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), same);
}

void verify(const std::string& before, const std::string& after, const BackendChange& change) {
  Node old_root, new_root;
  invariant(!read_toml(before, old_root), "an edit began with a text that is not TOML");
  invariant(!read_toml(after, new_root), "an edit left a text that is not TOML");
  invariant(same(without(std::move(old_root), change), without(std::move(new_root), change)),
            "an edit changed more than the backend it names");
}

}  // namespace

Edited edit_backend(const std::string& text, const std::string& file, const BackendChange& change) {
  if (auto finding = refuse_selector(change)) return refuse(std::move(*finding), file);
  Findings findings;
  const Config config = parse(text, file, findings);
  if (tally(findings).errors != 0) return refuse_all(std::move(findings), file);
  const Pool* pool = find_named(config.pools, change.pool);
  if (!pool)
    return refuse(make(kUndefined, "pool/" + change.pool, {},
                       "there is no pool " + in_quotes(change.pool) + hint(config.pools, change.pool)),
                  file);
  if (auto finding = refuse_backend(change, *pool)) return refuse(std::move(*finding), file);
  if (auto finding = refuse_values(change, *pool)) return refuse(std::move(*finding), file);
  std::string edited = write(text, *pool, change);
  verify(text, edited, change);
  const Config again = parse(edited, file, findings);
  if (tally(findings).errors != 0) return refuse_all(std::move(findings), file);
  return {std::move(edited), {}};
}

}  // namespace steadfast::config
