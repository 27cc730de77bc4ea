/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Fragment: later fragments have no ports, so they follow their first one. Its
 * backend is remembered under what all fragments of a datagram have in common,
 * in a small table of its own: buckets and words as flows, but each bucket is a
 * queue, so that the youngest eight stay; ages alone have seconds and could not
 * tell. A memory older than SF_FRAGMENT_S is none, because identifications come
 * again.
 *
 * A fragment that overtakes its first one is an orphan: dropped and counted.
 * Keeping it would need memory that anybody can fill.
 */
#ifndef STEADFAST_BPF_FRAGMENT_H
#define STEADFAST_BPF_FRAGMENT_H

#include "deadman.h"
#include "flow.h"
#include "select.h"

SF_INLINE __u64 sf_fragment_hash(const struct sf_slot *slot, const struct sf_packet *packet)
{
	__u64 tail = packet->identification | (__u64)packet->family << 40 | 1ull << 48;

	return sf_hash_flow6(slot->hash_key, packet->source, packet->destination, tail);
}

SF_INLINE struct sf_bucket *sf_fragment_bucket(__u64 hash)
{
	return sf_fragments_row(sf_pick(hash, sf_capacity.fragment_buckets));
}

/* What is remembered of the first fragment, 0 when it was not seen. */
SF_INLINE __u64 sf_fragment_word(__u64 hash, __u32 clock_s)
{
	const struct sf_bucket *bucket = sf_fragment_bucket(hash);
	__u64 word = bucket ? sf_bucket_find(bucket, hash) : 0;

	return word && sf_flow_idle(word, clock_s) <= SF_FRAGMENT_S ? word : 0;
}

/* Two CPUs in one bucket may lose a train between them: its later fragments are sent again. */
SF_INLINE void sf_fragment_queue(struct sf_bucket *bucket, __u64 word)
{
	SF_UNROLL
	for (int i = SF_WAYS - 1; i > 0; i--)
		sf_write_once(&bucket->way[i], sf_flow_read(bucket, i - 1));
	sf_write_once(&bucket->way[0], word);
}

/*
 * Of a first fragment that was forwarded, or with backend 0 left to the kernel; one
 * that is sent again takes its own place.
 */
SF_FUNCTION int sf_fragment_remember(__u64 hash, __u32 backend, __u32 slot)
{
	const struct sf_control *control = sf_control_row(0);
	struct sf_bucket *bucket = sf_fragment_bucket(hash);
	__u64 there, word;
	__u32 which;

	if (!control)
		return 0;
	which = slot == sf_live_slot(sf_read_once(&control->selector.live)) ? SF_FRAGMENT_CURRENT
									    : SF_FRAGMENT_CANDIDATE;
	word = sf_flow_word(hash, backend, which, control->selector.clock_s);
	if (!bucket)
		return 0;
	there = sf_bucket_find(bucket, hash);
	if (there)
		return sf_flow_replace(bucket, sf_way_of(bucket, there), there, word);
	sf_fragment_queue(bucket, word);
	return 1;
}

#endif /* STEADFAST_BPF_FRAGMENT_H */
