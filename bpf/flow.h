/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Flow: the memory of which backend a flow has. A flow is one 8-byte word in
 * one bucket of one cache line (layout in abi.h), read whole and replaced whole
 * by compare-and-swap, so that two CPUs never tear a word and never undo each
 * other's work; a lost race only means that the flow is remembered by its next
 * packet.
 *
 * What may displace what is the defence against floods: an empty way first,
 * then closing, then half-open or once-seen, then established flows idle for
 * SF_FLOW_IDLE_S. A live established flow is never displaced; a newcomer that
 * finds no room goes untracked to the backend that the ring names.
 */
#ifndef STEADFAST_BPF_FLOW_H
#define STEADFAST_BPF_FLOW_H

#include "maps.h"
#include "parse.h"

struct sf_flow {
	struct sf_bucket *bucket;
	__u64 word; /* the way that carries the tag, 0 when none does */
	__u32 way;
};

SF_INLINE __u32 sf_flow_state(__u64 word)
{
	return (word >> SF_FLOW_STATE_SHIFT) & 0xf;
}

SF_INLINE __u32 sf_flow_backend(__u64 word)
{
	return (word >> SF_FLOW_BACKEND_SHIFT) & SF_BACKEND_ID_MAX;
}

SF_INLINE __u16 sf_flow_age(__u64 word)
{
	return (__u16)(word >> SF_FLOW_AGE_SHIFT);
}

SF_INLINE __u64 sf_flow_word(__u64 hash, __u32 backend, __u32 state, __u32 clock_s)
{
	return (hash & SF_FLOW_TAG_MASK) | (__u64)backend << SF_FLOW_BACKEND_SHIFT |
	       (__u64)state << SF_FLOW_STATE_SHIFT | (__u64)clock_s << SF_FLOW_AGE_SHIFT;
}

SF_INLINE __u64 sf_flow_read(const struct sf_bucket *bucket, __u32 way)
{
	return *(const volatile __u64 *)&bucket->way[way];
}

SF_INLINE int sf_flow_replace(struct sf_bucket *bucket, __u32 way, __u64 expected, __u64 word)
{
	return __sync_val_compare_and_swap(&bucket->way[way & (SF_WAYS - 1)], expected, word) == expected;
}

/* The upper half of the hash picks the bucket by multiplication, so their number is free. */
SF_INLINE void sf_flow_find(struct sf_flow *flow, __u64 hash)
{
	flow->bucket = sf_flows_row((__u32)((hash >> 32) * sf_capacity.flow_buckets >> 32));
	flow->word = 0;
	flow->way = 0;
	if (!flow->bucket)
		return;
	SF_UNROLL
	for (int i = 0; i < SF_WAYS; i++) {
		__u64 word = sf_flow_read(flow->bucket, i);

		if ((word ^ hash) << (64 - SF_FLOW_TAG_BITS) || !word)
			continue;
		flow->word = word;
		flow->way = i;
		return;
	}
}

/* How willingly a way is given up: 0 never, then the higher the sooner. */
SF_INLINE __u32 sf_flow_displaceable(__u64 word, __u32 clock_s)
{
	__u32 idle = (__u16)((__u16)clock_s - sf_flow_age(word));

	switch (sf_flow_state(word)) {
	case SF_FLOW_CLOSING:
		return 0x30000 | idle;
	case SF_FLOW_HALF_OPEN:
	case SF_FLOW_SEEN:
		return 0x20000 | idle;
	default:
		return idle > SF_FLOW_IDLE_S ? 0x10000 | idle : 0;
	}
}

/* The way a new flow may take; flow->word becomes what stands there now. 0 when there is none. */
SF_INLINE int sf_flow_make_room(struct sf_flow *flow, __u32 clock_s)
{
	__u32 best = 0;

	if (flow->word)
		return 1;
	SF_UNROLL
	for (int i = 0; i < SF_WAYS; i++) {
		if (!sf_flow_read(flow->bucket, i)) {
			flow->way = i;
			return 1;
		}
	}
	SF_UNROLL
	for (int i = 0; i < SF_WAYS; i++) {
		__u64 word = sf_flow_read(flow->bucket, i);
		__u32 rank = sf_flow_displaceable(word, clock_s);

		if (rank > best) {
			best = rank;
			flow->way = i;
			flow->word = word;
		}
	}
	return best != 0;
}

/* State of a flow by its first packet seen here. */
SF_INLINE __u32 sf_flow_first_state(const struct sf_packet *packet)
{
	if (packet->tcp_flags & (SF_TCP_FIN | SF_TCP_RST))
		return SF_FLOW_CLOSING;
	if (packet->tcp_flags & SF_TCP_SYN)
		return SF_FLOW_HALF_OPEN;
	return SF_FLOW_SEEN;
}

/* State of a known flow after this packet. */
SF_INLINE __u32 sf_flow_next_state(const struct sf_packet *packet, __u32 state)
{
	if (packet->tcp_flags & (SF_TCP_FIN | SF_TCP_RST))
		return SF_FLOW_CLOSING;
	if (packet->tcp_flags & SF_TCP_SYN || state == SF_FLOW_CLOSING)
		return state;
	return SF_FLOW_ESTABLISHED;
}

/* A SYN on a flow that was closing starts a new flow of the same five-tuple. */
SF_INLINE int sf_flow_restarts(const struct sf_packet *packet, __u32 state)
{
	return state == SF_FLOW_CLOSING && (packet->tcp_flags & (SF_TCP_SYN | SF_TCP_RST)) == SF_TCP_SYN;
}

#endif /* STEADFAST_BPF_FLOW_H */
