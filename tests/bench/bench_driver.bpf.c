/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The benchmark's driver. BPF_PROG_TEST_RUN repeats on one buffer, as the last
 * repeat left it; so this program first restores the packet (length, Ethernet
 * header, the five-tuple of the next flow) and then tail-calls the program under
 * test. Calling a program that only returns XDP_TX measures the driver itself,
 * which is subtracted.
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

/* The n-th flow: an odd multiplier visits every flow of a power of two once. */
static __always_inline __u32 flow_number(struct bench_plan *plan)
{
	__u32 n = plan->next++;

	if (plan->scattered)
		n *= 2654435761u;
	return n & plan->flow_mask;
}

/*
 * Flow n gets the source address base + n / 2^15 and the source port
 * 1024 + n % 2^15. The checksum is left alone: the program never reads it.
 */
static __always_inline void write_flow(__u8 *data, __u32 flow, __u32 ipv6)
{
	__u16 port = __builtin_bswap16((__u16)(1024 + (flow & 0x7fff)));
	__u32 host = __builtin_bswap32(0xcb007100u + (flow >> 15));

	if (ipv6) {
		*(__u32 *)(data + 14 + 20) = host;
		*(__u16 *)(data + 14 + 40) = port;
	} else {
		*(__u32 *)(data + 14 + 12) = host;
		*(__u16 *)(data + 14 + 20) = port;
	}
}

SEC("xdp")
int bench_drive(struct xdp_md *ctx)
{
	__u32 zero = 0;
	struct bench_plan *plan = bpf_map_lookup_elem(&bench_plan, &zero);
	__u8 *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	int grown;

	if (!plan)
		return XDP_ABORTED;
	grown = (int)(ctx->data_end - ctx->data) - (int)plan->frame_bytes;
	if (grown && bpf_xdp_adjust_head(ctx, grown))
		return XDP_ABORTED;
	data = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if (data + 14 + 60 > (__u8 *)end)
		return XDP_ABORTED;
	__builtin_memcpy(data, plan->ethernet, 12);
	*(__u16 *)(data + 12) = plan->ethertype;
	write_flow(data, flow_number(plan), plan->ipv6);
	bpf_tail_call(ctx, &bench_under_test, 0);
	return XDP_ABORTED;
}

SEC("xdp")
int bench_tx(struct xdp_md *ctx)
{
	(void)ctx;
	return XDP_TX;
}

/* The least an encapsulating program can do: move the head, return. */
SEC("xdp")
int bench_grow(struct xdp_md *ctx)
{
	if (bpf_xdp_adjust_head(ctx, -20))
		return XDP_ABORTED;
	return XDP_TX;
}

char _license[] SEC("license") = "GPL";
