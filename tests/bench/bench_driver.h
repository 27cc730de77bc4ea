/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/* What the benchmark tells its driver program; both sides include it. */
#ifndef STEADFAST_TESTS_BENCH_DRIVER_H
#define STEADFAST_TESTS_BENCH_DRIVER_H

#include <linux/types.h>

#define BENCH_IMAGE_BYTES 64

enum bench_rewrite { BENCH_AS_IT_IS, BENCH_IPV4, BENCH_IPV6 };

struct bench_plan {
  __u64 image[BENCH_IMAGE_BYTES / 8]; /* the frame's first bytes, restored before every packet */
  __u32 frame_bytes;
  __u32 head_bytes; /* by which the program under test grows the head */
  __u32 flows;
  __u32 step; /* 1: in order; otherwise prime to `flows`, so that each is visited once */
  __u32 at;   /* the next flow, below `flows` */
  __u32 first_flow;
  __u32 services;     /* flow n goes to VIP n % services */
  __u32 vip;          /* last 32 bits of the first VIP, in host order */
  __u32 rewrite;      /* enum bench_rewrite */
  __u32 takes_back;   /* 1: bpf_xdp_adjust_head() is called even by 0 bytes */
  __u32 generates_to; /* ifindex that bench_generate sends to */
  __u32 reserved;
  __u64 returned; /* packets that bench_return saw */
  __u32 alone;    /* 1: nothing is under test, the driver answers by itself */
};

#endif
