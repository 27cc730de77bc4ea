// SPDX-License-Identifier: Apache-2.0
#include "kernel/host_program.h"

#include "bpf/classify.h"

/* What BPF_PROG_TEST_RUN says: the loopback device of the namespace. */
#define SF_HOST_IFINDEX 1

void sf_host_run(const struct sf_host_memory* memory, struct sf_host_frame* frame, __u32 slot, int dry,
                 struct sf_decision* decision) {
  sf_context context = {frame->data, frame->data_end, frame->headroom, SF_HOST_IFINDEX};
  const __u64 bytes = (__u64)(frame->data_end - frame->data);
  const struct sf_decision undecided = {0};

  sf_host = memory;
  *decision = undecided;
  if (dry) {
    decision->verdict = sf_classify(&context, decision, slot, 1);
  } else {
    decision->verdict = sf_classify(&context, decision, SF_NO_SLOT, 0);
    sf_count(decision, bytes);
  }
  frame->data = context.data;
  frame->data_end = context.data_end;
}

void sf_host_parse(const struct sf_host_frame* frame, struct sf_packet* packet) {
  sf_context context = {frame->data, frame->data_end, frame->headroom, SF_HOST_IFINDEX};
  const struct sf_packet unread = {0};

  *packet = unread;
  sf_parse(&context, packet);
}
