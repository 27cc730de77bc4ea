// SPDX-License-Identifier: Apache-2.0
#include "keeper/recollection.h"

#include <nlohmann/json.hpp>

#include "journal/durable_file.h"

namespace steadfast {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Remembered, pool, backend, address, standing, detail, out)

Result<Recollection> read_recollection(const std::filesystem::path& file) {
  std::error_code failed;
  if (!std::filesystem::exists(file, failed)) return Recollection{};
  const auto bytes = read_whole(file);
  if (!bytes) return bytes.error();
  try {
    return nlohmann::json::parse(*bytes).get<Recollection>();
  } catch (const nlohmann::json::exception&) {
    return Error{"what is remembered of backends' health, " + file.string() +
                 ", is damaged: it is not used, and written anew"};
  }
}

Result<void> write_recollection(const std::filesystem::path& file, const Recollection& remembered) {
  return write_durably(file, nlohmann::json(remembered).dump(1) + "\n");
}

health::Overlay overlay_of(const Recollection& remembered) {
  health::Overlay overlay;
  for (const Remembered& one : remembered)
    if (one.out)
      overlay.shares[{one.pool, one.backend}] = {false, 0,
                                                 one.standing == name(health::State::deaf)
                                                     ? health::Reason::path_fails
                                                     : health::Reason::probes_fail};
  return overlay;
}

}  // namespace steadfast
