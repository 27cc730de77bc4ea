/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Health probes on the packets' own path. A probe is an ordinary socket that is
 * connected to a backend's own address; on the way out its packets become what
 * the balancer would send that backend for the VIP, and on the way in what the
 * VIP answers becomes an answer to the socket. Routes, neighbours, netfilter and
 * the reverse-path check of this host see a plain connection to the backend.
 *
 * Only sockets that carry a record are touched on the way out. On the way in the
 * local port decides, which its socket holds alone; a packet is taken away only
 * when it is certainly about the probe. Both programs let later filters run.
 */
#include "probe_packet.h"
#include "icmp_types.h"

#define TC_UNSPEC (-1) /* TC_ACT_UNSPEC: whatever comes next decides */
#define TC_SHOT   2    /* TC_ACT_SHOT */

#define ICMP_HEADER 8
#define TCP_SYN     0x02
#define TCP_RST     0x04
#define TCP_ACK     0x10

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct sf_probe);
} probe_sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, SF_PROBES_MAX);
	__type(key, struct sf_probe_key);
	__type(value, struct sf_probe_seen);
} probe_seen SEC(".maps");

static __always_inline int leaves_for_backend(const struct packet *packet, const struct sf_probe *probe)
{
	return packet->family == probe->address_family && packet->protocol == probe->protocol &&
	       packet->destination_port == probe->port &&
	       same_address(packet->ends.destination, probe->address);
}

static __always_inline struct sf_probe_key key_of(const struct packet *packet, const struct sf_probe *probe)
{
	return (struct sf_probe_key){packet->source_port, probe->protocol, probe->vip_family};
}

/* A SYN is the first packet of its connection; a UDP probe may have any number. */
static __always_inline struct sf_probe_seen *
note_first(const struct packet *packet, const struct sf_probe *probe, const struct ends *inner)
{
	struct sf_probe_key key = key_of(packet, probe);
	struct sf_probe_seen seen = {
	    .id = probe->id,
	    .sent_ns = bpf_ktime_get_ns(),
	    .vip_port = probe->vip_port,
	    .port = probe->port,
	    .first_sequence = packet->sequence,
	    .address_family = probe->address_family,
	};

	copy_address(seen.vip, probe->vip);
	copy_address(seen.address, probe->address);
	copy_address(seen.source, inner->source);
	copy_address(seen.own_source, packet->ends.source);
	bpf_map_update_elem(&probe_seen, &key, &seen, BPF_ANY);
	return bpf_map_lookup_elem(&probe_seen, &key);
}

static __always_inline struct sf_probe_seen *note_sent(const struct packet *packet,
						       const struct sf_probe *probe, const struct ends *inner)
{
	struct sf_probe_key key = key_of(packet, probe);
	struct sf_probe_seen *seen = bpf_map_lookup_elem(&probe_seen, &key);

	if (!seen || seen->id != probe->id)
		seen = note_first(packet, probe, inner);
	if (!seen)
		return 0;
	seen->sent_ns = bpf_ktime_get_ns();
	__sync_fetch_and_add(&seen->sent, 1);
	return seen;
}

static __always_inline void ends_towards_vip(const struct packet *packet, const struct sf_probe *probe,
					     struct ends *inner)
{
	int crosses = probe->vip_family != probe->address_family;

	copy_address(inner->source, crosses ? probe->inner_source : packet->ends.source);
	copy_address(inner->destination, probe->vip);
}

/* The frame keeps its Ethernet type meanwhile: it is that of the outer header that will follow. */
static __always_inline int change_family(struct __sk_buff *skb, const struct packet *packet, __u8 family,
					 const struct ends *ends)
{
	__be16 type = family == SF_IPV4 ? bpf_htons(ETH_P_IP) : bpf_htons(ETH_P_IPV6);

	if (bpf_skb_change_proto(skb, type, 0))
		return -1;
	return put_header(skb, packet, family, ends);
}

static __always_inline int aim_at_vip(struct __sk_buff *skb, struct packet *packet,
				      const struct sf_probe *probe, struct ends *inner)
{
	if (sum_ends(skb, packet, inner) || put_port(skb, packet, __builtin_offsetof(struct tcphdr, dest),
						     packet->destination_port, probe->vip_port))
		return -1;
	if (probe->vip_family != probe->address_family)
		return change_family(skb, packet, probe->vip_family, inner);
	if (packet->family == SF_IPV4)
		return put_address_ipv4(skb, __builtin_offsetof(struct iphdr, daddr),
					packet->ends.destination[0], inner->destination[0]);
	return bpf_skb_store_bytes(skb, ETH_HLEN + __builtin_offsetof(struct ipv6hdr, daddr),
				   inner->destination, sizeof(inner->destination), BPF_F_RECOMPUTE_CSUM);
}

static __always_inline void fill_udp(__u8 *udp, __u32 bytes, __be16 source_port)
{
	/* RFC 7605 §5.1: source ports from the dynamic range. */
	sf_store16(udp, source_port | bpf_htons(0xc000));
	sf_store16(udp + 4, bpf_htons((__u16)bytes));
}

/* `inner` bytes follow the outer header, which is complete but for length, checksum and GUE's port. */
static __always_inline void fill_outer_ipv4(__u8 *outer, const struct sf_probe *probe,
					    const struct packet *own, __u32 inner)
{
	__u16 total = bpf_htons((__u16)(probe->outer_bytes + inner));
	__u32 source = probe->own_outer_source ? own->ends.source[0] : 0;
	__u32 sum = (__u32)probe->outer_sum + total + (source & 0xffff) + (source >> 16);

	sf_store16(outer + 2, total);
	sf_store16(outer + 10, (__u16)~sf_fold(sum));
	sf_store32(outer + 12, sf_load32(outer + 12) | source);
}

static __always_inline void fill_outer_ipv6(__u8 *outer, const struct sf_probe *probe,
					    const struct packet *own, __u32 inner)
{
	sf_store16(outer + 4, bpf_htons((__u16)(probe->outer_bytes - sizeof(struct ipv6hdr) + inner)));
	if (probe->own_outer_source)
		__builtin_memcpy(outer + 8, own->ends.source, sizeof(own->ends.source));
}

/* `outer` has room for the longest header; `bytes` of it go out. */
static __always_inline int put_outer(struct __sk_buff *skb, const __u8 *outer, const __u32 bytes, __u64 flags)
{
	if (bpf_skb_adjust_room(skb, (int)bytes, BPF_ADJ_ROOM_MAC, flags))
		return -1;
	return bpf_skb_store_bytes(skb, ETH_HLEN, outer, bytes, 0);
}

static __always_inline int encapsulate(struct __sk_buff *skb, const struct packet *packet,
				       const struct sf_probe *probe)
{
	__u32 header = probe->vip_family == SF_IPV4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	__u32 inner = header + packet->payload;
	__u8 outer[SF_OUTER_MAX];

	__builtin_memcpy(outer, probe->outer, sizeof(outer));
	switch (probe->outer_bytes) {
	case 0:
		return 0;
	case 20:
		fill_outer_ipv4(outer, probe, packet, inner);
		return put_outer(skb, outer, 20, BPF_F_ADJ_ROOM_ENCAP_L3_IPV4);
	case 28:
		fill_outer_ipv4(outer, probe, packet, inner);
		fill_udp(outer + 20, inner + sizeof(struct udphdr), packet->source_port);
		return put_outer(skb, outer, 28, BPF_F_ADJ_ROOM_ENCAP_L3_IPV4 | BPF_F_ADJ_ROOM_ENCAP_L4_UDP);
	case 40:
		fill_outer_ipv6(outer, probe, packet, inner);
		return put_outer(skb, outer, 40, BPF_F_ADJ_ROOM_ENCAP_L3_IPV6);
	case 48:
		fill_outer_ipv6(outer, probe, packet, inner);
		fill_udp(outer + 40, inner + sizeof(struct udphdr), packet->source_port);
		return put_outer(skb, outer, 48, BPF_F_ADJ_ROOM_ENCAP_L3_IPV6 | BPF_F_ADJ_ROOM_ENCAP_L4_UDP);
	default:
		return -1;
	}
}

static __always_inline struct sf_probe *probe_of(struct __sk_buff *skb)
{
	struct bpf_sock *sock = skb->sk;

	if (!sock)
		return 0;
	sock = bpf_sk_fullsock(sock);
	return sock ? bpf_sk_storage_get(&probe_sockets, sock, 0, 0) : 0;
}

/* What has passed once is no longer for the backend's own address, so a bond's member lets it be. */
SEC("tc")
int probe_egress(struct __sk_buff *skb)
{
	struct sf_probe *probe = probe_of(skb);
	struct packet packet = {};
	struct sf_probe_seen *seen;
	struct ends inner;

	if (!probe || !read_ip(skb, ETH_HLEN, family_of(skb), &packet) ||
	    !read_ports(skb, ETH_HLEN + packet.header, &packet) || !leaves_for_backend(&packet, probe))
		return TC_UNSPEC;
	ends_towards_vip(&packet, probe, &inner);
	seen = note_sent(&packet, probe, &inner);
	if (!aim_at_vip(skb, &packet, probe, &inner) && !encapsulate(skb, &packet, probe))
		return TC_UNSPEC;
	if (seen)
		__sync_fetch_and_add(&seen->unsent, 1);
	return TC_SHOT;
}

static __always_inline struct sf_probe_seen *find_seen(__be16 port, __u8 protocol, __u8 family)
{
	struct sf_probe_key key = {port, protocol, family};
	struct sf_probe_seen *seen = bpf_map_lookup_elem(&probe_seen, &key);

	if (!seen || bpf_ktime_get_ns() - seen->sent_ns > SF_PROBE_LIFE_NS)
		return 0;
	return seen;
}

/* Family and addresses as the socket knows them. A new family is a new Ethernet type too. */
static __always_inline int give_family(struct __sk_buff *skb, const struct packet *packet, __u8 family,
				       const struct ends *own)
{
	__be16 type = family == SF_IPV4 ? bpf_htons(ETH_P_IP) : bpf_htons(ETH_P_IPV6);

	if (change_family(skb, packet, family, own))
		return -1;
	return bpf_skb_store_bytes(skb, __builtin_offsetof(struct ethhdr, h_proto), &type, sizeof(type), 0);
}

static __always_inline int answer_socket(struct __sk_buff *skb, struct packet *packet,
					 const struct sf_probe_seen *seen)
{
	__u8 family = seen->address_family;
	struct ends own;

	copy_address(own.source, seen->address);
	copy_address(own.destination, seen->own_source);
	if (sum_ends(skb, packet, &own) ||
	    put_port(skb, packet, __builtin_offsetof(struct tcphdr, source), packet->source_port, seen->port))
		return -1;
	if (family != packet->family)
		return give_family(skb, packet, family, &own);
	if (family == SF_IPV4)
		return put_address_ipv4(skb, __builtin_offsetof(struct iphdr, saddr), packet->ends.source[0],
					own.source[0]);
	return bpf_skb_store_bytes(skb, ETH_HLEN + __builtin_offsetof(struct ipv6hdr, saddr), own.source,
				   sizeof(own.source), BPF_F_RECOMPUTE_CSUM);
}

/* Nobody but who received the SYN knows its sequence number. */
static __always_inline int answers_syn(struct __sk_buff *skb, const struct packet *packet,
				       const struct sf_probe_seen *seen)
{
	__u32 at = ETH_HLEN + packet->header;
	__be32 acknowledged;
	__u8 flags;

	if (bpf_skb_load_bytes(skb, at + __builtin_offsetof(struct tcphdr, ack_seq), &acknowledged, 4) ||
	    bpf_skb_load_bytes(skb, at + PROBE_TCP_FLAGS, &flags, 1))
		return 0;
	return flags & TCP_ACK && flags & (TCP_SYN | TCP_RST) &&
	       bpf_ntohl(acknowledged) == bpf_ntohl(seen->first_sequence) + 1;
}

static __always_inline int is_own_address(const struct packet *packet, const struct sf_probe_seen *seen)
{
	return packet->family == seen->address_family && packet->source_port == seen->port &&
	       same_address(packet->ends.source, seen->address);
}

static __always_inline void note_wrong_source(const struct packet *packet, struct sf_probe_seen *seen)
{
	copy_address(seen->wrong_source, packet->ends.source);
	seen->wrong_port = packet->source_port;
	__sync_fetch_and_add(&seen->wrong_sources, 1);
}

/*
 * An answer from the backend's own address would be taken by the socket, as one
 * to its SYN from anywhere would be reset by this host: both end here. A datagram
 * from elsewhere may be about something else that was sent from this port before.
 */
static __always_inline int judge_other_source(struct __sk_buff *skb, const struct packet *packet,
					      struct sf_probe_seen *seen)
{
	int own = is_own_address(packet, seen);

	if (packet->protocol == IPPROTO_TCP && !own && !answers_syn(skb, packet, seen))
		return TC_UNSPEC;
	if (packet->protocol == IPPROTO_UDP && !own && packet->source_port != seen->vip_port)
		return TC_UNSPEC;
	note_wrong_source(packet, seen);
	return packet->protocol == IPPROTO_TCP || own ? TC_SHOT : TC_UNSPEC;
}

static __always_inline int judge_answer(struct __sk_buff *skb, struct packet *packet)
{
	struct sf_probe_seen *seen = find_seen(packet->destination_port, packet->protocol, packet->family);

	if (!seen || !same_address(packet->ends.destination, seen->source))
		return TC_UNSPEC;
	if (packet->source_port != seen->vip_port || !same_address(packet->ends.source, seen->vip))
		return judge_other_source(skb, packet, seen);
	__sync_fetch_and_add(&seen->answers, 1);
	return answer_socket(skb, packet, seen) ? TC_SHOT : TC_UNSPEC;
}

static __always_inline struct sf_probe_seen *find_quoted(struct __sk_buff *skb, __u32 at, __u8 family)
{
	struct packet quoted = {};
	struct sf_probe_seen *seen;

	if (!read_ip(skb, at, family, &quoted) || !read_ports(skb, at + quoted.header, &quoted))
		return 0;
	seen = find_seen(quoted.source_port, quoted.protocol, quoted.family);
	if (!seen || quoted.destination_port != seen->vip_port ||
	    !same_address(quoted.ends.destination, seen->vip))
		return 0;
	return seen;
}

static __always_inline __u8 version_at(struct __sk_buff *skb, __u32 at)
{
	__u8 byte;

	return bpf_skb_load_bytes(skb, at, &byte, 1) ? 0 : byte >> 4;
}

/* Where the packet inside a quoted tunnel begins, 0 when it is no tunnel. */
static __always_inline __u32 inside_quoted(struct __sk_buff *skb, __u32 at, __u8 family)
{
	struct packet outer = {};

	if (!read_ip(skb, at, family, &outer))
		return 0;
	if (outer.protocol == IPPROTO_IPIP || outer.protocol == IPPROTO_IPV6)
		return at + outer.header;
	return outer.protocol == IPPROTO_UDP ? at + outer.header + sizeof(struct udphdr) : 0;
}

static __always_inline int is_error(__u8 family, __u8 type)
{
	if (family == SF_IPV6)
		return type <= SF_ICMPV6_PARAMETER_PROBLEM && type != 0;
	return type == SF_ICMPV4_UNREACHABLE || type == SF_ICMPV4_TIME_EXCEEDED ||
	       type == SF_ICMPV4_PARAMETER_PROBLEM;
}

struct icmp_start {
	__u8 type;
	__u8 code;
	__be16 check;
	__be32 rest; /* the MTU of "too big": 32 bits in ICMPv6, the lower 16 in ICMP */
};

static __always_inline void note_icmp(const struct packet *packet, const struct icmp_start *icmp,
				      struct sf_probe_seen *seen, __u8 of_outer)
{
	__u32 rest = bpf_ntohl(icmp->rest);
	int too_big = packet->family == SF_IPV6 ? icmp->type == SF_ICMPV6_TOO_BIG
						: icmp->type == SF_ICMPV4_UNREACHABLE &&
						      icmp->code == SF_ICMPV4_FRAGMENTATION_NEEDED;

	seen->icmp_type = icmp->type;
	seen->icmp_code = icmp->code;
	seen->icmp_family = packet->family;
	seen->icmp_of_outer = of_outer;
	seen->icmp_mtu = too_big ? (__u16)(rest > 0xffff ? 0xffff : rest) : 0;
	copy_address(seen->icmp_source, packet->ends.source);
	__sync_fetch_and_add(&seen->icmp_errors, 1);
}

/* The error itself goes on: it may mean something to the host. */
static __always_inline void judge_icmp(struct __sk_buff *skb, const struct packet *packet)
{
	__u32 at = ETH_HLEN + packet->header, quote = at + ICMP_HEADER;
	struct sf_probe_seen *seen;
	struct icmp_start icmp;
	__u8 of_outer = 0;

	if (bpf_skb_load_bytes(skb, at, &icmp, sizeof(icmp)) || !is_error(packet->family, icmp.type))
		return;
	seen = find_quoted(skb, quote, packet->family);
	if (!seen) {
		quote = inside_quoted(skb, quote, packet->family);
		seen = quote ? find_quoted(skb, quote, version_at(skb, quote)) : 0;
		of_outer = 1;
	}
	if (seen)
		note_icmp(packet, &icmp, seen, of_outer);
}

SEC("tc")
int probe_ingress(struct __sk_buff *skb)
{
	struct packet packet = {};

	if (!read_ip(skb, ETH_HLEN, family_of(skb), &packet))
		return TC_UNSPEC;
	if (packet.protocol == IPPROTO_ICMP || packet.protocol == IPPROTO_ICMPV6) {
		judge_icmp(skb, &packet);
		return TC_UNSPEC;
	}
	if (!read_ports(skb, ETH_HLEN + packet.header, &packet))
		return TC_UNSPEC;
	return judge_answer(skb, &packet);
}
