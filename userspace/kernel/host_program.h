// SPDX-License-Identifier: Apache-2.0
// The packet code of bpf/, compiled for this process by a C compiler: the host
// engine's program. The same headers, the same language; only bpf/platform.h and
// the map accessors differ.
//
// Must not enter: C++ (the program is C), anything but plain memory.
#pragma once

#include "bpf/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sf_host_memory;

// The frame of a run: `data` … `data_end` is the packet, `headroom` the first
// byte its head may grow to.
struct sf_host_frame {
  __u8* data;
  __u8* data_end;
  __u8* headroom;
};

// Classifies, rewrites and (unless `dry`) counts and remembers, as the kernel's
// sf_lb and sf_lb_dry do. Afterwards `frame` shows what leaves.
void sf_host_run(const struct sf_host_memory* memory, struct sf_host_frame* frame, __u32 slot, int dry,
                 struct sf_decision* decision);

// What the packet code reads in a frame; what it does not find is 0. Changes nothing.
void sf_host_parse(const struct sf_host_frame* frame, struct sf_packet* packet);

#ifdef __cplusplus
}
#endif
