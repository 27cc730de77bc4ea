// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/pcapng.h"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <string_view>

#include "report/version.h"
#include "report/view.h"

namespace steadfast::cli {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0a0d0d0a, kInterfaceDescription = 1, kEnhancedPacket = 6;
constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
constexpr std::uint16_t kVersionMajor = 1, kVersionMinor = 0;
constexpr std::uint64_t kSectionLengthUnknown = ~std::uint64_t{0};
constexpr std::uint16_t kLinkEthernet = 1;
constexpr std::uint16_t kEndOfOptions = 0, kComment = 1, kApplication = 4, kInterfaceName = 2, kQueue = 6;
constexpr double kMicrosecondsPerSecond = 1e6;  // the resolution of times unless an interface says otherwise

// The body of a block, in the byte order of this machine, which the magic tells.
class Block {
 public:
  template <typename Number>
  Block& number(Number value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  Block& padded(std::string_view data) {
    bytes_.append(data);
    bytes_.append((4 - bytes_.size() % 4) % 4, '\0');
    return *this;
  }
  Block& option(std::uint16_t code, std::string_view value) {
    return number(code).number(static_cast<std::uint16_t>(value.size())).padded(value);
  }
  void write(std::ostream& out, std::uint32_t type) const {
    const auto length = static_cast<std::uint32_t>(bytes_.size() + 3 * sizeof(std::uint32_t));
    Block whole;
    whole.number(type).number(length).padded(bytes_).number(length);
    out << whole.bytes_ << std::flush;
  }

 private:
  std::string bytes_;
};

std::string comment(const report::LiveDrop& drop) {
  std::string words(report::label(drop.verdict));
  if (!drop.service.empty()) words += ", service " + drop.service;
  return words + ": " + std::string(report::help(drop.verdict));
}

std::string_view view(const Frame& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

PcapngWriter::PcapngWriter(std::ostream& out) : out_(out) {
  Block()
      .number(kByteOrderMagic)
      .number(kVersionMajor)
      .number(kVersionMinor)
      .number(kSectionLengthUnknown)
      .option(kApplication, "steadfast " + std::string(version()))
      .option(kEndOfOptions, {})
      .write(out_, kSectionHeader);
}

// An interface is described before its first packet.
std::uint32_t PcapngWriter::interface_number(const std::string& name) {
  const auto known = std::find(interfaces_.begin(), interfaces_.end(), name);
  const auto number = static_cast<std::uint32_t>(known - interfaces_.begin());
  if (known != interfaces_.end()) return number;
  interfaces_.push_back(name);
  Block()
      .number(kLinkEthernet)
      .number(std::uint16_t{0})
      .number(std::uint32_t{SF_SAMPLE_BYTES})
      .option(kInterfaceName, name)
      .option(kEndOfOptions, {})
      .write(out_, kInterfaceDescription);
  return number;
}

bool PcapngWriter::add(const report::LiveDrop& drop) {
  const auto time_us = static_cast<std::uint64_t>(std::llround(drop.time_s * kMicrosecondsPerSecond));
  const std::string_view queue(reinterpret_cast<const char*>(&drop.queue), sizeof drop.queue);
  Block()
      .number(interface_number(drop.interface))
      .number(static_cast<std::uint32_t>(time_us >> 32))
      .number(static_cast<std::uint32_t>(time_us))
      .number(static_cast<std::uint32_t>(drop.bytes.size()))
      .number(drop.frame_bytes)
      .padded(view(drop.bytes))
      .option(kComment, comment(drop))
      .option(kQueue, queue)
      .option(kEndOfOptions, {})
      .write(out_, kEnhancedPacket);
  return out_.good();
}

}  // namespace steadfast::cli
