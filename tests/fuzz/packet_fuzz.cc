// SPDX-License-Identifier: Apache-2.0
// Any bytes as a frame. The first byte of an input chooses the tables, the second
// the seconds that pass before the frame comes again; the rest is the frame. Before
// it come flows and the first parts of trains of fragments, so that what is
// remembered can be met.
//
// Every packet counts once; the dry twin decides as the program does; what is
// neither sent nor answered is unchanged; what is sent has right lengths around an
// unchanged packet; what is answered has right checksums.
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "base/bug.h"
#include "compile/tables.h"
#include "counters/stripes.h"
#include "kernel/host_kernel.h"
#include "kernel/publish.h"
#include "packet_tables.h"
#include "support/frames.h"

namespace {

using namespace steadfast;

constexpr std::size_t kControlBytes = 2;
constexpr std::size_t kMostBytes = 4000;

NextHops hops_of(const Model& model) {
  NextHop plain, tagged;
  plain.destination = tagged.destination = Mac{{2, 0, 0, 0, 0, 0xbe}};
  plain.source = tagged.source = Mac{{2, 0, 0, 0, 0, 0x1b}};
  plain.on_link = tagged.on_link = true;
  plain.ifindex = 1;
  tagged.ifindex = 7;
  tagged.members = {3};
  tagged.mtu = 600;
  tagged.tags = {{0x88a8, 5}, {0x8100, 6}};
  NextHops hops;
  for (const Pool& pool : model.pools)
    for (const Backend& backend : pool.backends)
      if (pool.name != "lost") hops[backend.address.value] = backend.name == "b" ? tagged : plain;
  return hops;
}

Model model_of(const std::string& toml) {
  Findings findings;
  const auto model = build(config::parse(toml, "fuzz.toml", findings), findings);
  invariant(model.has_value(), "a fixed configuration is right");
  return *model;
}

// One engine with its tables; packets leave traces in it, reset() takes them away.
class Balancer {
 public:
  enum class Tables { whole, none, contradictory, silent };

  Balancer(const std::string& services, Tables tables)
      : model_(model_of(kPacketHead + services + kPools)), kernel_(capacity_for(model_.limits, 1)) {
    if (tables == Tables::none) return;
    Publisher publisher(kernel_);
    Identities identities(model_.limits);
    const auto compiled = compile(model_, 1, identities, hops_of(model_));
    invariant(compiled && publisher.publish(*compiled), "fixed tables can be published");
    if (tables == Tables::contradictory) contradict();
    if (tables == Tables::silent) silence();
  }

  void reset() {
    Memory& memory = kernel_.memory();
    clear(memory.flows);
    clear(memory.fragments);
    clear(memory.rates);
    clear(memory.budget);
    clear(memory.counts);
    clear(memory.backend_counts);
    clear(memory.flow_counts);
    memory.selector->clock_s = 1'000'000;
  }

  void pass(std::uint8_t seconds) { kernel_.memory().selector->clock_s += seconds; }

  Answer run(const Frame& frame) {
    const Answer expected = *kernel_.run_dry(frame, SF_NO_SLOT);
    const Answer answer = *kernel_.run(frame);
    invariant(std::memcmp(&expected.decision, &answer.decision, sizeof answer.decision) == 0 &&
                  expected.frame == answer.frame,
              "the dry twin decides as the program does");
    return answer;
  }

  std::uint64_t counted() {
    std::uint64_t sum = 0;
    for (const sf_count& count : kernel_.memory().counts) sum += count.packets;
    return sum;
  }

  const sf_backend& backend(const sf_decision& decision) {
    const Memory& memory = kernel_.memory();
    return memory.backends[decision.slot * memory.capacity.backends + decision.backend];
  }

 private:
  template <typename Row>
  static void clear(std::span<Row> rows) {
    std::fill(rows.begin(), rows.end(), Row{});
  }

  // Rings name backends that nobody has.
  void contradict() {
    for (sf_ring_line& line : kernel_.memory().rings) std::fill_n(line.backend, SF_RING_LINE_ENTRIES, 60);
  }

  // No answer is left in any second.
  void silence() {
    for (sf_slot& slot : kernel_.memory().slots) slot.echo_limit = slot.too_big_limit = 0;
  }

  Model model_;
  HostKernel kernel_;
};

Balancer& balancer_of(std::uint8_t choice) {
  using Tables = Balancer::Tables;
  static Balancer balancers[] = {{kPlainServices, Tables::whole},
                                 {kWideServices, Tables::whole},
                                 {kPlainServices, Tables::none},
                                 {kPlainServices, Tables::contradictory},
                                 {kPlainServices, Tables::silent}};
  return balancers[choice % std::size(balancers)];
}

enum class Fate { same, sent, answered };

Fate fate_of(std::uint32_t verdict) {
  switch (verdict) {
    case SF_FORWARDED:
    case SF_FRAGMENT_FORWARDED:
    case SF_ICMP_FORWARDED:
      return Fate::sent;
    case SF_ECHO_ANSWERED:
    case SF_TOO_BIG_ANSWERED:
      return Fate::answered;
    default:
      return Fate::same;
  }
}

std::size_t link_bytes(const Frame& frame) {
  std::size_t at = 12;
  for (int tags = 0; tags < 2 && (frames::get16(frame, at) == 0x8100 || frames::get16(frame, at) == 0x88a8);
       ++tags)
    at += 4;
  return at + 2;
}

std::size_t ip_bytes(const Frame& frame, std::size_t at) {
  return frame.at(at) >> 4 == 4 ? frames::get16(frame, at + 2) : frames::get16(frame, at + 4) + 40u;
}

void require_outer(const Frame& out, std::size_t at, std::size_t outer, std::size_t inner_bytes) {
  const bool is_gue = outer == 28 || outer == 48;
  invariant(ip_bytes(out, at) == inner_bytes + outer, "the outer header has the packet's length");
  if (is_gue) invariant(frames::get16(out, at + outer - 4) == inner_bytes + 8, "so has the outer UDP header");
  if (outer <= 28)
    invariant(internet_sum(&out[at], 20) == 0xffff, "the outer IPv4 header's checksum is right");
}

void require_sent(const Frame& in, const Answer& answer, const sf_backend& backend) {
  const std::size_t from = link_bytes(in), at = 14u + backend.tag_bytes, outer = backend.outer_bytes;
  invariant(link_bytes(answer.frame) == at, "the link header is the next hop's");
  invariant(answer.frame.size() - at - outer == in.size() - from, "a packet grows by its outer header");
  invariant(std::equal(in.begin() + static_cast<std::ptrdiff_t>(from), in.end(),
                       answer.frame.begin() + static_cast<std::ptrdiff_t>(at + outer)),
            "the packet itself is as the client sent it");
  if (outer != 0) require_outer(answer.frame, at, outer, ip_bytes(in, from));
}

std::span<const std::uint8_t> ip_of(const Frame& frame) {
  return std::span(frame).subspan(link_bytes(frame));
}

// An echo's sums follow what came: a wrong one stays wrong. Ours are right in any case.
void require_answered(const Frame& in, const Answer& answer) {
  const bool is_echo = answer.decision.verdict == SF_ECHO_ANSWERED;
  if (is_echo && !frames::wrong_checksum(ip_of(in)).empty()) return;
  invariant(frames::wrong_checksum(ip_of(answer.frame)).empty(), "an answer's checksums are right");
  if (!is_echo)
    invariant(ip_bytes(answer.frame, link_bytes(answer.frame)) == ip_of(answer.frame).size(),
              "a notice is as long as it says");
}

void require_fate(Balancer& balancer, const Frame& in, const Answer& answer) {
  switch (fate_of(answer.decision.verdict)) {
    case Fate::same:
      return invariant(answer.frame == in, "what is not sent is not changed");
    case Fate::sent:
      return require_sent(in, answer, balancer.backend(answer.decision));
    case Fate::answered:
      return require_answered(in, answer);
  }
}

Packet packet_of(const char* source, const char* destination, std::uint8_t protocol, std::uint16_t port) {
  Packet packet;
  packet.protocol = protocol;
  packet.source = *Address::parse(source);
  packet.destination = *Address::parse(destination);
  packet.source_port = 1000;
  packet.destination_port = port;
  packet.syn = true;
  packet.payload_bytes = protocol == 17 ? 600 : 0;
  return packet;
}

// A TCP flow of either family, and the first fragments 7 and 8 of UDP datagrams.
std::vector<Frame> openers() {
  const Frame dns = build_frame(packet_of("203.0.113.7", "192.0.2.10", 17, 53));
  const Frame quic = build_frame(packet_of("203.0.113.7", "192.0.2.10", 17, 443));
  return {build_frame(packet_of("203.0.113.7", "192.0.2.10", 6, 80)),
          build_frame(packet_of("2001:db8:c::7", "2001:db8::10", 6, 80)), frames::fragment(dns, 0, 400, 7),
          frames::fragment(quic, 0, 400, 8)};
}

}  // namespace

// bug() ends the process at once; here it must crash, so that its input is kept.
extern "C" void _Exit(int code) noexcept {
  if (code == steadfast::kExitBug) __builtin_trap();
  _exit(code);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < kControlBytes || size > kMostBytes) return 0;
  static const std::vector<Frame> before = openers();
  Balancer& balancer = balancer_of(data[0]);
  const Frame frame(data + kControlBytes, data + size);
  balancer.reset();
  for (const Frame& opener : before) require_fate(balancer, opener, balancer.run(opener));
  require_fate(balancer, frame, balancer.run(frame));
  balancer.pass(data[1]);
  require_fate(balancer, frame, balancer.run(frame));
  invariant(balancer.counted() == before.size() + 2, "every packet counts once");
  return 0;
}
