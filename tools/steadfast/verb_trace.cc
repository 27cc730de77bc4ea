// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include "config/packet_spec.h"
#include "control/client.h"
#include "control/host_balancer.h"
#include "report/quantity.h"
#include "report/screen.h"
#include "tools/steadfast/capture.h"
#include "tools/steadfast/input.h"
#include "tools/steadfast/outcome.h"
#include "tools/steadfast/run.h"

namespace steadfast::cli {
namespace {

// Stands for `*`: the first port many kernels never hand out, so no live flow is meant.
constexpr std::uint16_t kPortForAny = 40000;

Result<Captured> frame_of(const std::string& words, Terminal& terminal) {
  auto spec = parse_packet_spec(words);
  if (!spec) return spec.error();
  if (spec->any_source_port) {
    spec->packet.source_port = kPortForAny;
    terminal.err << "steadfast: source port * traced as " << kPortForAny << "\n";
  }
  return Captured{build_frame(spec->packet), {}};
}

Result<std::vector<Captured>> frames_of(const Arguments& arguments, Terminal& terminal) {
  if (const auto capture = arguments.optional("--pcap")) return read_capture(*capture);
  auto frame = frame_of(arguments.text("PACKET"), terminal);
  if (!frame) return frame.error();
  return std::vector<Captured>{std::move(*frame)};
}

// Bounds the body of one request, whatever the length of the capture.
constexpr std::size_t kFramesPerRequest = 1024;

Result<api::TraceReply> ask_daemon(const std::vector<Captured>& frames, Terminal& terminal) {
  const ControlClient client(terminal.control);
  api::TraceReply all;
  for (std::size_t first = 0; first < frames.size(); first += kFramesPerRequest) {
    api::TraceRequest request;
    for (std::size_t i = first; i < frames.size() && i < first + kFramesPerRequest; i++)
      request.frames.push_back(frames[i].frame);
    auto part = client.trace(request);
    if (!part) return part.error();
    if (part->answers.size() != request.frames.size()) return Error{"the daemon: fewer answers than packets"};
    for (auto& answer : part->answers) all.add(std::move(answer));
  }
  return all;
}

Result<api::TraceReply> ask_here(Balancer& balancer, const std::vector<Captured>& frames) {
  api::TraceReply all;
  for (const auto& captured : frames) {
    auto answer = balancer.trace(captured.frame);
    if (!answer) return answer.error();
    all.add(std::move(*answer));
  }
  return all;
}

// What left keeps the time of what came in.
Result<void> write_leaving(const std::string& path, const std::vector<Captured>& in,
                           const api::TraceReply& traced) {
  std::vector<Captured> out;
  for (std::size_t i = 0; i < in.size(); i++) {
    const auto& answer = traced.answers[i];
    const auto kind = report::kind(static_cast<sf_verdict>(answer.decision.verdict));
    if (kind == SF_KIND_FORWARDED || kind == SF_KIND_ANSWERED) out.push_back({answer.out, in[i].time});
  }
  return write_capture(path, out);
}

Result<void> write_files(const Arguments& arguments, const std::vector<Captured>& in,
                         const api::TraceReply& traced) {
  if (const auto path = arguments.optional("--save"))
    if (auto saved = write_capture(*path, in); !saved) return saved;
  if (const auto path = arguments.optional("--write")) return write_leaving(*path, in, traced);
  return {};
}

void print_summary(const api::TraceReply& traced, Terminal& terminal) {
  const std::size_t packets = traced.answers.size();
  terminal.out << "\n" << report::count(packets) << (packets == 1 ? " packet\n" : " packets\n");
  for (std::size_t i = 0; i < traced.verdicts.size(); i++)
    if (traced.verdicts[i] != 0)
      terminal.out << "  " << report::label(static_cast<sf_verdict>(i)) << "  "
                   << report::count(traced.verdicts[i]) << "\n";
}

void print_capture(const api::TraceReply& traced, Terminal& terminal) {
  for (std::size_t i = 0; i < traced.answers.size(); i++)
    terminal.out << i + 1 << "  " << report::trace_line(traced.answers[i]) << "\n";
  print_summary(traced, terminal);
}

void print(const api::TraceReply& traced, const Arguments& arguments, Terminal& terminal) {
  const bool capture = arguments.has("--pcap"), json = arguments.has("--json");
  if (json && capture)
    terminal.out << api::encode(traced);
  else if (json)
    terminal.out << api::encode(traced.answers.front());
  else if (capture)
    print_capture(traced, terminal);
  else
    terminal.out << report::trace_screen(traced.answers.front(), terminal.colour);
}

}  // namespace

int run_trace(const Arguments& arguments, Terminal& terminal) {
  if (arguments.has("PACKET") == arguments.has("--pcap"))
    return fail_usage("trace needs exactly one of PACKET and --pcap", terminal);
  if (arguments.has("--save") && arguments.has("--pcap"))
    return fail_usage("--save writes the frame made from PACKET; with --pcap it stands in a file already",
                      terminal);
  const auto frames = frames_of(arguments, terminal);
  if (!frames) return fail(frames.error(), terminal);

  HostBalancer here;
  if (const auto file = arguments.optional("--file")) {
    auto input = read_input(*file);
    if (!input) return fail(input.error(), terminal);
    here = make_host_balancer(input->text, input->name);
    if (!here.balancer) return finish(here.outcome, arguments, terminal, input->text);
  }
  const auto traced = here.balancer ? ask_here(*here.balancer, *frames) : ask_daemon(*frames, terminal);
  if (!traced) return fail(traced.error(), terminal);
  if (auto written = write_files(arguments, *frames, *traced); !written)
    return fail(written.error(), terminal);
  print(*traced, arguments, terminal);
  return kOk;
}

}  // namespace steadfast::cli
