// SPDX-License-Identifier: Apache-2.0
#include "support/large_config.h"

namespace steadfast {
namespace {

std::string address(std::size_t pool, std::size_t backend) {
  return "10." + std::to_string(pool / 250 % 250) + "." + std::to_string(pool % 250) + "." +
         std::to_string(backend % 250 + 1);
}

std::string head(std::size_t services, std::size_t backends) {
  return "schema = 1\n[host]\ninterfaces = [\"eth0\"]\nxdp_mode = \"native\"\n"
         "source = [\"198.51.100.0/28\"]\nhash_seed = \"bench\"\n[limits]\nservices = " +
         std::to_string(services) + "\nbackends = " + std::to_string(backends) + "\nflows = \"4M\"\n";
}

std::string service(std::size_t number, std::size_t pool) {
  return "[[service]]\nname = \"service-" + std::to_string(number) + "\"\nvip = \"192.0.2." +
         std::to_string(number % 250 + 1) +
         "\"\nprotocol = \"tcp\"\nport = " + std::to_string(1000 + number) +
         "\nforward = \"ipip\"\npool = \"pool-" + std::to_string(pool) + "\"\n";
}

std::string pool(std::size_t number, std::size_t backends) {
  const std::string name = "pool-" + std::to_string(number);
  std::string text = "[[pool]]\nname = \"" + name +
                     "\"\nmin_healthy = \"50%\"\nhealth = { type = \"tcp\", interval = \"2s\", timeout = "
                     "\"1s\", fall = 3, rise = 2 }\n";
  for (std::size_t i = 0; i < backends; ++i)
    text += "[[pool.backend]]\nname = \"" + name + "-" + std::to_string(i) + "\"\naddress = \"" +
            address(number + i / 250 * 1000, i) + "\"\nweight = 100\nlabels = { rack = \"r" +
            std::to_string(i % 4) + "\" }\n";
  return text;
}

}  // namespace

std::string large_config(std::size_t pools) {
  constexpr std::size_t kServices = 1000;
  constexpr std::size_t kBackends = 10'000;
  std::string text = head(kServices, 65535);
  for (std::size_t i = 0; i < kServices; ++i) text += service(i, i % pools);
  for (std::size_t i = 0; i < pools; ++i) text += pool(i, kBackends / pools);
  return text;
}

}  // namespace steadfast
