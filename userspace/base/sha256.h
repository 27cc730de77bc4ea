// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) of bytes, for digests of files and tables and for hash keys.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace steadfast {

std::array<std::uint8_t, 32> sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);

}  // namespace steadfast
