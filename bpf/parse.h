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

/* Not a verdict: parsing went well. */
#define SF_PARSED SF_VERDICT_COUNT

/* Addresses as they stand on the wire; IPv4 in the low 32 bits of word 0. */
struct sf_packet {
	__u64 source[2];
	__u64 destination[2];
	__u32 ports;    /* source, destination: four bytes as on the wire */
	__u32 ip_bytes; /* whole IP packet */
	__be16 destination_port;
	__u8 family;
	__u8 protocol;
	__u8 tos;
	__u8 tcp_flags; /* 0 for UDP */
};

/* RFC 9293 §3.1: the data offset counts words and covers at least 20 bytes. */
SF_INLINE __u32 sf_parse_tcp(struct sf_packet *packet, const __u8 *at, const void *end, __u32 bytes)
{
	__u32 header;

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

/* RFC 768: the length covers the header and never more than the IP payload. */
SF_INLINE __u32 sf_parse_udp(struct sf_packet *packet, const __u8 *at, const void *end, __u32 bytes)
{
	__u32 claimed;

	if (at + sizeof(struct udphdr) > (const __u8 *)end)
		return SF_TRUNCATED;
	claimed = sf_ntohs(sf_load16(at + 4));
	if (claimed < sizeof(struct udphdr) || claimed > bytes)
		return SF_BAD_TRANSPORT;
	packet->ports = sf_load32(at);
	packet->destination_port = sf_load16(at + 2);
	packet->tcp_flags = 0;
	return SF_PARSED;
}

SF_INLINE __u32 sf_parse_transport(struct sf_packet *packet, const __u8 *at, const void *end, __u32 bytes)
{
	if (packet->protocol == IPPROTO_TCP)
		return sf_parse_tcp(packet, at, end, bytes);
	return sf_parse_udp(packet, at, end, bytes);
}

/* RFC 791 §3.1. */
SF_INLINE __u32 sf_parse_ipv4(struct sf_packet *packet, const __u8 *at, const void *end)
{
	__u32 header, total;

	if (at + sizeof(struct iphdr) > (const __u8 *)end)
		return SF_TRUNCATED;
	header = (at[0] & 0x0f) * 4u;
	total = sf_ntohs(sf_load16(at + 2));
	if ((at[0] >> 4) != 4 || header < sizeof(struct iphdr) || total < header)
		return SF_BAD_IP_HEADER;
	if (at + total > (const __u8 *)end)
		return SF_BAD_IP_HEADER;
	packet->protocol = at[9];
	if (packet->protocol != IPPROTO_TCP && packet->protocol != IPPROTO_UDP)
		return SF_NOT_TRANSPORT;
	if (sf_load16(at + 6) & sf_htons(0x3fff))
		return SF_FRAGMENT;
	packet->family = SF_IPV4;
	packet->tos = at[1];
	packet->ip_bytes = total;
	packet->source[0] = sf_load32(at + 12);
	packet->source[1] = 0;
	packet->destination[0] = sf_load32(at + 16);
	packet->destination[1] = 0;
	return sf_parse_transport(packet, at + header, end, total - header);
}

/* RFC 8200 §3. */
SF_INLINE __u32 sf_parse_ipv6(struct sf_packet *packet, const __u8 *at, const void *end)
{
	__u32 payload;

	if (at + sizeof(struct ipv6hdr) > (const __u8 *)end)
		return SF_TRUNCATED;
	payload = sf_ntohs(sf_load16(at + 4));
	if ((at[0] >> 4) != 6)
		return SF_BAD_IP_HEADER;
	if (at + sizeof(struct ipv6hdr) + payload > (const __u8 *)end)
		return SF_BAD_IP_HEADER;
	packet->protocol = at[6];
	if (packet->protocol == IPPROTO_FRAGMENT)
		return SF_FRAGMENT;
	if (packet->protocol != IPPROTO_TCP && packet->protocol != IPPROTO_UDP)
		return SF_NOT_TRANSPORT;
	packet->family = SF_IPV6;
	packet->tos = (__u8)(at[0] << 4 | at[1] >> 4);
	packet->ip_bytes = payload + sizeof(struct ipv6hdr);
	packet->source[0] = sf_load64(at + 8);
	packet->source[1] = sf_load64(at + 16);
	packet->destination[0] = sf_load64(at + 24);
	packet->destination[1] = sf_load64(at + 32);
	return sf_parse_transport(packet, at + sizeof(struct ipv6hdr), end, payload);
}

/* SF_PARSED, or the verdict of a packet that no service can have. */
SF_INLINE __u32 sf_parse(sf_context *ctx, struct sf_packet *packet)
{
	const __u8 *data = sf_data(ctx);
	const void *end = sf_data_end(ctx);
	__be16 type;

	if (data + ETH_HLEN > (const __u8 *)end)
		return SF_TRUNCATED;
	type = sf_load16(data + 12);
	if (type == sf_htons(ETH_P_IP))
		return sf_parse_ipv4(packet, data + ETH_HLEN, end);
	if (type == sf_htons(ETH_P_IPV6))
		return sf_parse_ipv6(packet, data + ETH_HLEN, end);
	return SF_NOT_IP;
}

#endif /* STEADFAST_BPF_PARSE_H */
