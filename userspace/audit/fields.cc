// SPDX-License-Identifier: Apache-2.0
#include "audit/fields.h"

#include <array>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <utility>

namespace steadfast::audit {
namespace {

// Of an array one element, unless it is one value as a whole.
template <typename Member>
constexpr std::size_t value_bytes(Form form) {
  return form == Form::all_bytes ? sizeof(Member) : sizeof(std::remove_all_extents_t<Member>);
}

template <typename Row>
struct Layout;

#define SF_MEMBER(layout, member) std::remove_reference_t<decltype(std::declval<layout&>().member)>
#define SF_FIELD(member, form_)                                                   \
  Field{#member, __builtin_offsetof(Row, member), sizeof(SF_MEMBER(Row, member)), \
        value_bytes<SF_MEMBER(Row, member)>(Form::form_), Form::form_},
#define X(layout, list)                                                     \
  template <>                                                               \
  struct Layout<layout> {                                                   \
    using Row = layout;                                                     \
    static constexpr auto kFields = std::to_array<Field>({list(SF_FIELD)}); \
  };
SF_LAYOUTS(X)
#undef X

// Each member begins where the one before it ends, and the last ends the row.
template <std::size_t N>
constexpr bool cover(const std::array<Field, N>& fields, std::size_t bytes) {
  std::size_t end = 0;
  for (const Field& field : fields) {
    if (field.offset != end) return false;
    end += field.bytes;
  }
  return end == bytes;
}

#define X(layout, list) \
  static_assert(cover(Layout<layout>::kFields, sizeof(layout)), "a member of " #layout " is not listed");
SF_LAYOUTS(X)
#undef X

std::string hex_bytes(const unsigned char* at, std::size_t bytes) {
  std::string text;
  char digits[3];
  for (std::size_t i = 0; i < bytes; ++i) {
    std::snprintf(digits, sizeof digits, "%02x", at[i]);
    text += digits;
  }
  return text;
}

// Host order, as the control plane and the program read it.
std::uint64_t number_at(const unsigned char* at, std::size_t bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, bytes);
  return value;
}

std::string shown(const Field& field, const unsigned char* at) {
  if (field.form == Form::bytes || field.form == Form::all_bytes) return hex_bytes(at, field.element_bytes);
  const std::uint64_t value = number_at(at, field.element_bytes);
  if (field.form == Form::number) return std::to_string(value);
  char text[24];
  std::snprintf(text, sizeof text, "0x%" PRIx64, value);
  return text;
}

std::string name_of(const Field& field, std::size_t element) {
  if (field.element_bytes == field.bytes) return field.name;
  return std::string(field.name) + "[" + std::to_string(element) + "]";
}

void add_differing(const Field& field, const unsigned char* desired, const unsigned char* found,
                   std::vector<FieldDifference>& differences) {
  for (std::size_t i = 0; i < field.bytes / field.element_bytes; ++i) {
    const std::size_t at = field.offset + i * field.element_bytes;
    if (std::memcmp(desired + at, found + at, field.element_bytes) != 0)
      differences.push_back({name_of(field, i), shown(field, desired + at), shown(field, found + at)});
  }
}

}  // namespace

#define X(layout, list)                        \
  template <>                                  \
  std::span<const Field> fields_of<layout>() { \
    return Layout<layout>::kFields;            \
  }
SF_LAYOUTS(X)
#undef X

std::vector<FieldDifference> differing(std::span<const Field> fields, const void* desired,
                                       const void* found) {
  std::vector<FieldDifference> differences;
  for (const Field& field : fields)
    add_differing(field, static_cast<const unsigned char*>(desired), static_cast<const unsigned char*>(found),
                  differences);
  return differences;
}

}  // namespace steadfast::audit
