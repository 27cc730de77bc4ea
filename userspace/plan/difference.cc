// SPDX-License-Identifier: Apache-2.0
#include "plan/difference.h"

#include <algorithm>
#include <utility>

#include "base/bug.h"
#include "plan/fields.h"
#include "plan/pairing.h"

namespace steadfast {
namespace {

// Keys in the order of the new object; what it lost last.
std::vector<FieldChange> changes(const Fields& before, const Fields& after) {
  const auto value = [](const Fields& fields, const std::string& key) {
    const auto found =
        std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.first == key; });
    return found == fields.end() ? std::string() : found->second;
  };
  std::vector<FieldChange> changed;
  for (const auto& [key, now] : after) {
    std::string was = value(before, key);
    if (was != now) changed.push_back({key, std::move(was), now});
  }
  for (const auto& [key, was] : before)
    if (value(after, key).empty()) changed.push_back({key, was, {}});
  return changed;
}

class Comparison {
 public:
  Comparison(const Model& before, const Model& after) : before_(before), after_(after) {}

  std::vector<ObjectChange> run() {
    compare("host", before_.host.place, after_.host.place, fields_of(before_.host), fields_of(after_.host));
    compare("limits", before_.limits.services.place, after_.limits.services.place, fields_of(before_.limits),
            fields_of(after_.limits));
    compare_services();
    compare_pools();
    std::stable_sort(found_.begin(), found_.end(), stands_before);
    return std::move(found_);
  }

 private:
  static bool stands_before(const ObjectChange& a, const ObjectChange& b) {
    const auto key = [](const ObjectChange& change) {
      const bool removed = change.kind == ChangeKind::removed;
      return std::pair(removed, removed ? change.before : change.after);
    };
    return key(a) < key(b);
  }

  void compare(std::string object, Place before, Place after, const Fields& was, const Fields& is) {
    if (was == is) return;
    found_.push_back({ChangeKind::changed, std::move(object), before, after, changes(was, is)});
  }
  void add(std::string object, Place place) {
    found_.push_back({ChangeKind::added, std::move(object), {}, place, {}});
  }
  void remove(std::string object, Place place) {
    found_.push_back({ChangeKind::removed, std::move(object), place, {}, {}});
  }

  void compare_services() {
    const Pairing pairing = pair_services(before_, after_);
    for (std::size_t i = 0; i < after_.services.size(); ++i) {
      const Service& service = after_.services[i];
      if (pairing.before_of[i] == kNoPartner) {
        add(object_of(service), service.place);
        continue;
      }
      const Service& was = before_.services[pairing.before_of[i]];
      compare(object_of(service), was.place, service.place, fields_of(was, before_),
              fields_of(service, after_));
    }
    for (std::size_t i = 0; i < before_.services.size(); ++i)
      if (pairing.after_of[i] == kNoPartner)
        remove(object_of(before_.services[i]), before_.services[i].place);
  }

  void compare_pools() {
    const Pairing pairing = pair_pools(before_, after_);
    const Pool nothing;
    for (std::size_t i = 0; i < after_.pools.size(); ++i) {
      const Pool& pool = after_.pools[i];
      const bool known = pairing.before_of[i] != kNoPartner;
      const Pool& was = known ? before_.pools[pairing.before_of[i]] : nothing;
      if (known)
        compare(object_of(pool), was.place, pool.place, fields_of(was), fields_of(pool));
      else
        add(object_of(pool), pool.place);
      compare_backends(was, pool);
    }
    for (std::size_t i = 0; i < before_.pools.size(); ++i) {
      if (pairing.after_of[i] != kNoPartner) continue;
      remove(object_of(before_.pools[i]), before_.pools[i].place);
      compare_backends(before_.pools[i], nothing);
    }
  }

  void compare_backends(const Pool& before, const Pool& after) {
    const Pairing pairing = pair_backends(before, after);
    for (std::size_t i = 0; i < after.backends.size(); ++i) {
      const Backend& backend = after.backends[i];
      if (pairing.before_of[i] == kNoPartner) {
        add(object_of(after, backend), backend.place);
        continue;
      }
      const Backend& was = before.backends[pairing.before_of[i]];
      if (alike(was, backend)) continue;
      compare(object_of(after, backend), was.place, backend.place, fields_of(was), fields_of(backend));
    }
    for (std::size_t i = 0; i < before.backends.size(); ++i)
      if (pairing.after_of[i] == kNoPartner)
        remove(object_of(before, before.backends[i]), before.backends[i].place);
  }

  const Model& before_;
  const Model& after_;
  std::vector<ObjectChange> found_;
};

}  // namespace

std::string_view name(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::added:
      return "added";
    case ChangeKind::removed:
      return "removed";
    case ChangeKind::changed:
      return "changed";
  }
  bug("a change of no kind");
}

std::vector<ObjectChange> difference(const Model& before, const Model& after) {
  return Comparison(before, after).run();
}

}  // namespace steadfast
