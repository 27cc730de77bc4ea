// SPDX-License-Identifier: Apache-2.0
// The words of the API's values, and which of its types are strict.
//
// Included by api_change_fields.h and api_view_fields.h.
#pragma once

#include <string>

#include "control/api.h"
#include "control/json_codec.h"
#include "report/changes.h"

namespace steadfast::api {

// A request is strict; a reply may have grown since this was built.
template <typename T>
inline constexpr bool kStrict = false;
template <>
inline constexpr bool kStrict<Change> = true;
template <>
inline constexpr bool kStrict<BackendEdit> = true;
template <>
inline constexpr bool kStrict<RollbackRequest> = true;
template <>
inline constexpr bool kStrict<TraceRequest> = true;
template <>
inline constexpr bool kStrict<ConfirmRequest> = true;
template <>
inline constexpr bool kStrict<ExtendRequest> = true;
template <>
inline constexpr bool kStrict<CancelRequest> = true;
template <>
inline constexpr bool kStrict<TestRequest> = true;
template <>
inline constexpr bool kStrict<DoctorQuestion> = true;

inline constexpr std::string_view kVerdictLabels[] = {
#define X(symbol, value, action, kind, label, help) label,
    SF_VERDICTS(X)
#undef X
};
inline constexpr std::string_view kRoleLabels[] = {
#define X(symbol, label, help) label,
    SF_FLOW_ROLES(X)
#undef X
};
inline constexpr std::string_view kEditKinds[] = {"add", "set", "drain", "disable", "undrain", "remove"};

inline const std::array<std::string_view, 6> kEndings{name(Ending::applied),   name(Ending::pending),
                                                      name(Ending::unchanged), name(Ending::refused),
                                                      name(Ending::gated),     name(Ending::failed)};
inline const std::array<std::string_view, 3> kChangeKinds{name(ChangeKind::added), name(ChangeKind::removed),
                                                          name(ChangeKind::changed)};
inline constexpr std::array<std::string_view, 2> kSeverities{"page", "warn"};
inline const std::array<std::string_view, 3> kScopes{
    name(report::DropScope::host), name(report::DropScope::service), name(report::DropScope::removed)};

// Written as one word. The Writer and the Reader are there to be found by.
inline std::string word_of(Writer&, const Acceptance& acceptance) { return text(acceptance); }

inline Result<void> from_word(Reader&, std::string_view word, Acceptance& acceptance) {
  auto parsed = parse_acceptance(word);
  if (!parsed) return parsed.error();
  acceptance = *parsed;
  return {};
}

}  // namespace steadfast::api
