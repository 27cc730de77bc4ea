// SPDX-License-Identifier: Apache-2.0
// `drops`: counted, as they happen, or as a capture.
#include <chrono>
#include <fstream>
#include <memory>
#include <ostream>

#include "control/client.h"
#include "control/live_drops.h"
#include "report/live_drop.h"
#include "report/quantity.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/pcapng.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

constexpr std::chrono::seconds kBetweenRemarks{1};

// What becomes of each drop: a line, an object, or a packet of a capture.
class Sink {
 public:
  Sink(const Arguments& arguments, Terminal& terminal)
      : terminal_(terminal), json_(arguments.has("--json")), left_(arguments.number("--count")) {}

  // "-" is standard output.
  Result<void> capture_to(const std::string& path) {
    if (path != "-") {
      file_.open(path, std::ios::binary | std::ios::trunc);
      if (!file_) return Error::from_errno("writing " + path);
    }
    capture_ = std::make_unique<PcapngWriter>(path == "-" ? terminal_.out : file_);
    path_ = path;
    return {};
  }

  // False: enough, or nobody takes any more.
  bool take(const report::DropLine& line) {
    remark(line.missed);
    if (!line.drop) return true;
    if (!put(*line.drop)) return false;
    return !left_ || --*left_ != 0;
  }
  Result<void> end() const {
    if (capture_ && path_ != "-" && !file_) return Error{"writing " + path_ + " failed"};
    return {};
  }

 private:
  bool put(const report::LiveDrop& drop) {
    if (capture_) return capture_->add(drop);
    terminal_.out << (json_ ? api::encode_line(drop) : report::drop_line(drop, terminal_.colour) + "\n")
                  << std::flush;
    return terminal_.out.good();
  }

  void remark(std::uint64_t missed) {
    const auto now = std::chrono::steady_clock::now();
    if (missed == remarked_ || now - last_remark_ < kBetweenRemarks) return;
    remarked_ = missed, last_remark_ = now;
    terminal_.err << "steadfast: " << report::count(missed) << " drops more than are sampled ("
                  << SF_SAMPLES_PER_SECOND << " of a verdict per second and CPU); show drops counts all\n";
  }

  Terminal& terminal_;
  const bool json_;
  std::optional<std::uint32_t> left_;
  std::ofstream file_;
  std::string path_;
  std::unique_ptr<PcapngWriter> capture_;
  std::uint64_t remarked_ = 0;
  std::chrono::steady_clock::time_point last_remark_;
};

Query query_of(const Arguments& arguments) {
  Query query;
  if (const auto service = arguments.optional("--service")) query["service"] = *service;
  if (const auto verdict = arguments.optional("--verdict")) query["verdict"] = *verdict;
  return query;
}

int follow(const Arguments& arguments, Terminal& terminal) {
  Sink sink(arguments, terminal);
  if (const auto path = arguments.optional("--pcap"))
    if (auto opened = sink.capture_to(*path); !opened) return fail(opened.error(), terminal);
  std::optional<Error> problem;
  const auto take = [&](const std::string& text) {
    const auto line = api::decode<report::DropLine>(text);
    if (!line) problem = line.error().while_doing("reading a drop");
    return line && sink.take(*line);
  };
  auto followed = ControlClient(terminal.control).follow(LiveDrops::kPath, query_of(arguments), take);
  if (!followed) return fail(followed.error(), terminal);
  if (problem) return fail(*problem, terminal);
  const auto ended = sink.end();
  return ended ? kOk : fail(ended.error(), terminal);
}

}  // namespace

int run_drops(const Arguments& arguments, Terminal& terminal) {
  const bool live = arguments.has("--follow") || arguments.has("--pcap");
  for (const char* option : {"--count", "--service", "--verdict"})
    if (!live && arguments.has(option))
      return fail_usage(std::string(option) + " needs --follow or --pcap", terminal);
  if (arguments.number("--count") == 0u) return fail_usage("--count: at least 1", terminal);
  if (arguments.has("--pcap") && arguments.has("--json"))
    return fail_usage("--pcap writes a capture; --json has nothing to print", terminal);
  return live ? follow(arguments, terminal) : run_show_drops(arguments, terminal);
}

}  // namespace steadfast::cli
