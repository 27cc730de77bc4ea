// SPDX-License-Identifier: Apache-2.0
// DecapProgram: xdp_decap on one interface, for as long as this object lives.
// The attachment is a link held by a file descriptor, so a process that dies in
// any way takes its program with it and leaves nothing behind.
//
// Must not enter: options, output (tools/steadfast-decap/main.cc).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "bpf/decap.h"

struct xdp_decap;

namespace steadfast {

struct DecapSettings {
  std::string device;
  std::vector<Address> local;  // outer destinations that are opened; none = open nothing
  std::uint16_t gue_port = 0;  // 0 = no GUE
  bool generic = false;        // false = native: never falls back in silence
};

// Name of the XDP program that occupies `device` and is not xdp_decap; empty
// when the device is free or ours.
Result<std::string> foreign_program(const std::string& device);

using DecapCounts = std::array<std::uint64_t, SF_DECAP_OUTCOME_COUNT>;

class DecapProgram {
 public:
  static Result<DecapProgram> attach(const DecapSettings& settings);

  DecapProgram(DecapProgram&& other) noexcept;
  DecapProgram& operator=(DecapProgram&& other) = delete;
  ~DecapProgram();

  Result<DecapCounts> counts() const;

 private:
  struct Destroy {
    void operator()(xdp_decap* object) const;
  };
  using Object = std::unique_ptr<xdp_decap, Destroy>;

  DecapProgram(Object object, int link) : object_(std::move(object)), link_(link) {}

  Object object_;
  int link_ = -1;
};

}  // namespace steadfast
