// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/slips.h"

namespace steadfast::rehearsal {
namespace {

class PoolSlips {
 public:
  PoolSlips(const Model& model, std::size_t at, Slips& slips)
      : pool_(model.pools[at]), at_(at), object_(object_of(pool_)), slips_(slips) {}

  void run() {
    add_members();
    add_floors();
    if (pool_.health) add_health();
  }

 private:
  void add(const std::string& operation, const std::string& change, std::function<void(Pool&)> apply) {
    slips_.push_back({operation, object_, change,
                      [at = at_, apply = std::move(apply)](Model& model) { apply(model.pools[at]); }});
  }

  void add_members() {
    const auto members = static_cast<std::ptrdiff_t>(pool_.backends.size());
    if (members == 0) return;
    add("pool emptied", "all backends removed", [](Pool& pool) { pool.backends.clear(); });
    if (members < 2) return;
    add("half of a pool removed", "its second half removed", [members](Pool& pool) {
      pool.backends.erase(pool.backends.begin() + (members + 1) / 2, pool.backends.end());
    });
    add("half of a pool removed", "its first half removed", [members](Pool& pool) {
      pool.backends.erase(pool.backends.begin(), pool.backends.begin() + members / 2);
    });
    add("half of a pool drained", "its second half drained", [members](Pool& pool) {
      for (std::ptrdiff_t i = (members + 1) / 2; i < members; ++i)
        pool.backends[static_cast<std::size_t>(i)].state = BackendState::drain;
    });
  }

  void add_floors() {
    if (pool_.min_healthy) {
      add("guard removed", "min_healthy removed", [](Pool& pool) { pool.min_healthy.reset(); });
      if (pool_.min_healthy->value.value > 1)
        add("guard relaxed", "min_healthy ÷10", [](Pool& pool) { pool.min_healthy->value.value /= 10; });
    }
    if (pool_.min_backends) {
      add("guard removed", "min_backends removed", [](Pool& pool) { pool.min_backends.reset(); });
      if (pool_.min_backends->value > 1)
        add("guard relaxed", "min_backends → 1", [](Pool& pool) { pool.min_backends->value = 1; });
    }
    if (pool_.max_share) {
      add("guard removed", "max_share removed", [](Pool& pool) { pool.max_share.reset(); });
      if (pool_.max_share->value < 1)
        add("guard relaxed", "max_share → 100%", [](Pool& pool) { pool.max_share->value = 1; });
    }
  }

  void add_health() {
    add("guard removed", "health removed", [](Pool& pool) { pool.health.reset(); });
    add("guard relaxed", "health.interval ×10", [](Pool& pool) { pool.health->interval *= 10; });
    add("guard relaxed", "health.fall ×10", [](Pool& pool) { pool.health->fall *= 10; });
  }

  const Pool& pool_;
  std::size_t at_;
  std::string object_;
  Slips& slips_;
};

}  // namespace

void add_pool_slips(const Model& model, Slips& slips) {
  for (std::size_t i = 0; i < model.pools.size(); ++i) PoolSlips(model, i, slips).run();
}

}  // namespace steadfast::rehearsal
