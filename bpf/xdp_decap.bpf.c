/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Decapsulation for backends whose kernel has no ipip, ip6_tunnel or fou device:
 * takes the outer IP (and UDP) header off a frame and lets the kernel receive
 * what was inside. Only tunnels that end at one of this host's configured
 * addresses are opened; anything looser unwraps packets meant for others.
 *
 * It never drops. The inner packet keeps its own checksums and lengths, which
 * the kernel verifies as it would for a packet off the wire; the outer ones
 * protect only the way here.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "decap.h"

#define IP_MORE_FRAGMENTS  0x2000
#define IP_FRAGMENT_OFFSET 0x1fff
/* Covers the longest outer header (60 + 8); masking with it is the bound the verifier can follow. */
#define OUTER_MASK 127
#define TAGS       2

char LICENSE[] SEC("license") = "GPL";

const volatile __be16 gue_port;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, SF_DECAP_LOCALS);
	__type(key, struct sf_decap_local);
	__type(value, __u8);
} decap_locals SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SF_DECAP_OUTCOME_COUNT);
	__type(key, __u32);
	__type(value, __u64);
} decap_counts SEC(".maps");

/* An 802.1Q or 802.1ad tag behind the type that announces it. */
struct tag {
	__be16 tci;
	__be16 type;
};

/*
 * What stands before IP. Tags stay on the frame: the kernel gives it to the VLAN
 * device they name, as it would have done with the tunnel.
 */
struct link {
	struct ethhdr eth;
	struct tag tag[TAGS];
	__u32 tags;
};

/* What the outer header says. `payload` bytes follow `header` bytes of outer header. */
struct outer {
	struct sf_decap_local destination;
	__u32 header;
	__u32 payload;
	__u8 protocol;
	__u8 fragment;
};

enum { IS_TUNNEL = -1 };

static __always_inline __be16 *last_type(struct link *link)
{
	switch (link->tags) {
	case 0:
		return &link->eth.h_proto;
	case 1:
		return &link->tag[0].type;
	default:
		return &link->tag[1].type;
	}
}

static __always_inline int is_tag(__be16 type)
{
	return type == bpf_htons(ETH_P_8021Q) || type == bpf_htons(ETH_P_8021AD);
}

/* Where IP begins, or NULL when the frame ends before. A third tag is left as a type. */
static __always_inline void *read_link(void *data, void *end, struct link *link)
{
	struct ethhdr *eth = data;
	struct tag *tag = (void *)(eth + 1);

	if ((void *)tag > end)
		return NULL;
	link->eth = *eth;
	for (__u32 i = 0; i < TAGS && is_tag(*last_type(link)); ++i, ++tag) {
		if ((void *)(tag + 1) > end)
			return NULL;
		link->tag[i] = *tag;
		link->tags = i + 1;
	}
	return tag;
}

/* Gives IS_TUNNEL while the packet may still be taken out, its outcome otherwise. */
static __always_inline int read_outer_v4(void *at, void *end, struct outer *outer)
{
	const struct iphdr *ip = at;

	if ((void *)(ip + 1) > end || ip->version != 4 || ip->ihl < 5)
		return SF_DECAP_NOT_TUNNEL;
	outer->destination.addr[0] = ip->daddr;
	outer->destination.family = 4;
	outer->protocol = ip->protocol;
	outer->fragment = !!(ip->frag_off & bpf_htons(IP_MORE_FRAGMENTS | IP_FRAGMENT_OFFSET));
	outer->header = ip->ihl * 4u;
	if (bpf_ntohs(ip->tot_len) < outer->header)
		return SF_DECAP_NOT_TUNNEL;
	outer->payload = bpf_ntohs(ip->tot_len) - outer->header;
	return IS_TUNNEL;
}

static __always_inline int read_outer_v6(void *at, void *end, struct outer *outer)
{
	const struct ipv6hdr *ip = at;

	if ((void *)(ip + 1) > end || ip->version != 6)
		return SF_DECAP_NOT_TUNNEL;
	__builtin_memcpy(outer->destination.addr, &ip->daddr, sizeof(outer->destination.addr));
	outer->destination.family = 6;
	outer->protocol = ip->nexthdr;
	outer->header = sizeof(*ip);
	outer->payload = bpf_ntohs(ip->payload_len);
	return IS_TUNNEL;
}

static __always_inline int is_tunnel_protocol(__u8 protocol)
{
	return protocol == IPPROTO_IPIP || protocol == IPPROTO_IPV6 || (protocol == IPPROTO_UDP && gue_port);
}

static __always_inline int is_local(const struct sf_decap_local *address)
{
	return bpf_map_lookup_elem(&decap_locals, address) != NULL;
}

/* GUE puts a UDP header between; other UDP is none of our business. */
static __always_inline int step_over_udp(void *at, void *end, struct outer *outer)
{
	const struct udphdr *udp = at;

	if ((void *)(udp + 1) > end || udp->dest != gue_port)
		return SF_DECAP_NOT_TUNNEL;
	if (outer->payload < sizeof(*udp) || bpf_ntohs(udp->len) != outer->payload)
		return SF_DECAP_MALFORMED;
	outer->header += sizeof(*udp);
	outer->payload -= sizeof(*udp);
	return IS_TUNNEL;
}

/* Family of the packet inside, 0 when the outer header does not keep its promise. */
static __always_inline __u32 inner_family(void *at, void *end, const struct outer *outer)
{
	const struct iphdr *v4 = at;
	const struct ipv6hdr *v6 = at;

	if ((void *)(v4 + 1) > end)
		return 0;
	if (v4->version == 4 && outer->protocol != IPPROTO_IPV6)
		return bpf_ntohs(v4->tot_len) <= outer->payload ? 4 : 0;
	if (v4->version != 6 || outer->protocol == IPPROTO_IPIP || (void *)(v6 + 1) > end)
		return 0;
	return sizeof(*v6) + bpf_ntohs(v6->payload_len) <= outer->payload ? 6 : 0;
}

static __always_inline int write_tags(void *at, void *end, const struct link *link)
{
	struct tag *tag = at;

	for (__u32 i = 0; i < TAGS && i < link->tags; ++i, ++tag) {
		if ((void *)(tag + 1) > end)
			return 0;
		*tag = link->tag[i];
	}
	return 1;
}

static __always_inline int take_off(struct xdp_md *ctx, const struct link *link, __u32 bytes)
{
	struct ethhdr *moved;
	void *end;

	if (bpf_xdp_adjust_head(ctx, (int)bytes))
		return 0;
	moved = (void *)(long)ctx->data;
	end = (void *)(long)ctx->data_end;
	if ((void *)(moved + 1) > end)
		return 0;
	*moved = link->eth;
	return write_tags(moved + 1, end, link);
}

static __always_inline int kind_of(const struct outer *outer, __u32 inner)
{
	int kind = outer->protocol == IPPROTO_UDP ? SF_DECAP_GUE_4IN4 : SF_DECAP_IPIP_4IN4;

	if (outer->destination.family == 6)
		kind += SF_DECAP_IPIP_4IN6 - SF_DECAP_IPIP_4IN4;
	return inner == 6 ? kind + 1 : kind;
}

static __always_inline int decapsulate(struct xdp_md *ctx)
{
	void *end = (void *)(long)ctx->data_end;
	struct link link = {};
	void *ip = read_link((void *)(long)ctx->data, end, &link);
	struct outer outer = {};
	__u32 inner;
	int outcome;

	if (!ip)
		return SF_DECAP_NOT_TUNNEL;
	if (*last_type(&link) == bpf_htons(ETH_P_IP))
		outcome = read_outer_v4(ip, end, &outer);
	else if (*last_type(&link) == bpf_htons(ETH_P_IPV6))
		outcome = read_outer_v6(ip, end, &outer);
	else
		return SF_DECAP_NOT_TUNNEL;
	if (outcome != IS_TUNNEL)
		return outcome;
	if (!is_tunnel_protocol(outer.protocol))
		return SF_DECAP_NOT_TUNNEL;
	if (outer.fragment)
		return SF_DECAP_FRAGMENT;
	if (outer.header + outer.payload > (__u32)(end - ip))
		return SF_DECAP_MALFORMED;
	if (outer.protocol == IPPROTO_UDP) {
		outcome = step_over_udp(ip + (outer.header & OUTER_MASK), end, &outer);
		if (outcome != IS_TUNNEL)
			return outcome;
	}
	if (!is_local(&outer.destination))
		return SF_DECAP_FOREIGN;
	inner = inner_family(ip + (outer.header & OUTER_MASK), end, &outer);
	if (!inner)
		return SF_DECAP_MALFORMED;
	*last_type(&link) = inner == 4 ? bpf_htons(ETH_P_IP) : bpf_htons(ETH_P_IPV6);
	return take_off(ctx, &link, outer.header) ? kind_of(&outer, inner) : SF_DECAP_MALFORMED;
}

SEC("xdp")
int xdp_decap(struct xdp_md *ctx)
{
	__u32 outcome = (__u32)decapsulate(ctx);
	__u64 *count = bpf_map_lookup_elem(&decap_counts, &outcome);

	if (count)
		++*count;
	return XDP_PASS;
}
