// SPDX-License-Identifier: Apache-2.0
// The parts that the example files of rules have in common. A rule's `bad` and
// `good` are whole files that the tests run, and literals join at compile time.
//
// Must not enter: anything but example text.
#pragma once

#define SF_EXAMPLE_SCHEMA "schema = 1\n"

#define SF_EXAMPLE_HOST              \
  "[host]\n"                         \
  "interfaces = [\"eth0\"]\n"        \
  "xdp_mode = \"native\"\n"          \
  "source = [\"198.51.100.0/28\"]\n" \
  "hash_seed = \"edge-fleet-1\"\n"

#define SF_EXAMPLE_LIMITS \
  "[limits]\n"            \
  "services = 1024\n"     \
  "backends = 8192\n"     \
  "flows = \"4M\"\n"

#define SF_EXAMPLE_HEAD SF_EXAMPLE_SCHEMA SF_EXAMPLE_HOST SF_EXAMPLE_LIMITS

#define SF_EXAMPLE_SERVICE \
  "[[service]]\n"          \
  "name = \"web\"\n"       \
  "vip = \"192.0.2.10\"\n" \
  "protocol = \"tcp\"\n"   \
  "port = 443\n"           \
  "forward = \"ipip\"\n"   \
  "pool = \"web\"\n"

#define SF_EXAMPLE_HEALTH \
  "health = { type = \"tcp\", interval = \"2s\", timeout = \"1s\", fall = 3, rise = 2 }\n"

// A pool up to its backends.
#define SF_EXAMPLE_POOL \
  "[[pool]]\n"          \
  "name = \"web\"\n"    \
  "min_healthy = \"50%\"\n" SF_EXAMPLE_HEALTH

#define SF_EXAMPLE_BACKENDS   \
  "[[pool.backend]]\n"        \
  "name = \"web-01\"\n"       \
  "address = \"10.0.2.10\"\n" \
  "weight = 100\n"            \
  "[[pool.backend]]\n"        \
  "name = \"web-02\"\n"       \
  "address = \"10.0.2.11\"\n" \
  "weight = 100\n"

#define SF_EXAMPLE_REST SF_EXAMPLE_SERVICE SF_EXAMPLE_POOL SF_EXAMPLE_BACKENDS
