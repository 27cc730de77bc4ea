/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Probe packet: reading and rewriting the headers of one packet in a tc program.
 * Through helpers throughout, because a packet here may lie in fragments of
 * memory, and its checksum may be left to the device: the helpers know both.
 */
#ifndef STEADFAST_BPF_PROBE_PACKET_H
#define STEADFAST_BPF_PROBE_PACKET_H

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "checksum.h"
#include "probe.h"

#define PROBE_IP_FRAGMENT   0x3fff /* more fragments, or an offset */
#define PROBE_DONT_FRAGMENT 0x4000
#define PROBE_TCP_FLAGS     13

/* Both ends side by side, so that one sum covers them; an IPv4 address adds only zeros. */
struct ends {
	__be32 source[4];
	__be32 destination[4];
};

struct packet {
	struct ends ends;
	__u32 header;  /* bytes of IP header; there are no options */
	__u32 payload; /* bytes behind it */
	__be16 source_port;
	__be16 destination_port;
	__be32 sequence; /* of TCP */
	__u8 family;
	__u8 protocol;
	__u8 tos;
	__u8 ttl;
};

static __always_inline void copy_address(__be32 *to, const __be32 *from)
{
	__builtin_memcpy(to, from, 16);
}

static __always_inline int same_address(const __be32 *one, const __be32 *other)
{
	return one[0] == other[0] && one[1] == other[1] && one[2] == other[2] && one[3] == other[3];
}

static __always_inline int read_ipv4(struct __sk_buff *skb, __u32 at, struct packet *packet)
{
	struct iphdr ip;

	if (bpf_skb_load_bytes(skb, at, &ip, sizeof(ip)))
		return 0;
	if (ip.version != 4 || ip.ihl != 5 || ip.frag_off & bpf_htons(PROBE_IP_FRAGMENT))
		return 0;
	packet->ends.source[0] = ip.saddr;
	packet->ends.destination[0] = ip.daddr;
	packet->header = sizeof(ip);
	packet->payload = bpf_ntohs(ip.tot_len) - sizeof(ip);
	packet->family = SF_IPV4;
	packet->protocol = ip.protocol;
	packet->tos = ip.tos;
	packet->ttl = ip.ttl;
	return 1;
}

static __always_inline int read_ipv6(struct __sk_buff *skb, __u32 at, struct packet *packet)
{
	struct ipv6hdr ip;

	if (bpf_skb_load_bytes(skb, at, &ip, sizeof(ip)) || ip.version != 6)
		return 0;
	__builtin_memcpy(&packet->ends, &ip.saddr, sizeof(packet->ends));
	packet->header = sizeof(ip);
	packet->payload = bpf_ntohs(ip.payload_len);
	packet->family = SF_IPV6;
	packet->protocol = ip.nexthdr;
	packet->tos = ip.priority << 4 | ip.flow_lbl[0] >> 4;
	packet->ttl = ip.hop_limit;
	return 1;
}

/* Ports and sequence are in the eight bytes that every quotation has. */
static __always_inline int read_ports(struct __sk_buff *skb, __u32 at, struct packet *packet)
{
	struct {
		__be16 source, destination;
		__be32 sequence;
	} start;

	if (packet->protocol != IPPROTO_TCP && packet->protocol != IPPROTO_UDP)
		return 0;
	if (bpf_skb_load_bytes(skb, at, &start, sizeof(start)))
		return 0;
	packet->source_port = start.source;
	packet->destination_port = start.destination;
	packet->sequence = start.sequence;
	return 1;
}

/* The family of the frame's network header, 0 for all else. */
static __always_inline __u8 family_of(const struct __sk_buff *skb)
{
	if (skb->protocol == bpf_htons(ETH_P_IP))
		return SF_IPV4;
	return skb->protocol == bpf_htons(ETH_P_IPV6) ? SF_IPV6 : 0;
}

static __always_inline int read_ip(struct __sk_buff *skb, __u32 at, __u8 family, struct packet *packet)
{
	if (family == SF_IPV4)
		return read_ipv4(skb, at, packet);
	return family == SF_IPV6 && read_ipv6(skb, at, packet);
}

static __always_inline __u32 checksum_at(const struct packet *packet)
{
	return packet->protocol == IPPROTO_TCP ? __builtin_offsetof(struct tcphdr, check)
					       : __builtin_offsetof(struct udphdr, check);
}

/* A UDP checksum of zero would mean that there is none (RFC 768). */
static __always_inline __u64 checksum_flags(const struct packet *packet)
{
	return packet->protocol == IPPROTO_UDP ? BPF_F_MARK_MANGLED_0 | BPF_F_MARK_ENFORCE : 0;
}

/* The transport checksum, once both ends of its pseudo header have become `to`. Gives 0 on success. */
static __always_inline int sum_ends(struct __sk_buff *skb, struct packet *packet, struct ends *to)
{
	__u32 at = ETH_HLEN + packet->header + checksum_at(packet);
	__s64 difference = bpf_csum_diff((__be32 *)&packet->ends, sizeof(*to), (__be32 *)to, sizeof(*to), 0);

	if (difference < 0)
		return -1;
	return bpf_l4_csum_replace(skb, at, 0, difference, BPF_F_PSEUDO_HDR | checksum_flags(packet));
}

/* `field` is the port's offset in the transport header. */
static __always_inline int put_port(struct __sk_buff *skb, const struct packet *packet, __u32 field,
				    __be16 from, __be16 to)
{
	__u32 at = ETH_HLEN + packet->header;

	if (from == to)
		return 0;
	if (bpf_l4_csum_replace(skb, at + checksum_at(packet), from, to, sizeof(to) | checksum_flags(packet)))
		return -1;
	return bpf_skb_store_bytes(skb, at + field, &to, sizeof(to), 0);
}

/* One IPv4 address in place; the header's checksum and it cancel out in a sum over the packet. */
static __always_inline int put_address_ipv4(struct __sk_buff *skb, __u32 field, __be32 from, __be32 to)
{
	__u32 check = ETH_HLEN + __builtin_offsetof(struct iphdr, check);

	if (bpf_l3_csum_replace(skb, check, from, to, sizeof(to)))
		return -1;
	return bpf_skb_store_bytes(skb, ETH_HLEN + field, &to, sizeof(to), 0);
}

static __always_inline int put_header_ipv4(struct __sk_buff *skb, const struct packet *packet,
					   const struct ends *ends)
{
	struct iphdr ip = {
	    .version = 4,
	    .ihl = 5,
	    .tos = packet->tos,
	    .tot_len = bpf_htons(sizeof(ip) + packet->payload),
	    .frag_off = bpf_htons(PROBE_DONT_FRAGMENT),
	    .ttl = packet->ttl,
	    .protocol = packet->protocol,
	    .saddr = ends->source[0],
	    .daddr = ends->destination[0],
	};
	__s64 sum = bpf_csum_diff(0, 0, (__be32 *)&ip, sizeof(ip), 0);

	if (sum < 0)
		return -1;
	ip.check = (__u16)~sf_fold((__u32)sum);
	return bpf_skb_store_bytes(skb, ETH_HLEN, &ip, sizeof(ip), BPF_F_RECOMPUTE_CSUM);
}

static __always_inline int put_header_ipv6(struct __sk_buff *skb, const struct packet *packet,
					   const struct ends *ends)
{
	struct ipv6hdr ip = {
	    .version = 6,
	    .priority = packet->tos >> 4,
	    .flow_lbl = {packet->tos << 4, 0, 0},
	    .payload_len = bpf_htons(packet->payload),
	    .nexthdr = packet->protocol,
	    .hop_limit = packet->ttl,
	};

	__builtin_memcpy(&ip.saddr, ends, sizeof(*ends));
	return bpf_skb_store_bytes(skb, ETH_HLEN, &ip, sizeof(ip), BPF_F_RECOMPUTE_CSUM);
}

static __always_inline int put_header(struct __sk_buff *skb, const struct packet *packet, __u8 family,
				      const struct ends *ends)
{
	return family == SF_IPV4 ? put_header_ipv4(skb, packet, ends) : put_header_ipv6(skb, packet, ends);
}

#endif /* STEADFAST_BPF_PROBE_PACKET_H */
