/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Source: what a service says about a packet's source address: whether it may
 * come at all (`allow`, `deny`), and how many new flows a second it may open
 * (`new_flows_per_source`). Only services that say so pay for it.
 */
#ifndef STEADFAST_BPF_SOURCE_H
#define STEADFAST_BPF_SOURCE_H

#include "flow.h"
#include "select.h"

#define SF_RATE_COUNT_SHIFT  32
#define SF_RATE_SECOND_SHIFT 48

/* 0 = welcome, or the verdict. Precedence is compiled into the ranges. */
SF_INLINE __u32 sf_source_verdict(__u32 slot, const struct sf_service *service,
				  const struct sf_packet *packet)
{
	const struct sf_range *row =
	    sf_range_of(slot, &service->sources, sf_key_of(packet->source, packet->family));

	return row ? row->value : SF_TABLE_ERROR;
}

SF_INLINE __u32 sf_rate_count(__u64 word, __u32 clock_s)
{
	return (__u16)(word >> SF_RATE_SECOND_SHIFT) == (__u16)clock_s ? (__u16)(word >> SF_RATE_COUNT_SHIFT)
								       : 0;
}

SF_INLINE __u64 sf_rate_word(__u64 hash, __u32 count, __u32 clock_s)
{
	return (__u32)hash | (__u64)count << SF_RATE_COUNT_SHIFT |
	       (__u64)(__u16)clock_s << SF_RATE_SECOND_SHIFT;
}

/* How little a way is missed: of an earlier second most, then the fewer flows it counts. */
SF_INLINE __u32 sf_rate_spare(__u64 word, __u32 clock_s)
{
	return word ? 0xffff - sf_rate_count(word, clock_s) : 1 << 17;
}

/* The way that counts the source, or the one it may take; *there is what stands in it. */
SF_INLINE __u32 sf_rate_way(const struct sf_bucket *bucket, __u64 hash, __u32 clock_s, __u64 *there)
{
	__u32 way = 0, spare = 0;

	SF_UNROLL
	for (int i = 0; i < SF_WAYS; i++) {
		__u64 word = sf_flow_read(bucket, i);

		if (word && (__u32)word == (__u32)hash) {
			*there = word;
			return i;
		}
		if (sf_rate_spare(word, clock_s) > spare) {
			spare = sf_rate_spare(word, clock_s);
			way = i;
			*there = word;
		}
	}
	return way;
}

/*
 * 1 when the source behind `hash` has opened as many flows in this second as it
 * may; otherwise counts one more.
 */
SF_FUNCTION int sf_source_exceeds(__u64 hash, __u32 limit, int dry)
{
	struct sf_bucket *bucket = sf_rates_row(sf_pick(hash, sf_capacity.rate_buckets));
	__u32 clock_s = sf_clock_s(), count, way;
	__u64 there = 0;

	if (!bucket)
		return 0;
	way = sf_rate_way(bucket, hash, clock_s, &there);
	count = (__u32)there == (__u32)hash ? sf_rate_count(there, clock_s) : 0;
	if (count >= limit)
		return 1;
	if (!dry)
		sf_flow_replace(bucket, way, there, sf_rate_word(hash, count + 1, clock_s));
	return 0;
}

/* An IPv6 client has a /64 to choose from, so that is the source. */
SF_INLINE __u64 sf_rate_hash(const struct sf_slot *slot, __u32 service_id, const struct sf_packet *packet)
{
	const __u64 source[2] = {packet->source[0], 0}, whose[2] = {service_id, 0};

	return sf_hash_flow6(slot->hash_key, source, whose, packet->family);
}

/*
 * Only what opens a flow is limited: a TCP packet in the middle of one comes from
 * another balancer, and a datagram whose bucket is full would count every time.
 */
SF_INLINE int sf_opens_flow(const struct sf_packet *packet, const struct sf_flow *flow)
{
	if (packet->protocol == IPPROTO_TCP)
		return (packet->tcp_flags & (SF_TCP_SYN | SF_TCP_ACK)) == SF_TCP_SYN;
	return sf_flow_write(flow->bucket, flow->word, 0, 1);
}

#endif /* STEADFAST_BPF_SOURCE_H */
