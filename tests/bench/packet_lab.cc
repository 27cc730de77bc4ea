// SPDX-License-Identifier: Apache-2.0
#include "packet_lab.h"

#include <linux/bpf.h>

#include <algorithm>
#include <cstdio>

namespace steadfast::bench {
namespace {

constexpr std::uint32_t kFirstVip4 = 0xc6120001;  // 198.18.0.1
constexpr std::uint32_t kFirstVip6 = 0x00100001;
constexpr std::uint32_t kLeastFlows = 1024;

std::string ipv4(std::uint32_t address) {
  return std::to_string(address >> 24) + "." + std::to_string(address >> 16 & 255) + "." +
         std::to_string(address >> 8 & 255) + "." + std::to_string(address & 255);
}

std::string ipv6(const char* prefix, std::uint32_t low) {
  char text[64];
  std::snprintf(text, sizeof text, "%s::%x:%x", prefix, low >> 16, low & 0xffff);
  return text;
}

std::string vip(const Path& path, std::uint32_t n) {
  return path.is_v6() ? ipv6("2001:db8", kFirstVip6 + n) : ipv4(kFirstVip4 + n);
}

std::string backend(const Path& path, std::uint32_t n) {
  return path.outer_v6() ? ipv6("2001:db8:2", 0x10001 + n) : ipv4(0x0a400001 + n);
}

std::string service_text(const Path& path, std::uint32_t n) {
  const std::string mode = path.mode;
  return "[[service]]\nname = \"s" + std::to_string(n) + "\"\nvip = \"" + vip(path, n) + "\"\nprotocol = \"" +
         path.protocol + "\"\nport = 80\nforward = \"" + (mode == "l2" || mode == "gue" ? mode : "ipip") +
         "\"\npool = \"p" + std::to_string(n) + "\"\n";
}

std::string pool_text(const Path& path, std::uint32_t n, std::uint32_t from, std::uint32_t count) {
  std::string text = "[[pool]]\nname = \"p" + std::to_string(n) + "\"\n";
  for (std::uint32_t i = from; i < from + count; ++i)
    text += "[[pool.backend]]\nname = \"b" + std::to_string(i) + "\"\naddress = \"" + backend(path, i) +
            "\"\nweight = 1\n";
  return text;
}

}  // namespace

bool Path::outer_v6() const {
  const std::string text = mode;
  return text == "4in6" || (text != "6in4" && is_v6());
}

std::uint32_t Path::grows() const {
  const std::string text = mode;
  if (text == "l2") return 0;
  return (outer_v6() ? 40 : 20) + (text == "gue" ? 8 : 0);
}

std::string lab_text(const Path& path, const Scale& scale) {
  const std::uint32_t each = std::max(1U, scale.backends / scale.services);
  std::string text =
      "schema = 1\n[host]\ninterfaces = [\"eth0\"]\nxdp_mode = \"native\"\nsource = [\"198.51.100.1\", "
      "\"2001:db8:ffff::1\"]\nhash_seed = \"bench\"\n[limits]\nservices = " +
      std::to_string(std::max(16U, scale.services)) +
      "\nbackends = " + std::to_string(std::max(256U, each * scale.services)) +
      "\nflows = " + std::to_string(std::max(scale.flows, kLeastFlows)) + "\n";
  for (std::uint32_t n = 0; n < scale.services; ++n) text += service_text(path, n);
  for (std::uint32_t n = 0; n < scale.services; ++n) text += pool_text(path, n, n * each, each);
  return text;
}

Drive drive_of(const Path& path, bool first, std::uint16_t port) {
  Packet packet;
  packet.protocol = std::string(path.protocol) == "udp" ? 17 : 6;
  packet.destination = *Address::parse(vip(path, 0));
  packet.source = *Address::parse(path.is_v6() ? "2001:db8:c::1" : "11.0.0.0");
  packet.source_port = 1024;
  packet.destination_port = port;
  packet.syn = first;
  packet.ack = !first;
  packet.payload_bytes = 26;
  Drive drive;
  drive.frame = build_frame(packet);
  drive.grows = path.grows();
  drive.vip = path.is_v6() ? kFirstVip6 : kFirstVip4;
  drive.rewrite = path.is_v6() ? BENCH_IPV6 : BENCH_IPV4;
  drive.action = XDP_TX;
  return drive;
}

}  // namespace steadfast::bench
