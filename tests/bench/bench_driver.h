/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What the benchmark tells its driver program; both sides include it. */
#ifndef STEADFAST_TESTS_BENCH_DRIVER_H
#define STEADFAST_TESTS_BENCH_DRIVER_H

#include <linux/types.h>

struct bench_plan {
  __u32 frame_bytes;
  __u32 flow_mask; /* flows - 1 */
  __u32 scattered; /* 1: visits flows in an order that no cache can follow */
  __u32 ipv6;
  __u32 next;
  __u16 ethertype; /* as on the wire */
  __u8 ethernet[12];
  __u8 reserved[30];
};

#endif
