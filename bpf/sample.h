/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Sample: dropped packets for whoever listens to them. A forwarded packet never
 * comes here, and with no listener a dropped one reads a word of the line that its
 * slot came from. Only the program attached to interfaces samples: neither the dry
 * twin nor the host engine has anybody to tell.
 */
#ifndef STEADFAST_BPF_SAMPLE_H
#define STEADFAST_BPF_SAMPLE_H

#include "maps.h"

/* A daemon's own, never pinned: what nobody reads any more must not outlive its reader. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, SF_SAMPLE_RING_BYTES);
} sf_drops SEC(".maps");

SF_INLINE int sf_is_sampling(void)
{
	const struct sf_control *control = sf_control_row(0);

	return control && control->selector.clock_s < control->selector.sample_until_s;
}

/* No packet interrupts another one on its CPU, so the row needs no lock. */
SF_INLINE int sf_may_sample(struct sf_sampler *sampler, __u32 second)
{
	if (sampler->second != second) {
		sampler->second = second;
		sampler->taken = 0;
	}
	if (sampler->taken >= SF_SAMPLES_PER_SECOND) {
		sampler->beyond++;
		return 0;
	}
	sampler->taken++;
	return 1;
}

SF_INLINE void sf_describe_drop(struct sf_sample *sample, struct xdp_md *ctx, __u32 verdict, __u32 service,
				__u32 frame_bytes)
{
	sample->time_ns = bpf_ktime_get_ns();
	sample->verdict = verdict;
	sample->service = service;
	sample->ifindex = ctx->ingress_ifindex;
	sample->queue = ctx->rx_queue_index;
	sample->cpu = sf_cpu();
	sample->frame_bytes = frame_bytes;
	sample->reserved = 0;
}

/* 1 when the drop can be read from the ring. */
SF_FUNCTION int sf_sample(struct xdp_md *ctx, __u32 verdict, __u32 service, __u32 frame_bytes)
{
	struct sf_sampler *sampler;
	struct sf_sample *sample;
	__u32 captured = frame_bytes;

	if (verdict >= SF_VERDICT_ROOM)
		return 0;
	sampler = sf_samplers_row(sf_cpu() * SF_VERDICT_ROOM + verdict);
	if (!sampler || !sf_may_sample(sampler, sf_clock_s()))
		return 0;
	sample = bpf_ringbuf_reserve(&sf_drops, sizeof(*sample), 0);
	if (!sample) {
		sampler->lost++;
		return 0;
	}
	sf_describe_drop(sample, ctx, verdict, service, frame_bytes);
	if (captured > SF_SAMPLE_BYTES)
		captured = SF_SAMPLE_BYTES;
	/*
	 * Older kernels (6.1, 6.12) refuse a length that may be 0, and learn from no
	 * comparison with 0 that it is not.
	 */
	SF_FORGET(captured);
	captured = ((captured - 1) & (SF_SAMPLE_BYTES - 1)) + 1;
	if (bpf_xdp_load_bytes(ctx, 0, sample->bytes, captured))
		captured = 0;
	sample->captured_bytes = captured;
	bpf_ringbuf_submit(sample, 0);
	return 1;
}

#endif /* STEADFAST_BPF_SAMPLE_H */
