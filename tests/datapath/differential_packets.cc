// SPDX-License-Identifier: Apache-2.0
#include "datapath/differential_packets.h"

#include <netinet/in.h>

#include <algorithm>

#include "support/frames.h"

namespace steadfast::differential {
namespace {

constexpr std::size_t kRemembered = 64;
constexpr std::size_t kMostBytes = 3400;  // what BPF_PROG_TEST_RUN takes in one page
constexpr std::size_t kLeastBytes = 14;   // …and the least it takes
constexpr std::uint32_t kIdentifications = 3;
constexpr std::size_t kHeadersEnd = 90;  // damage belongs before this

Address made(const char* text) { return *Address::parse(text); }

void add_to(Address& address, int difference) {
  for (std::size_t i = address.is_v4() ? 4 : 16; i-- > 0 && difference != 0;) {
    const int sum = address.bytes[i] + difference;
    address.bytes[i] = static_cast<std::uint8_t>(sum);
    difference = sum >> 8;
  }
}

std::uint8_t tcp_or_udp(const Service& service) { return static_cast<std::uint8_t>(service.protocol); }

}  // namespace

const Service* Packets::some_service() {
  return model_.services.empty() || random_.once_in(24) ? nullptr : &random_.one_of(model_.services);
}

// Few enough that flows are met again.
Address Packets::some_client(bool v4) {
  Address client = made(v4 ? "203.0.113.0" : "2001:db8:c::");
  add_to(client, static_cast<int>(random_.below(random_.once_in(4) ? 256 : 12)));
  if (random_.once_in(24)) add_to(client, -300);
  return client;
}

// Any address of the VIP, its edges, and the neighbours that are none of it.
Address Packets::address_of(const Service& service) {
  Address address = service.vip.value;
  const unsigned host_bits = std::min(address.bits() - service.vip_bits, 20u);
  const int last = static_cast<int>((1u << host_bits) - 1);
  switch (random_.below(24)) {
    case 0:
      add_to(address, last);
      break;
    case 1:
      add_to(address, last + 1);
      break;
    case 2:
      add_to(address, -1);
      break;
    case 3:
      break;
    default:
      add_to(address, static_cast<int>(random_.below(static_cast<std::size_t>(last) + 1)));
  }
  return address;
}

std::uint16_t Packets::port_of(const Service& service) {
  const std::uint16_t first = service.port.value, last = service.last_port;
  switch (random_.below(24)) {
    case 0:
      return last;
    case 1:
      return static_cast<std::uint16_t>(last + 1);
    case 2:
      return static_cast<std::uint16_t>(first - 1);
    case 3:
      return first;
    default:
      return static_cast<std::uint16_t>(random_.between(first, std::max(first, last)));
  }
}

std::uint16_t Packets::some_payload() {
  if (random_.once_in(8)) return static_cast<std::uint16_t>(random_.between(1360, 1500));
  if (random_.once_in(8)) return static_cast<std::uint16_t>(random_.between(500, 640));
  if (random_.once_in(32)) return static_cast<std::uint16_t>(random_.between(2000, 3000));
  return static_cast<std::uint16_t>(random_.below(130));
}

Packet Packets::client_packet() {
  const Service* service = some_service();
  Packet packet;
  packet.protocol = random_.once_in(2) ? IPPROTO_TCP : IPPROTO_UDP;
  packet.destination = service != nullptr ? address_of(*service)
                                          : made(random_.one_of<const char*>({"192.0.2.10", "c000:20a::"}));
  packet.destination_port =
      service != nullptr ? port_of(*service) : static_cast<std::uint16_t>(random_.word());
  if (service != nullptr && !random_.once_in(16)) packet.protocol = tcp_or_udp(*service);
  packet.source = some_client(packet.destination.is_v4());
  packet.source_port = static_cast<std::uint16_t>(1000 + random_.below(random_.once_in(4) ? 60000 : 8));
  packet.payload_bytes = some_payload();
  return packet;
}

// A flow that was just seen, or a new one.
Packet Packets::again() {
  Packet packet;
  if (!recent_.empty() && random_.once_in(2)) {
    packet = random_.one_of(recent_);
    packet.payload_bytes = some_payload();
  } else {
    packet = client_packet();
    if (recent_.size() < kRemembered)
      recent_.push_back(packet);
    else
      recent_[random_.below(recent_.size())] = packet;
  }
  packet.syn = random_.once_in(3);
  packet.ack = random_.once_in(2);
  packet.fin = random_.once_in(12);
  packet.rst = random_.once_in(16);
  packet.tos = static_cast<std::uint8_t>(random_.word());
  return packet;
}

Frame Packets::plain() { return build_frame(again()); }

// Trains of a few identifications over few flows: most later fragments find their first one.
Frame Packets::fragmented() {
  Packet packet = recent_.empty() || random_.once_in(8)
                      ? client_packet()
                      : recent_[random_.below(std::min<std::size_t>(recent_.size(), 8))];
  packet.payload_bytes = static_cast<std::uint16_t>(random_.between(200, 2400));
  packet.syn = random_.once_in(2);
  const Frame whole = random_.once_in(10) ? frames::echo_request(packet.source, packet.destination, 400)
                                          : build_frame(packet);
  const std::size_t payload = whole.size() - frames::transport_at(whole);
  const std::size_t cut = 8 * random_.between(1, static_cast<std::uint32_t>(payload / 8 - 1));
  const std::uint32_t identification = random_.below(kIdentifications);
  if (random_.once_in(2)) return frames::fragment(whole, 0, cut, identification);
  if (random_.once_in(16)) return frames::fragment(whole, 0, 0, identification);
  return frames::fragment(whole, cut, random_.once_in(2) ? 8 : 0, identification);
}

// Of a router about what a backend answered; some quote too little, or what nobody sent.
Frame Packets::icmp_error() {
  Packet packet = recent_.empty() || random_.once_in(6) ? client_packet() : random_.one_of(recent_);
  packet.payload_bytes = static_cast<std::uint16_t>(random_.between(24, 600));
  Frame sent = build_frame(random_.once_in(10) ? packet : frames::reply_to(packet));
  const bool v4 = packet.source.is_v4();
  if (random_.once_in(8))
    sent = frames::fragment(sent, random_.once_in(3) ? 8 : 0, 16, 3);
  else if (random_.once_in(8))
    sent = v4 ? frames::with_ipv4_options(std::move(sent), 4 * random_.between(1, 10))
              : frames::with_extension(std::move(sent), 60);
  frames::IcmpError error;
  error.type = v4 ? random_.one_of<std::uint8_t>({3, 3, 11, 12, 5, 0, 13})
                  : random_.one_of<std::uint8_t>({1, 2, 3, 4, 5, 0, 100, 129});
  error.code = static_cast<std::uint8_t>(random_.below(6));
  error.rest = random_.between(500, 1500);
  error.quoted = random_.once_in(3) ? random_.below(80) : random_.between(28, 1300);
  return frames::icmp_error(sent, some_client(v4), error);
}

Frame Packets::echo() {
  const Packet packet = client_packet();
  return frames::echo_request(packet.source, packet.destination,
                              random_.once_in(8) ? 1500 : random_.below(100));
}

void Packets::put_connection_id(Frame& frame, std::size_t at, const Service* service) {
  const unsigned bytes = service != nullptr && service->quic ? service->quic->server_id_bytes : 3;
  const unsigned config = service != nullptr && service->quic ? service->quic->config_id : 2;
  frame[at] = static_cast<std::uint8_t>((random_.once_in(8) ? random_.below(8) : config) << 5 | 7);
  for (unsigned i = 1; i <= bytes; ++i) frame[at + i] = 0;
  frame[at + bytes] = static_cast<std::uint8_t>(random_.between(1, 6));
}

Frame Packets::quic() {
  const Service* service = some_service();
  for (int tries = 0; tries < 8 && service != nullptr && !service->quic; ++tries) service = some_service();
  Packet packet = client_packet();
  if (service != nullptr) packet.destination = address_of(*service);
  if (service != nullptr) packet.destination_port = port_of(*service);
  packet.source = some_client(packet.destination.is_v4());
  packet.protocol = IPPROTO_UDP;
  packet.payload_bytes = static_cast<std::uint16_t>(random_.between(20, 60));
  Frame frame = build_frame(packet);
  const std::size_t at = frames::transport_at(frame) + 8;
  if (random_.once_in(2)) {
    frame[at] = random_.once_in(8) ? 0 : 0x40;
    put_connection_id(frame, at + 1, service);
    return frame;
  }
  frame[at] = static_cast<std::uint8_t>(0xc0 | random_.below(4) << 4);
  const std::uint32_t version = random_.one_of<std::uint32_t>({1, 1, 0x6b3343cf, 7});
  frames::put16(frame, at + 1, version >> 16);
  frames::put16(frame, at + 3, version & 0xffff);
  frame[at + 5] = static_cast<std::uint8_t>(random_.below(12));
  put_connection_id(frame, at + 6, service);
  return frame;
}

Frame Packets::not_ip() {
  Frame frame = plain();
  frames::put16(frame, 12, random_.one_of<unsigned>({0x0806, 0x88cc, 0x86dd, 0x0800, 0x8847}));
  return frame;
}

// Up to eight headers, some long: within what is walked and beyond.
Frame Packets::chained(Frame frame) {
  const std::uint32_t headers = random_.once_in(4) ? random_.between(1, 8) : 1;
  for (std::uint32_t i = 0; i < headers; ++i) {
    const std::uint8_t kind = random_.one_of<std::uint8_t>({0, 43, 60, 51, 44});
    const std::size_t bytes = kind == IPPROTO_AH         ? 4 * random_.between(2, 8)
                              : kind == IPPROTO_FRAGMENT ? 8
                              : random_.once_in(12)      ? 8 * random_.between(20, 60)
                                                         : 8 * random_.between(1, 3);
    frame = frames::with_extension(std::move(frame), kind, bytes);
  }
  return frame;
}

Frame Packets::dressed(Frame frame) {
  if (frames::is_ipv6(frame) && random_.once_in(5)) frame = chained(std::move(frame));
  if (frames::get16(frame, 12) == 0x0800 && frame[frames::kIpAt] == 0x45 && random_.once_in(10))
    frame = frames::with_ipv4_options(std::move(frame), 4 * random_.between(1, 10));
  if (!random_.once_in(5)) return frame;
  std::vector<std::pair<std::uint16_t, std::uint16_t>> tags(random_.between(1, random_.once_in(4) ? 3 : 2));
  for (auto& tag : tags)
    tag = {random_.one_of<std::uint16_t>({0x8100, 0x88a8}), static_cast<std::uint16_t>(random_.word())};
  return frames::tagged(std::move(frame), tags);
}

// Bytes of the headers, the end of the frame, and lengths that lie.
void Packets::damage(Frame& frame) {
  const std::size_t headers = std::min(frame.size(), kHeadersEnd);
  switch (random_.below(6)) {
    case 0:
      frame.resize(random_.between(kLeastBytes, static_cast<std::uint32_t>(frame.size())));
      break;
    case 1:
      frame.resize(frame.size() + random_.between(1, 60));
      break;
    case 2:
      frames::put16(frame, random_.one_of<std::size_t>({16, 18, 38, 58}) % (frame.size() - 1),
                    random_.below(1600));
      break;
    default:
      for (std::uint32_t i = 0; i < random_.between(1, 3); ++i) {
        const std::size_t at = 12 + random_.below(headers - 12);
        frame[at] = static_cast<std::uint8_t>(random_.once_in(2) ? frame[at] ^ 1u << random_.below(8)
                                                                 : random_.word());
      }
  }
}

Frame Packets::next() {
  const std::uint32_t kind = random_.below(100);
  Frame frame = kind < 52   ? plain()
                : kind < 68 ? fragmented()
                : kind < 80 ? icmp_error()
                : kind < 86 ? echo()
                : kind < 98 ? quic()
                            : not_ip();
  if (kind < 98) frame = dressed(std::move(frame));
  if (random_.once_in(6)) damage(frame);
  frame.resize(std::clamp(frame.size(), kLeastBytes, kMostBytes));
  return frame;
}

}  // namespace steadfast::differential
