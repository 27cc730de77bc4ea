/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Parse: from a frame to the few words the rest of the path needs, or to the
 * verdict that ends it here. Every length the headers claim is compared with
 * the frame before anything is believed. Reads only; decides nothing about
 * services.
 */
#ifndef STEADFAST_BPF_PARSE_H
#define STEADFAST_BPF_PARSE_H

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include "platform.h"

#define SF_TCP_FIN 0x01
#define SF_TCP_SYN 0x02
#define SF_TCP_RST 0x04
#define SF_TCP_ACK 0x10

#define SF_IPV4_MORE   0x2000
#define SF_IPV4_OFFSET 0x1fff

/* IPv6 extension headers are walked this far; whoever sends more hides something. */
#define SF_CHAIN_HEADERS 6
#define SF_CHAIN_BYTES   256

/* Not verdicts: what parsing found. */
enum sf_parsed {
	SF_PARSED = SF_VERDICT_COUNT, /* ports are known */
	SF_PARSED_PORTLESS,           /* a fragment without ports, or ICMP */
};

/* RFC 9293 §3.1: the data offset counts words and covers at least 20 bytes. */
SF_INLINE __u32 sf_parse_tcp(struct sf_packet *packet, const __u8 *at, const void *end, __u32 bytes)
{
	__u32 header;

	if (sf_unlikely(packet->first_fragment) && bytes < sizeof(struct tcphdr))
		return SF_PARSED_PORTLESS;
	if (at + sizeof(struct tcphdr) > (const __u8 *)end)
		return SF_TRUNCATED;
	header = (__u32)(at[12] >> 4) * 4;
	if (header < sizeof(struct tcphdr) || header > bytes)
		return SF_BAD_TRANSPORT;
	packet->ports = sf_load32(at);
	packet->destination_port = sf_load16(at + 2);
	packet->tcp_flags = at[13];
	return SF_PARSED;
}

/* RFC 768: the length covers the header and never more than the IP payload, which a fragment splits. */
SF_INLINE __u32 sf_parse_udp(struct sf_packet *packet, const __u8 *at, const void *end, __u32 bytes)
{
	__u32 claimed;

	if (sf_unlikely(packet->first_fragment) && bytes < sizeof(struct udphdr))
		return SF_PARSED_PORTLESS;
	if (at + sizeof(struct udphdr) > (const __u8 *)end)
		return SF_TRUNCATED;
	claimed = sf_ntohs(sf_load16(at + 4));
	if (claimed < sizeof(struct udphdr) || (claimed > bytes && !packet->first_fragment))
		return SF_BAD_TRANSPORT;
	packet->ports = sf_load32(at);
	packet->destination_port = sf_load16(at + 2);
	packet->tcp_flags = 0;
	return SF_PARSED;
}

SF_INLINE int sf_is_transport(__u8 protocol)
{
	return protocol == IPPROTO_TCP || protocol == IPPROTO_UDP;
}

SF_INLINE __u32 sf_parse_transport(struct sf_packet *packet, const __u8 *at, const void *end, __u32 bytes)
{
	if (packet->protocol == IPPROTO_TCP)
		return sf_parse_tcp(packet, at, end, bytes);
	if (packet->protocol == IPPROTO_UDP)
		return sf_parse_udp(packet, at, end, bytes);
	if (packet->protocol == (packet->family == SF_IPV4 ? IPPROTO_ICMP : IPPROTO_ICMPV6))
		return SF_PARSED_PORTLESS;
	return SF_NOT_TRANSPORT;
}

/* What of an IPv4 fragment is known: its place, and what it has in common with the others. */
SF_INLINE int sf_is_later_ipv4(struct sf_packet *packet, const __u8 *at)
{
	__u16 place = sf_load16(at + 6);

	if (sf_likely(!(place & sf_htons(SF_IPV4_MORE | SF_IPV4_OFFSET))))
		return 0;
	packet->identification = sf_load16(at + 4) | (__u32)packet->protocol << 16;
	packet->later_fragment = !!(place & sf_htons(SF_IPV4_OFFSET));
	packet->first_fragment = !packet->later_fragment;
	return packet->later_fragment;
}

/* RFC 791 §3.1. Options are passed on as they are. */
SF_INLINE __u32 sf_parse_ipv4(struct sf_packet *packet, const __u8 *at, const void *end)
{
	__u32 header, total;

	if (at + sizeof(struct iphdr) > (const __u8 *)end)
		return SF_TRUNCATED;
	header = (at[0] & 0x0f) * 4u;
	total = sf_ntohs(sf_load16(at + 2));
	if ((at[0] >> 4) != 4 || header < sizeof(struct iphdr) || total < header)
		return SF_BAD_IP_HEADER;
	if (total > sf_left(at, end))
		return SF_BAD_IP_HEADER;
	packet->family = SF_IPV4;
	packet->protocol = at[9];
	packet->tos = at[1];
	packet->ip_bytes = total;
	packet->transport = packet->link_bytes + header;
	packet->source[0] = sf_load32(at + 12);
	packet->source[1] = 0;
	packet->destination[0] = sf_load32(at + 16);
	packet->destination[1] = 0;
	if (sf_unlikely(sf_is_later_ipv4(packet, at)))
		return SF_PARSED_PORTLESS;
	return sf_parse_transport(packet, at + header, end, total - header);
}

/* RFC 8200 §4: the headers whose length stands in their second byte; AH counts words (RFC 4302 §2.2). */
SF_INLINE __u32 sf_extension_bytes(__u8 kind, __u8 length)
{
	switch (kind) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_DSTOPTS:
		return 8 + (__u32)length * 8;
	case IPPROTO_FRAGMENT:
		return 8;
	case IPPROTO_AH:
		return 8 + (__u32)length * 4;
	default:
		return 0;
	}
}

/*
 * What a walk over extension headers found, in one word, because a function of its
 * own can return no more: identification, offset of what comes last, its protocol,
 * whether it is a first or a later fragment, and a verdict or SF_PARSED.
 */
#define SF_WALK_OFFSET_SHIFT   16
#define SF_WALK_PROTOCOL_SHIFT 8
#define SF_WALK_FIRST          0x80u
#define SF_WALK_LATER          0x40u
#define SF_WALK_FOUND_MASK     0x3fu
SF_ASSERT(SF_VERDICT_COUNT + 2 <= SF_WALK_FOUND_MASK, "a walk has no room for what it found");

SF_INLINE __u64 sf_walked(__u32 offset, __u8 protocol, __u64 fragment, __u32 found)
{
	return fragment | (__u64)offset << SF_WALK_OFFSET_SHIFT | (__u64)protocol << SF_WALK_PROTOCOL_SHIFT |
	       found;
}

/* Identification and place of a fragment; an atomic one (RFC 6946) is a whole packet. */
SF_INLINE __u64 sf_walk_fragment(const __u8 *header)
{
	__u16 place = sf_load16(header + 2);
	__u64 identification = (__u64)sf_load32(header + 4) << 32;

	if (place & sf_htons(0xfff8))
		return identification | SF_WALK_LATER;
	return place & sf_htons(1) ? identification | SF_WALK_FIRST : 0;
}

/* From behind the IPv6 header, `at` in the frame, to the first header that is no extension. */
SF_FUNCTION __u64 sf_walk_ipv6(sf_context *ctx, __u32 at, __u8 protocol)
{
	const void *end = sf_data_end(ctx);
	__u64 fragment = 0;
	__u32 offset = 0;

	for (int i = 0; i < SF_CHAIN_HEADERS; i++) {
		const __u8 *header = (const __u8 *)sf_data(ctx) + (at & 0x7f) + offset;

		if (!sf_extension_bytes(protocol, 0))
			return sf_walked(offset, protocol, fragment, SF_PARSED);
		if (header + 8 > (const __u8 *)end)
			return SF_TRUNCATED;
		if (protocol == IPPROTO_FRAGMENT)
			fragment = sf_walk_fragment(header);
		if (fragment & SF_WALK_LATER)
			return sf_walked(offset, header[0], fragment, SF_PARSED_PORTLESS);
		offset += sf_extension_bytes(protocol, header[1]);
		protocol = header[0];
		if (offset > SF_CHAIN_BYTES)
			return SF_LONG_CHAIN;
	}
	return SF_LONG_CHAIN;
}

/* Behind the extension headers, which nearly no packet has. */
SF_INLINE __u32 sf_parse_chain(sf_context *ctx, struct sf_packet *packet, __u32 payload)
{
	__u32 at = packet->link_bytes + sizeof(struct ipv6hdr);
	__u64 walked = sf_walk_ipv6(ctx, at, packet->protocol);
	__u32 found = walked & SF_WALK_FOUND_MASK;
	__u32 offset = (__u16)(walked >> SF_WALK_OFFSET_SHIFT);

	if (found < SF_VERDICT_COUNT)
		return found;
	if (offset > payload)
		return SF_BAD_IP_HEADER;
	packet->protocol = (__u8)(walked >> SF_WALK_PROTOCOL_SHIFT);
	packet->identification = (__u32)(walked >> 32);
	packet->first_fragment = !!(walked & SF_WALK_FIRST);
	packet->later_fragment = !!(walked & SF_WALK_LATER);
	packet->transport = at + offset;
	if (found != SF_PARSED)
		return found;
	return sf_parse_transport(packet, (const __u8 *)sf_data(ctx) + (packet->transport & 0x1ff),
				  sf_data_end(ctx), payload - offset);
}

/* RFC 8200 §3. */
SF_INLINE __u32 sf_parse_ipv6(sf_context *ctx, struct sf_packet *packet, const __u8 *at, const void *end)
{
	__u32 payload;

	if (at + sizeof(struct ipv6hdr) > (const __u8 *)end)
		return SF_TRUNCATED;
	payload = sf_ntohs(sf_load16(at + 4));
	if ((at[0] >> 4) != 6)
		return SF_BAD_IP_HEADER;
	if (sizeof(struct ipv6hdr) + payload > sf_left(at, end))
		return SF_BAD_IP_HEADER;
	packet->family = SF_IPV6;
	packet->protocol = at[6];
	packet->tos = (__u8)(at[0] << 4 | at[1] >> 4);
	packet->ip_bytes = payload + sizeof(struct ipv6hdr);
	packet->source[0] = sf_load64(at + 8);
	packet->source[1] = sf_load64(at + 16);
	packet->destination[0] = sf_load64(at + 24);
	packet->destination[1] = sf_load64(at + 32);
	if (sf_unlikely(!sf_is_transport(packet->protocol)))
		return sf_parse_chain(ctx, packet, payload);
	packet->transport = packet->link_bytes + sizeof(struct ipv6hdr);
	return sf_parse_transport(packet, at + sizeof(struct ipv6hdr), end, payload);
}

SF_INLINE int sf_is_tag(__be16 type)
{
	return type == sf_htons(ETH_P_8021Q) || type == sf_htons(ETH_P_8021AD);
}

/*
 * Steps over at most two VLAN tags; 0 when the frame ends in one. The length is a
 * difference of pointers, because one that a verifier knows makes it walk all the rest
 * for each length.
 */
SF_INLINE __u32 sf_link_bytes(const __u8 *data, const void *end, __be16 *type)
{
	const __u8 *at = data + ETH_HLEN;

	SF_UNROLL
	for (int i = 0; i < SF_TAGS && sf_is_tag(*type); i++) {
		if (at + 4 > (const __u8 *)end)
			return 0;
		*type = sf_load16(at + 2);
		at += 4;
	}
	SF_FORGET(at);
	return (__u8)(at - data);
}

/* One of enum sf_parsed, or the verdict of a packet that no service can have. */
SF_INLINE __u32 sf_parse(sf_context *ctx, struct sf_packet *packet)
{
	const __u8 *data = sf_data(ctx);
	const void *end = sf_data_end(ctx);
	__u32 link_bytes = ETH_HLEN;
	__be16 type;

	if (data + ETH_HLEN > (const __u8 *)end)
		return SF_TRUNCATED;
	type = sf_load16(data + 12);
	if (sf_unlikely(sf_is_tag(type)))
		link_bytes = sf_link_bytes(data, end, &type);
	if (!link_bytes)
		return SF_TRUNCATED;
	packet->link_bytes = link_bytes;
	if (type == sf_htons(ETH_P_IP))
		return sf_parse_ipv4(packet, data + link_bytes, end);
	if (type == sf_htons(ETH_P_IPV6))
		return sf_parse_ipv6(ctx, packet, data + link_bytes, end);
	return SF_NOT_IP;
}

#endif /* STEADFAST_BPF_PARSE_H */
