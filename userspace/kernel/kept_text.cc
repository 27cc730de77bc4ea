// SPDX-License-Identifier: Apache-2.0
#include "kernel/kept_text.h"

#include <bpf/bpf.h>

#include <sstream>

#include "base/sha256.h"
#include "kernel/bpf_maps.h"

namespace steadfast {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPin = "text-";
constexpr const char* kFreshPin = "new-text";

fs::path pin_of(const fs::path& pins, std::uint64_t number) { return pins / (kPin + std::to_string(number)); }

// Number, digest of the text, name of the file, then the text: a line each but the last.
std::string written(const KeptText& kept) {
  return std::to_string(kept.number) + "\n" + sha256_hex(kept.text) + "\n" + kept.file + "\n" + kept.text;
}

std::optional<KeptText> read(const std::string& value, std::uint64_t number) {
  std::istringstream lines(value);
  std::string named, digest;
  KeptText kept{number, {}, {}};
  if (!std::getline(lines, named) || !std::getline(lines, digest) || !std::getline(lines, kept.file))
    return std::nullopt;
  kept.text = value.substr(static_cast<std::size_t>(lines.tellg()));
  if (named != std::to_string(number) || digest != sha256_hex(kept.text)) return std::nullopt;
  return kept;
}

}  // namespace

Result<void> keep_text(const fs::path& pins, const KeptText& kept) {
  const std::string value = written(kept);
  const __u32 first = 0;
  const Fd map(bpf_map_create(BPF_MAP_TYPE_ARRAY, "sf_text", sizeof first, static_cast<__u32>(value.size()),
                              1, nullptr));
  if (map.get() < 0) return Error::from_errno("keeping the configuration in the kernel");
  if (bpf_map_update_elem(map.get(), &first, value.data(), BPF_ANY) != 0)
    return Error::from_errno("writing the configuration into the kernel");
  // Whole in one step: a daemon may die at any time, and be asked for it the next.
  const fs::path fresh = pins / kFreshPin;
  std::error_code failed;
  fs::remove(fresh, failed);
  if (bpf_obj_pin(map.get(), fresh.c_str()) != 0) return Error::from_errno("pinning " + fresh.string());
  const fs::path pin = pin_of(pins, kept.number);
  fs::rename(fresh, pin, failed);
  if (failed) return Error::from_errno("pinning " + pin.string(), failed.value());
  return {};
}

std::optional<KeptText> kept_text(const fs::path& pins, std::uint64_t number) {
  const Fd map(bpf_obj_get(pin_of(pins, number).c_str()));
  const __u32 first = 0;
  bpf_map_info info{};
  __u32 length = sizeof info;
  if (map.get() < 0 || bpf_obj_get_info_by_fd(map.get(), &info, &length) != 0) return std::nullopt;
  std::string value(info.value_size, '\0');
  if (bpf_map_lookup_elem(map.get(), &first, value.data()) != 0) return std::nullopt;
  return read(value, number);
}

void forget_texts_but(const fs::path& pins, std::uint64_t number) {
  std::error_code absent;  // what is gone need not be forgotten
  for (const auto& entry : fs::directory_iterator(pins, absent))
    if (entry.path().filename().string().starts_with(kPin) && entry.path() != pin_of(pins, number))
      fs::remove(entry.path(), absent);
}

}  // namespace steadfast
