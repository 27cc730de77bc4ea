/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Select: which service a packet is for, and which backend of it a new flow
 * goes to. Both questions are answered by tables the control plane made; only
 * the hash is computed here. compile/hash.h computes the same functions.
 */
#ifndef STEADFAST_BPF_SELECT_H
#define STEADFAST_BPF_SELECT_H

#include "hash.h"
#include "maps.h"
#include "parse.h"

SF_INLINE __u64 sf_flow_hash(const struct sf_slot *slot, const struct sf_packet *packet)
{
	__u64 tail = packet->ports | (__u64)packet->protocol << 32 | (__u64)packet->family << 40;

	if (packet->family == SF_IPV4)
		return sf_hash_flow4(slot->hash_key, packet->source[0] << 32 | packet->destination[0], tail);
	return sf_hash_flow6(slot->hash_key, packet->source, packet->destination, tail);
}

/* The last word of a service key as it stands in memory: port, protocol, family. */
SF_INLINE __u32 sf_key_tail(const struct sf_packet *packet)
{
	struct {
		__be16 port;
		__u8 protocol;
		__u8 family;
	} tail = {packet->destination_port, packet->protocol, packet->family};

	return sf_load32(&tail);
}

SF_INLINE int sf_is_for(const struct sf_packet *packet, const struct sf_service_key *key)
{
	if (sf_load32(&key->port) != sf_key_tail(packet))
		return 0;
	return sf_load64(&key->addr[0]) == packet->destination[0] &&
	       sf_load64(&key->addr[2]) == packet->destination[1];
}

/* Id of the packet's service, 0 when there is none. */
SF_INLINE __u32 sf_find_service(__u32 slot_at, const struct sf_slot *slot, const struct sf_packet *packet)
{
	__u64 hash = sf_hash_service(slot->index_key, packet->destination, sf_key_tail(packet));
	const struct sf_bucket *bucket = sf_index_bucket(slot_at, (__u32)hash & slot->index_mask);
	const struct sf_service *service;
	__u32 fingerprint = (__u32)(hash >> 32);

	if (!bucket)
		return 0;
	SF_UNROLL
	for (int i = 0; i < SF_WAYS; i++) {
		__u64 word = bucket->way[i];

		if (!word)
			return 0;
		if ((__u32)(word >> 32) != fingerprint)
			continue;
		service = sf_service_at(slot_at, (__u32)word);
		if (service && sf_is_for(packet, &service->key))
			return (__u32)word;
	}
	return 0;
}

/* Backend id of one ring entry, 0 when the tables contradict each other. */
SF_INLINE __u32 sf_ring_backend(const struct sf_service *service, __u32 entry)
{
	const struct sf_ring_line *line = sf_rings_row(service->ring_line + entry / SF_RING_LINE_ENTRIES);

	return line ? line->backend[entry % SF_RING_LINE_ENTRIES] : 0;
}

#endif /* STEADFAST_BPF_SELECT_H */
