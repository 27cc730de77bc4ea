/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Select: which service a packet is for, and which backend of it a new flow
 * goes to. Both questions are answered by tables the control plane made; only
 * the hash is computed here. compile/hash.h computes the same functions.
 *
 * Precedence: the longest VIP prefix that has a service for the packet's
 * protocol and port, then the narrowest range of ports. One address and one port
 * is the most specific of all, so the index is asked first; everything wider lies
 * in ranges where precedence is resolved.
 */
#ifndef STEADFAST_BPF_SELECT_H
#define STEADFAST_BPF_SELECT_H

#include "hash.h"
#include "range.h"

SF_INLINE __u64 sf_flow_hash(const struct sf_slot *slot, const struct sf_packet *packet)
{
	__u64 tail = packet->ports | (__u64)packet->protocol << 32 | (__u64)packet->family << 40;

	if (packet->family == SF_IPV4)
		return sf_hash_flow4(slot->hash_key, packet->source[0] << 32 | packet->destination[0], tail);
	return sf_hash_flow6(slot->hash_key, packet->source, packet->destination, tail);
}

/* The last word of a service key as it stands in memory: port, protocol, family. */
SF_INLINE __u32 sf_key_tail(__be16 port, __u8 protocol, __u8 family)
{
	struct {
		__be16 port;
		__u8 protocol;
		__u8 family;
	} tail = {port, protocol, family};

	return sf_load32(&tail);
}

/* The family too: the first bytes of an IPv6 address may equal an IPv4 VIP. */
SF_INLINE int sf_has_address(const struct sf_service_key *key, const __u64 address[2], __u8 family)
{
	return key->family == family && sf_load64(&key->addr[0]) == address[0] &&
	       sf_load64(&key->addr[2]) == address[1];
}

/*
 * Id that the index has for an address, a port and a protocol; 0 = none. Port and
 * protocol 0 ask for the address alone: the word names a service that has it.
 */
SF_INLINE __u32 sf_find_exact(__u32 slot_at, const struct sf_slot *slot, const __u64 address[2], __u8 family,
			      __be16 port, __u8 protocol)
{
	__u64 hash = sf_hash_service(slot->index_key, address, sf_key_tail(port, protocol, family));
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
		if (!service || !sf_has_address(&service->key, address, family))
			continue;
		if (!protocol || (service->key.port == port && service->key.protocol == protocol))
			return (__u32)word;
	}
	return 0;
}

/*
 * Id of the service with a VIP prefix, a port range or both; the narrowest, as
 * compiled. `addresses` are the intervals of the packet's family and protocol.
 */
SF_FUNCTION __u32 sf_find_wide(__u32 slot_at, __u64 addresses, __u64 high, __u64 low, __u32 port)
{
	__u32 at = sf_range_find(slot_at, (__u32)addresses, (__u32)(addresses >> 32), high, low);
	const struct sf_range *address = sf_range_at(slot_at, at), *ports;

	if (!address || !address->count)
		return 0;
	ports = sf_range_at(slot_at, sf_range_find(slot_at, address->value, address->count, 0, port));
	return ports ? ports->value : 0;
}

SF_INLINE __u32 sf_ask_wide(__u32 slot_at, const struct sf_packet *packet, const struct sf_span *addresses)
{
	struct sf_key key = sf_key_of(packet->destination, packet->family);

	return sf_find_wide(slot_at, addresses->first | (__u64)addresses->count << 32, key.high, key.low,
			    sf_ntohs(packet->destination_port));
}

/* Id of the packet's service, 0 when there is none. */
SF_INLINE __u32 sf_find_service(__u32 slot_at, const struct sf_slot *slot, const struct sf_packet *packet)
{
	const struct sf_span *wide = &slot->wide[packet->family == SF_IPV6][packet->protocol == IPPROTO_UDP];
	__u32 id = sf_find_exact(slot_at, slot, packet->destination, packet->family, packet->destination_port,
				 packet->protocol);

	if (sf_likely(id) || sf_likely(!wide->count))
		return id;
	return sf_ask_wide(slot_at, packet, wide);
}

/* Id of a service that has the address, whatever its ports; 0 when it is no VIP. */
SF_INLINE __u32 sf_find_vip(__u32 slot_at, const struct sf_slot *slot, const __u64 address[2], __u8 family)
{
	__u32 id = sf_find_exact(slot_at, slot, address, family, 0, 0);
	const struct sf_range *row;

	if (id)
		return id;
	row = sf_range_of(slot_at, &slot->prefixes[family == SF_IPV6], sf_key_of(address, family));
	return row ? row->value : 0;
}

/* Backend id of one ring entry, 0 when the tables contradict each other. */
SF_INLINE __u32 sf_ring_backend(const struct sf_service *service, __u32 entry)
{
	const struct sf_ring_line *line = sf_rings_row(service->ring_line + entry / SF_RING_LINE_ENTRIES);

	return line ? line->backend[entry % SF_RING_LINE_ENTRIES] : 0;
}

#endif /* STEADFAST_BPF_SELECT_H */
