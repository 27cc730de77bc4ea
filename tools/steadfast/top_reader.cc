// SPDX-License-Identifier: Apache-2.0
#include "tools/steadfast/top_reader.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "control/client.h"

namespace steadfast::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Clock::duration kBetweenReads = std::chrono::seconds(1);
// Of a large balancer no more than a quarter of the time is spent on being looked at.
constexpr int kRestPerRead = 3;

template <typename View>
bool read_into(const ControlClient& client, const char* path, View& view, std::optional<Error>& problem) {
  auto answer = client.read<View>(path);
  if (answer)
    view = std::move(*answer);
  else
    problem = answer.error();
  return answer.has_value();
}

}  // namespace

Result<report::TopSample> read_top(const std::string& socket, report::TopTable table) {
  const ControlClient client(socket);
  report::TopSample sample;
  std::optional<Error> problem;
  const bool complete = read_into(client, "/api/v1/status", sample.status, problem) &&
                        read_into(client, "/api/v1/services", sample.services, problem) &&
                        read_into(client, "/api/v1/drops", sample.drops, problem) &&
                        (table != report::TopTable::backends ||
                         read_into(client, "/api/v1/backends", sample.backends, problem));
  if (!complete) return *problem;
  return sample;
}

// Outlives the reader by the length of one read.
struct TopReader::Shared {
  std::string socket;
  std::mutex mutex;
  std::condition_variable changed;
  report::TopTable table = report::TopTable::services;
  bool asked = true;  // at once, not at its time
  bool ending = false;
  std::optional<Result<report::TopSample>> fresh;

  void run() {
    std::unique_lock lock(mutex);
    while (!ending) {
      const report::TopTable wanted = table;
      asked = false;
      lock.unlock();
      const auto began = Clock::now();
      auto sample = read_top(socket, wanted);
      const auto rest = std::max(kBetweenReads, kRestPerRead * (Clock::now() - began));
      lock.lock();
      fresh = std::move(sample);
      changed.wait_for(lock, rest, [this] { return ending || asked; });
    }
  }
};

TopReader::TopReader(std::string socket) : shared_(std::make_shared<Shared>()) {
  shared_->socket = std::move(socket);
  std::thread([shared = shared_] { shared->run(); }).detach();
}

TopReader::~TopReader() {
  const std::lock_guard guard(shared_->mutex);
  shared_->ending = true;
  shared_->changed.notify_all();
}

void TopReader::show(report::TopTable table) {
  const std::lock_guard guard(shared_->mutex);
  shared_->asked = shared_->asked || shared_->table != table;
  shared_->table = table;
  shared_->changed.notify_all();
}

std::optional<Result<report::TopSample>> TopReader::newer() {
  const std::lock_guard guard(shared_->mutex);
  return std::exchange(shared_->fresh, std::nullopt);
}

}  // namespace steadfast::cli
