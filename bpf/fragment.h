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

/* Backend id of the first fragment, 0 when it was not seen. */
SF_INLINE __u32 sf_fragment_backend(__u64 hash, __u32 clock_s)
{
	const struct sf_bucket *bucket = sf_fragment_bucket(hash);
	__u64 word = bucket ? sf_bucket_find(bucket, hash) : 0;

	return word && sf_flow_idle(word, clock_s) <= SF_FRAGMENT_S ? sf_flow_backend(word) : 0;
}

/* Two CPUs in one bucket may lose a train between them: its later fragments are sent again. */
SF_INLINE void sf_fragment_queue(struct sf_bucket *bucket, __u64 word)
{
	SF_UNROLL
	for (int i = SF_WAYS - 1; i > 0; i--)
		sf_write_once(&bucket->way[i], sf_flow_read(bucket, i - 1));
	sf_write_once(&bucket->way[0], word);
}

/* Of a first fragment that was forwarded; one that is sent again takes its own place. */
SF_FUNCTION int sf_fragment_remember(__u32 slot_at, const struct sf_packet *packet, __u32 backend)
{
	const struct sf_slot *slot = sf_slot_at(slot_at);
	struct sf_bucket *bucket;
	__u64 hash, there, word;

	if (!slot || !packet)
		return 0;
	hash = sf_fragment_hash(slot, packet);
	bucket = sf_fragment_bucket(hash);
	if (!bucket)
		return 0;
	word = sf_flow_word(hash, backend, SF_FLOW_SEEN, sf_clock_s());
	there = sf_bucket_find(bucket, hash);
	if (there)
		return sf_flow_replace(bucket, sf_way_of(bucket, there), there, word);
	sf_fragment_queue(bucket, word);
	return 1;
}

#endif /* STEADFAST_BPF_FRAGMENT_H */
