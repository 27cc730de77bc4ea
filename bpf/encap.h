/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Encap: the chosen backend's headers around, or over, the packet. Everything
 * that does not depend on the packet was computed by the control plane and lies
 * in the backend's row; here come only length, traffic class, entropy and the
 * outer IPv4 checksum. Inner packets are never changed.
 *
 * Entropy for receive queues and equal-cost paths behind us: GUE varies its
 * source port (RFC 7605 §3), IPv6 its flow label (RFC 6438), IPv4 the host bits
 * of the outer source when `source` is a prefix.
 *
 * The outer UDP checksum is zero: always allowed over IPv4 (RFC 768), and over
 * IPv6 for tunnels (RFC 6935). One computed from the inner checksum is wrong for
 * every inner packet that has none.
 */
#ifndef STEADFAST_BPF_ENCAP_H
#define STEADFAST_BPF_ENCAP_H

#include "checksum.h"
#include "maps.h"
#include "parse.h"

#define SF_OUTER_IPV4     20
#define SF_OUTER_IPV4_GUE 28
#define SF_OUTER_IPV6     40
#define SF_OUTER_IPV6_GUE 48

/* Addresses, the VLAN tags of the way out, and the type of what follows. */
SF_INLINE __u8 *sf_put_link(__u8 *at, const struct sf_backend *backend)
{
	sf_store64(at, sf_load64(backend->ethernet));
	sf_store32(at + 8, sf_load32(backend->ethernet + 8));
	at += 12;
	if (sf_unlikely(backend->tag_bytes)) {
		sf_store32(at, sf_load32(&backend->tags[0]));
		at += sizeof(struct sf_tag);
		if (backend->tag_bytes > sizeof(struct sf_tag)) {
			sf_store32(at, sf_load32(&backend->tags[1]));
			at += sizeof(struct sf_tag);
		}
	}
	sf_store16(at, sf_load16(backend->ethernet + 12));
	return at + 2;
}

SF_INLINE void sf_put_ipv4(__u8 *at, const struct sf_backend *backend, const struct sf_packet *packet,
			   __u64 hash)
{
	__u16 total = sf_htons(packet->ip_bytes + backend->outer_bytes);
	__u32 entropy = sf_htonl((__u32)(hash >> 32) & ((1u << (backend->entropy_bits & 31)) - 1));
	__u32 sum = backend->outer_sum + total + sf_htons(packet->tos) + (entropy & 0xffff) + (entropy >> 16);

	sf_store32(at, sf_load32(backend->outer));
	at[1] = packet->tos;
	sf_store16(at + 2, total);
	sf_store32(at + 4, sf_load32(backend->outer + 4));
	sf_store16(at + 8, sf_load16(backend->outer + 8));
	sf_store16(at + 10, (__u16)~sf_fold(sum));
	sf_store32(at + 12, sf_load32(backend->outer + 12) | entropy);
	sf_store32(at + 16, sf_load32(backend->outer + 16));
}

SF_INLINE void sf_put_ipv6(__u8 *at, const struct sf_backend *backend, const struct sf_packet *packet,
			   __u64 hash)
{
	sf_store32(at, sf_htonl(0x60000000u | (__u32)packet->tos << 20 | ((__u32)(hash >> 32) & 0xfffff)));
	sf_store16(at + 4, sf_htons(packet->ip_bytes + backend->outer_bytes - sizeof(struct ipv6hdr)));
	sf_store16(at + 6, sf_load16(backend->outer + 6));
	SF_UNROLL
	for (int i = 8; i < 40; i += 8)
		sf_store64(at + i, sf_load64(backend->outer + i));
}

/* RFC 7605 §5.1: source ports from the dynamic range. */
SF_INLINE void sf_put_udp(__u8 *at, const __u8 *outer_udp, const struct sf_packet *packet, __u64 hash)
{
	sf_store16(at, sf_htons(0xc000u | ((__u32)(hash >> 32) & 0x3fff)));
	sf_store16(at + 2, sf_load16(outer_udp + 2));
	sf_store16(at + 4, sf_htons(packet->ip_bytes + sizeof(struct udphdr)));
	sf_store16(at + 6, 0);
}

/*
 * Makes room for the outer header and for what the link header grows by, and
 * returns the new start of the frame with `bytes` behind its longest link header
 * readable, or NULL.
 */
SF_INLINE __u8 *sf_make_room(sf_context *ctx, const struct sf_backend *backend,
			     const struct sf_packet *packet, const int bytes)
{
	int grown = bytes + ETH_HLEN + backend->tag_bytes - packet->link_bytes;
	__u8 *data;

	if (sf_likely(grown) && sf_grow_head(ctx, grown))
		return 0;
	data = sf_data(ctx);
	if (data + ETH_HLEN + SF_TAGS * sizeof(struct sf_tag) + bytes > (__u8 *)sf_data_end(ctx))
		return 0;
	return data;
}

SF_INLINE __u32 sf_encap_ipv4(sf_context *ctx, const struct sf_backend *backend,
			      const struct sf_packet *packet, __u64 hash, const int bytes)
{
	__u8 *data = sf_make_room(ctx, backend, packet, bytes);

	if (!data)
		return SF_NO_ROOM;
	data = sf_put_link(data, backend);
	sf_put_ipv4(data, backend, packet, hash);
	if (bytes == SF_OUTER_IPV4_GUE)
		sf_put_udp(data + SF_OUTER_IPV4, backend->outer + SF_OUTER_IPV4, packet, hash);
	return SF_FORWARDED;
}

SF_INLINE __u32 sf_encap_ipv6(sf_context *ctx, const struct sf_backend *backend,
			      const struct sf_packet *packet, __u64 hash, const int bytes)
{
	__u8 *data = sf_make_room(ctx, backend, packet, bytes);

	if (!data)
		return SF_NO_ROOM;
	data = sf_put_link(data, backend);
	sf_put_ipv6(data, backend, packet, hash);
	if (bytes == SF_OUTER_IPV6_GUE)
		sf_put_udp(data + SF_OUTER_IPV6, backend->outer + SF_OUTER_IPV6, packet, hash);
	return SF_FORWARDED;
}

/* The packet itself stays as the client sent it. */
SF_INLINE __u32 sf_rewrite_l2(sf_context *ctx, const struct sf_backend *backend,
			      const struct sf_packet *packet)
{
	__u8 *data = sf_make_room(ctx, backend, packet, 0);

	if (!data)
		return SF_NO_ROOM;
	sf_put_link(data, backend);
	return SF_FORWARDED;
}

SF_INLINE __u32 sf_send(sf_context *ctx, const struct sf_backend *backend, const struct sf_packet *packet,
			__u64 hash)
{
	if (sf_unlikely(!sf_load16(backend->ethernet + 12)))
		return SF_NO_NEXT_HOP;
	if (sf_unlikely(packet->ip_bytes + backend->outer_bytes > backend->mtu))
		return SF_TOO_BIG;
	switch (backend->outer_bytes) {
	case SF_OUTER_IPV4:
		return sf_encap_ipv4(ctx, backend, packet, hash, SF_OUTER_IPV4);
	case SF_OUTER_IPV6:
		return sf_encap_ipv6(ctx, backend, packet, hash, SF_OUTER_IPV6);
	case SF_OUTER_IPV4_GUE:
		return sf_encap_ipv4(ctx, backend, packet, hash, SF_OUTER_IPV4_GUE);
	case SF_OUTER_IPV6_GUE:
		return sf_encap_ipv6(ctx, backend, packet, hash, SF_OUTER_IPV6_GUE);
	case 0:
		return sf_rewrite_l2(ctx, backend, packet);
	default:
		return SF_TABLE_ERROR;
	}
}

#endif /* STEADFAST_BPF_ENCAP_H */
