// SPDX-License-Identifier: Apache-2.0
// The words of the file for the values of the model: one table for both ways.
//
// Must not enter: which words a file may hold (config/ refuses the others).
#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/bug.h"
#include "bpf/abi.h"
#include "model/model.h"

namespace steadfast {

template <typename Value, std::size_t N>
using Words = std::array<std::pair<std::string_view, Value>, N>;

inline constexpr Words<XdpMode, 2> kXdpModes{{{"native", XdpMode::native}, {"generic", XdpMode::generic}}};
inline constexpr Words<Protocol, 2> kProtocols{{{"tcp", Protocol::tcp}, {"udp", Protocol::udp}}};
inline constexpr Words<Forward, 3> kForwards{
    {{"l2", Forward::l2}, {"ipip", Forward::ipip}, {"gue", Forward::gue}}};
inline constexpr Words<BackendState, 4> kBackendStates{{{"active", BackendState::active},
                                                        {"drain", BackendState::drain},
                                                        {"disabled", BackendState::disabled},
                                                        {"down", BackendState::down}}};
inline constexpr Words<ServiceState, 2> kServiceStates{
    {{"active", ServiceState::active}, {"parked", ServiceState::parked}}};
inline constexpr Words<AuditAction, 3> kAuditActions{
    {{"report", AuditAction::report}, {"repair", AuditAction::repair}, {"freeze", AuditAction::freeze}}};
inline constexpr Words<HealthType, 5> kHealthTypes{{{"tcp", HealthType::tcp},
                                                    {"http", HealthType::http},
                                                    {"https", HealthType::https},
                                                    {"udp", HealthType::udp},
                                                    {"dns", HealthType::dns}}};
inline constexpr auto kHashModes = std::to_array<std::pair<std::string_view, HashMode>>({
#define X(symbol, value, label, help) {label, static_cast<HashMode>(value)},
    SF_HASHES(X)
#undef X
});

template <typename Value, std::size_t N>
std::string_view word_of(const Words<Value, N>& words, Value value) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const auto& w) { return w.second == value; });
  invariant(found != words.end(), "a value of the model has no word");
  return found->first;
}

template <typename Value, std::size_t N>
Value value_of(const Words<Value, N>& words, std::string_view word) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const auto& w) { return w.first == word; });
  invariant(found != words.end(), "config let a word pass that the model does not know");
  return found->second;
}

}  // namespace steadfast
