/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The benchmark's driver. BPF_PROG_TEST_RUN repeats on one buffer, as the last
 * repeat left it; so this program first restores the packet (head, length, first
 * bytes, the five-tuple of the next flow) and then tail-calls the program under
 * test. Taking back an encapsulation is one helper call that a bare XDP_TX does not
 * make necessary; `takes_back` makes the driver call it all the same, so that its
 * share of a figure is known.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bench_driver.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct bench_plan);
} bench_plan SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} bench_under_test SEC(".maps");

static __always_inline __u32 next_flow(struct bench_plan *plan)
{
	__u32 at = plan->at, next = at + plan->step;

	plan->at = next >= plan->flows ? next - plan->flows : next;
	return plan->first_flow + at;
}

/*
 * Flow n gets the source address base + n / 2^15, the source port 1024 + n % 2^15
 * and VIP n % services. Checksums are left alone: the program never reads them.
 */
static __always_inline void write_flow(__u8 *data, const struct bench_plan *plan, __u32 flow)
{
	__u16 port = __builtin_bswap16((__u16)(1024 + (flow & 0x7fff)));
	__u32 host = __builtin_bswap32(0x0b000000u + (flow >> 15));
	__u32 vip = __builtin_bswap32(plan->vip + flow % plan->services);

	if (plan->rewrite == BENCH_IPV6) {
		*(__u32 *)(data + 14 + 20) = host;
		*(__u32 *)(data + 14 + 36) = vip;
		*(__u16 *)(data + 14 + 40) = port;
	} else if (plan->rewrite == BENCH_IPV4) {
		*(__u32 *)(data + 14 + 12) = host;
		*(__u32 *)(data + 14 + 16) = vip;
		*(__u16 *)(data + 14 + 20) = port;
	}
}

/* Answers change the tail as well; nothing else does, so this branch is never taken for them. */
static __always_inline int restore_length(struct xdp_md *ctx, __u32 frame_bytes)
{
	int missing = (int)frame_bytes - (int)(ctx->data_end - ctx->data);

	return missing ? bpf_xdp_adjust_tail(ctx, missing) : 0;
}

SEC("xdp")
int bench_drive(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct bench_plan *plan = bpf_map_lookup_elem(&bench_plan, &zero);
	__u64 *words;

	if (!plan)
		return XDP_ABORTED;
	if ((plan->head_bytes || plan->takes_back) && bpf_xdp_adjust_head(ctx, (int)plan->head_bytes))
		return XDP_ABORTED;
	if (restore_length(ctx, plan->frame_bytes))
		return XDP_ABORTED;
	words = (void *)(long)ctx->data;
	if ((__u8 *)words + BENCH_IMAGE_BYTES > (__u8 *)(long)ctx->data_end)
		return XDP_ABORTED;
#pragma clang loop unroll(full)
	for (int i = 0; i < BENCH_IMAGE_BYTES / 8; i++)
		words[i] = plan->image[i];
	write_flow((__u8 *)words, plan, next_flow(plan));
	bpf_tail_call(ctx, &bench_under_test, 0);
	return plan->alone ? XDP_TX : XDP_ABORTED;
}

/* Live frames: each a packet of the next flow, sent into a veth. */
SEC("xdp")
int bench_generate(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct bench_plan *plan = bpf_map_lookup_elem(&bench_plan, &zero);
	__u64 *words = (void *)(long)ctx->data;

	if (!plan || (__u8 *)words + BENCH_IMAGE_BYTES > (__u8 *)(long)ctx->data_end)
		return XDP_ABORTED;
#pragma clang loop unroll(full)
	for (int i = 0; i < BENCH_IMAGE_BYTES / 8; i++)
		words[i] = plan->image[i];
	write_flow((__u8 *)words, plan, next_flow(plan));
	return (int)bpf_redirect(plan->generates_to, 0);
}

/* Where live frames end: one CPU runs everything, so a plain counter is exact. */
SEC("xdp")
int bench_return(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct bench_plan *plan = bpf_map_lookup_elem(&bench_plan, &zero);

	(void)ctx;
	if (plan)
		plan->returned++;
	return XDP_DROP;
}

SEC("xdp")
int bench_tx(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_TX;
}

/* The least a program that adds a header can do: move the head, return. */
SEC("xdp")
int bench_grow(struct xdp_md *ctx)
{
	return bpf_xdp_adjust_head(ctx, -20) ? XDP_ABORTED : XDP_TX;
}

/* The least an encapsulating program can do: room, Ethernet and outer IPv4 header, checksum given. */
SEC("xdp")
int bench_encapsulate(struct xdp_md *ctx)
{
	__u32 *at;

	if (bpf_xdp_adjust_head(ctx, -20))
		return XDP_ABORTED;
	at = (void *)(long)ctx->data;
	if ((__u8 *)at + 36 > (__u8 *)(long)ctx->data_end)
		return XDP_ABORTED;
#pragma clang loop unroll(full)
	for (int i = 0; i < 8; i++)
		at[i] = 0x45000054;
	*(__u16 *)(at + 8) = 0x0a00;
	return XDP_TX;
}

char _license[] SEC("license") = "GPL";
