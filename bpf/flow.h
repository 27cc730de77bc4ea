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
	__u64 word;   /* the way that carries the tag, 0 when none does */
	__u32 bucket; /* its row */
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

/* Seconds since the flow's age was written, wrapping like the clock's 16 bits. */
SF_INLINE __u16 sf_flow_idle(__u64 word, __u32 clock_s)
{
	return (__u16)((__u16)clock_s - sf_flow_age(word));
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

SF_INLINE int sf_has_tag(__u64 word, __u64 hash)
{
	return !((word ^ hash) & SF_FLOW_TAG_MASK);
}

/* The word that carries the hash's tag, 0 when none does: the last one, where two CPUs remembered a flow at
 * once. */
SF_INLINE __u64 sf_bucket_find(const struct sf_bucket *bucket, __u64 hash)
{
	__u64 found = 0;

	SF_UNROLL
	for (int i = 0; i < SF_WAYS; i++) {
		__u64 word = sf_flow_read(bucket, i);

		if (sf_has_tag(word, hash))
			found = word;
	}
	return found;
}

/*
 * The way a flow takes unless another one is there: asked before the others it makes one
 * branch, and a predictable one, of what is otherwise one per way, of which each flow's own
 * is mispredicted. A word is only ever replaced by another one, never by 0, so while a
 * flow's first way is empty the flow is nowhere.
 */
SF_INLINE __u32 sf_first_way(__u64 tag)
{
	return (__u32)tag & (SF_WAYS - 1);
}

/* The way a word found by sf_bucket_find() stands in. */
SF_INLINE __u32 sf_way_of(const struct sf_bucket *bucket, __u64 word)
{
	SF_UNROLL
	for (int i = 0; i < SF_WAYS; i++)
		if (sf_flow_read(bucket, i) == word)
			return i;
	return 0;
}

/* 0 when the table has no such bucket. */
SF_INLINE int sf_flow_find(struct sf_flow *flow, __u64 hash)
{
	const struct sf_bucket *bucket;

	flow->bucket = sf_pick(hash, sf_capacity.flow_buckets);
	bucket = sf_flows_row(flow->bucket);
	if (!bucket)
		return 0;
	flow->word = sf_flow_read(bucket, sf_first_way(hash));
	if (flow->word && !sf_has_tag(flow->word, hash))
		flow->word = sf_bucket_find(bucket, hash);
	return 1;
}

/* How willingly a way is given up: 0 never, then the higher the sooner. */
SF_INLINE __u32 sf_flow_displaceable(__u64 word, __u32 clock_s)
{
	__u32 idle = sf_flow_idle(word, clock_s);

	switch (sf_flow_state(word)) {
	case SF_FLOW_CLOSING:
		return 0x30000 | idle;
	case SF_FLOW_HALF_OPEN:
	case SF_FLOW_RETRIED:
	case SF_FLOW_SEEN:
		return 0x20000 | idle;
	case SF_FLOW_TALKING:
		return idle > SF_TALKING_IDLE_S + SF_FLOW_TOUCH_S ? 0x10000 | idle : 0;
	default:
		return idle > SF_FLOW_IDLE_S + SF_FLOW_TOUCH_S ? 0x10000 | idle : 0;
	}
}

/* The way a new flow may take, SF_WAYS when there is none; *there is what it displaces. */
SF_INLINE __u32 sf_flow_make_room(const struct sf_bucket *bucket, __u64 newcomer, __u32 clock_s, __u64 *there)
{
	__u32 best = 0, way = SF_WAYS;

	*there = 0;
	if (!sf_flow_read(bucket, sf_first_way(newcomer)))
		return sf_first_way(newcomer);
	SF_UNROLL
	for (int i = 0; i < SF_WAYS; i++)
		if (!sf_flow_read(bucket, i))
			return i;
	SF_UNROLL
	for (int i = 0; i < SF_WAYS; i++) {
		__u64 word = sf_flow_read(bucket, i);
		__u32 rank = sf_flow_displaceable(word, clock_s);

		if (rank > best) {
			best = rank;
			way = i;
			*there = word;
		}
	}
	return way;
}

/*
 * Writes a flow's word over its own (`there`), or where there is room; 0 when it
 * is not remembered. `dry` only says so.
 */
SF_FUNCTION int sf_flow_write(__u32 at, __u64 there, __u64 word, int dry)
{
	struct sf_bucket *bucket = sf_flows_row(at);
	__u32 way;

	if (!bucket)
		return 0;
	way = there ? sf_way_of(bucket, there) : sf_flow_make_room(bucket, word, sf_clock_s(), &there);
	if (way >= SF_WAYS)
		return 0;
	return dry || sf_flow_replace(bucket, way, there, word);
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

SF_INLINE int sf_is_half_open(__u32 state)
{
	return state == SF_FLOW_HALF_OPEN || state == SF_FLOW_RETRIED;
}

/* State of a known flow after this packet. */
SF_INLINE __u32 sf_flow_next_state(const struct sf_packet *packet, __u32 state)
{
	if (packet->tcp_flags & (SF_TCP_FIN | SF_TCP_RST))
		return SF_FLOW_CLOSING;
	if (packet->tcp_flags & SF_TCP_SYN)
		return state == SF_FLOW_HALF_OPEN ? SF_FLOW_RETRIED : state;
	if (state == SF_FLOW_CLOSING)
		return state;
	return packet->protocol == IPPROTO_UDP ? SF_FLOW_TALKING : SF_FLOW_ESTABLISHED;
}

/* A SYN on a flow that was closing starts a new flow of the same five-tuple. */
SF_INLINE int sf_flow_restarts(const struct sf_packet *packet, __u32 state)
{
	return state == SF_FLOW_CLOSING && (packet->tcp_flags & (SF_TCP_SYN | SF_TCP_RST)) == SF_TCP_SYN;
}

#endif /* STEADFAST_BPF_FLOW_H */
