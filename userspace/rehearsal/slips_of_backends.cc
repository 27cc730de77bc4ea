// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "rehearsal/slips.h"

namespace steadfast::rehearsal {
namespace {

constexpr std::uint32_t kMostWeight = 65535;

// A backend of the model, by index: a slip is applied to a copy.
struct At {
  std::size_t pool;
  std::size_t backend;
  Backend& in(Model& model) const { return model.pools[pool].backends[backend]; }
};

class BackendSlips {
 public:
  BackendSlips(const Model& model, At at, Slips& slips)
      : model_(model),
        pool_(model.pools[at.pool]),
        backend_(pool_.backends[at.backend]),
        at_(at),
        object_(object_of(pool_, backend_)),
        slips_(slips) {}

  void run() {
    add_addresses();
    add_weights();
    add_states();
    add("backend removed", "removed", [at = at_](Model& model) {
      auto& backends = model.pools[at.pool].backends;
      backends.erase(backends.begin() + static_cast<std::ptrdiff_t>(at.backend));
    });
  }

 private:
  void add(const std::string& operation, const std::string& change, std::function<void(Model&)> apply) {
    slips_.push_back({operation, object_, change, std::move(apply)});
  }

  void add_address(const std::string& operation, const Address& to) {
    if (to == backend_.address.value) return;
    add(operation, "address " + backend_.address->text() + " → " + to.text(),
        [at = at_, to](Model& model) { at.in(model).address.value = to; });
  }

  void add_addresses() {
    const Address& now = backend_.address.value;
    add_address("address in another subnet", moved(now, 1, 1));
    add_address("address in another subnet", moved(now, 1, 10));
    for (const unsigned step : {1U, 10U, 90U, 255U}) add_address("address off by some", moved(now, 0, step));
    const std::size_t next = (at_.backend + 1) % pool_.backends.size();
    add_address("address of another backend", pool_.backends[next].address.value);
    const Pool& other = model_.pools[(at_.pool + 1) % model_.pools.size()];
    if (!other.backends.empty())
      add_address("address of another pool's backend", other.backends.front().address.value);
  }

  void add_weight(const std::string& operation, std::uint32_t to) {
    const std::uint32_t now = backend_.weight.value;
    if (to == now) return;
    add(operation, "weight " + std::to_string(now) + " → " + std::to_string(to),
        [at = at_, to](Model& model) { at.in(model).weight.value = to; });
  }

  void add_weights() {
    const std::uint32_t now = backend_.weight.value;
    add_weight("weight ×10", std::min(kMostWeight, now * 10));
    add_weight("weight ÷10", now / 10);
    add_weight("weight 0", 0);
  }

  void add_states() {
    for (const BackendState state : {BackendState::active, BackendState::drain, BackendState::disabled}) {
      if (state == backend_.state) continue;
      add("state " + std::string(name(state)),
          "state " + std::string(name(backend_.state)) + " → " + std::string(name(state)),
          [at = at_, state](Model& model) { at.in(model).state = state; });
    }
  }

  const Model& model_;
  const Pool& pool_;
  const Backend& backend_;
  At at_;
  std::string object_;
  Slips& slips_;
};

}  // namespace

Address moved(Address address, std::size_t from_end, unsigned step) {
  const std::size_t bytes = address.is_v4() ? 4 : 16;
  std::uint8_t& byte = address.bytes[bytes - 1 - from_end];
  byte = static_cast<std::uint8_t>(byte + step);
  return address;
}

void add_backend_slips(const Model& model, Slips& slips) {
  for (std::size_t pool = 0; pool < model.pools.size(); ++pool)
    for (std::size_t backend = 0; backend < model.pools[pool].backends.size(); ++backend)
      BackendSlips(model, {pool, backend}, slips).run();
}

}  // namespace steadfast::rehearsal
