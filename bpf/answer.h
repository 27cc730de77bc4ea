/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Answer: the two packets the balancer sends on its own account, both only about
 * VIPs it serves and both bounded per second: the reply to an echo
 * request, and the notice that a packet would not fit towards its backend.
 *
 * The notice is sent whether or not the client set "don't fragment": the outer
 * header must not be fragmented, so there is no other way to deliver the packet,
 * and every stack takes the notice to heart; silence would be a hole. ICMP errors
 * and later fragments are never answered (RFC 1122 §3.2.2, RFC 4443 §2.4).
 */
#ifndef STEADFAST_BPF_ANSWER_H
#define STEADFAST_BPF_ANSWER_H

#include "checksum.h"
#include "icmp_types.h"
#include "maps.h"
#include "parse.h"

#define SF_ICMP_BYTES  8
#define SF_ANSWER_TTL  64
#define SF_QUOTE_IPV4  548  /* RFC 1812 §4.3.2.3: the answer has 576 bytes at most */
#define SF_QUOTE_IPV6  1232 /* RFC 4443 §2.4: 1280 at most */
#define SF_QUOTE_LEAST 64

/*
 * 1 while the second has answers left; takes one unless `dry`. CPUs that begin a
 * second together may answer a few more between them.
 */
SF_INLINE int sf_may_answer(__u32 *second, __u32 *answers, __u32 limit, __u32 clock_s, const int dry)
{
	if (*second != clock_s) {
		if (dry)
			return limit != 0;
		*answers = 0;
		*second = clock_s;
	}
	if (*answers >= limit)
		return 0;
	if (!dry)
		__sync_fetch_and_add(answers, 1);
	return 1;
}

/* RFC 1122 §3.2.2, RFC 4443 §2.4 (e): never to an address or by a frame that means more than one host. */
SF_INLINE int sf_is_answerable(sf_context *ctx, const struct sf_packet *packet)
{
	const __u8 *data = sf_data(ctx);
	__u8 first = (__u8)packet->source[0];

	if (data + ETH_HLEN > (const __u8 *)sf_data_end(ctx) || data[0] & 1)
		return 0;
	if (packet->family == SF_IPV4)
		return first != 0 && first != 127 && first < 224;
	return first != 0xff && (packet->source[0] || sf_ntohl((__u32)(packet->source[1] >> 32)) > 1);
}

SF_INLINE void sf_swap_addresses(__u8 *a, __u8 *b, const int words)
{
	SF_UNROLL
	for (int i = 0; i < words; i++) {
		__u32 word = sf_load32(a + 4 * i);

		sf_store32(a + 4 * i, sf_load32(b + 4 * i));
		sf_store32(b + 4 * i, word);
	}
}

SF_INLINE void sf_swap_macs(__u8 *data)
{
	__u32 high = sf_load32(data);
	__u16 low = sf_load16(data + 4);

	sf_store32(data, sf_load32(data + 6));
	sf_store16(data + 4, sf_load16(data + 10));
	sf_store32(data + 6, high);
	sf_store16(data + 10, low);
}

/* RFC 792 p. 14: addresses and type change places, and the sums follow. */
SF_INLINE __u32 sf_turn_echo_ipv4(__u8 *ip, __u8 *icmp, const void *end)
{
	__u16 ttl, type;

	if (ip + sizeof(struct iphdr) > (__u8 *)end || icmp + SF_ICMP_BYTES > (__u8 *)end)
		return SF_TRUNCATED;
	ttl = sf_load16(ip + 8);
	type = sf_load16(icmp);
	sf_swap_addresses(ip + 12, ip + 16, 1);
	ip[8] = SF_ANSWER_TTL;
	sf_store16(ip + 10, sf_checksum_after(sf_load16(ip + 10), ttl, sf_load16(ip + 8)));
	icmp[0] = SF_ICMPV4_ECHO_REPLY;
	sf_store16(icmp + 2, sf_checksum_after(sf_load16(icmp + 2), type, sf_load16(icmp)));
	return SF_ECHO_ANSWERED;
}

/* RFC 4443 §4.2. */
SF_INLINE __u32 sf_turn_echo_ipv6(__u8 *ip, __u8 *icmp, const void *end)
{
	__u16 type;

	if (ip + sizeof(struct ipv6hdr) > (__u8 *)end || icmp + SF_ICMP_BYTES > (__u8 *)end)
		return SF_TRUNCATED;
	type = sf_load16(icmp);
	sf_swap_addresses(ip + 8, ip + 24, 4);
	ip[7] = SF_ANSWER_TTL;
	icmp[0] = SF_ICMPV6_ECHO_REPLY;
	sf_store16(icmp + 2, sf_checksum_after(sf_load16(icmp + 2), type, sf_load16(icmp)));
	return SF_ECHO_ANSWERED;
}

SF_INLINE __u32 sf_answer_echo(sf_context *ctx, const struct sf_packet *packet)
{
	__u8 *data = sf_data(ctx), *end = sf_data_end(ctx);
	__u8 *ip = data + (packet->link_bytes & 0x1f), *icmp = data + (packet->transport & 0x1ff);

	if (data + ETH_HLEN > end)
		return SF_TRUNCATED;
	sf_swap_macs(data);
	if (packet->family == SF_IPV4)
		return sf_turn_echo_ipv4(ip, icmp, end);
	return sf_turn_echo_ipv6(ip, icmp, end);
}

/* RFC 1191 §4, from the VIP to the client; the quoted packet follows and names both. */
SF_INLINE void sf_put_too_big_ipv4(__u8 *ip, const void *end, __u32 mtu, __u32 quoted)
{
	__u8 *icmp = ip + sizeof(struct iphdr), *quote = icmp + SF_ICMP_BYTES;

	sf_store32(ip, sf_htonl(0x45000000u | (sizeof(struct iphdr) + SF_ICMP_BYTES + quoted)));
	sf_store32(ip + 4, sf_htonl(0x4000));
	sf_store32(ip + 8, sf_htonl(SF_ANSWER_TTL << 24 | IPPROTO_ICMP << 16));
	sf_store32(ip + 12, sf_load32(quote + 16));
	sf_store32(ip + 16, sf_load32(quote + 12));
	sf_store16(ip + 10, (__u16)~sf_fold(sf_sum(ip, end, sizeof(struct iphdr))));
	sf_store32(icmp, sf_htonl(SF_ICMPV4_UNREACHABLE << 24 | SF_ICMPV4_FRAGMENTATION_NEEDED << 16));
	sf_store32(icmp + 4, sf_htonl(mtu));
	sf_store16(icmp + 2, (__u16)~sf_fold(sf_sum(icmp, end, SF_ICMP_BYTES + SF_QUOTE_IPV4)));
}

/* RFC 4443 §3.2; its sum covers the pseudo-header of RFC 8200 §8.1. */
SF_INLINE void sf_put_too_big_ipv6(__u8 *ip, const void *end, __u32 mtu, __u32 quoted)
{
	__u8 *icmp = ip + sizeof(struct ipv6hdr), *quote = icmp + SF_ICMP_BYTES;
	__u32 bytes = SF_ICMP_BYTES + quoted, sum;

	sf_store32(ip, sf_htonl(0x60000000u));
	sf_store32(ip + 4, sf_htonl(bytes << 16 | IPPROTO_ICMPV6 << 8 | SF_ANSWER_TTL));
	SF_UNROLL
	for (int i = 0; i < 16; i += 8) {
		sf_store64(ip + 8 + i, sf_load64(quote + 24 + i));
		sf_store64(ip + 24 + i, sf_load64(quote + 8 + i));
	}
	sf_store32(icmp, sf_htonl(SF_ICMPV6_TOO_BIG << 24));
	sf_store32(icmp + 4, sf_htonl(mtu));
	sum = sf_sum(ip + 8, end, 32) + sf_htons(bytes) + sf_htons(IPPROTO_ICMPV6);
	sum = sf_fold(sum) + sf_fold(sf_sum(icmp, end, SF_ICMP_BYTES + SF_QUOTE_IPV6));
	sf_store16(icmp + 2, (__u16)~sf_fold(sum));
}

struct sf_link_header {
	__u64 words[3]; /* 14, 18 or 22 bytes are used */
};

/* Moves the frame's link header over `bytes` of new room, with the addresses turned. */
SF_INLINE __u8 *sf_lift_link(sf_context *ctx, int bytes, __u32 link_bytes)
{
	struct sf_link_header saved;
	__u8 *data = sf_data(ctx);

	if (data + sizeof(saved) > (__u8 *)sf_data_end(ctx))
		return 0;
	SF_UNROLL
	for (int i = 0; i < 3; i++)
		saved.words[i] = sf_load64(data + 8 * i);
	if (sf_grow_head(ctx, bytes))
		return 0;
	data = sf_data(ctx);
	if (data + sizeof(saved) > (__u8 *)sf_data_end(ctx))
		return 0;
	SF_UNROLL
	for (int i = 0; i < 3; i++)
		sf_store64(data + 8 * i, saved.words[i]);
	sf_swap_macs(data);
	return data + (link_bytes & 0x1f);
}

/* How much of the packet is quoted: all words of it that fit into the answer. */
SF_INLINE __u32 sf_quote_bytes(__u8 family, __u32 ip_bytes)
{
	__u32 most = family == SF_IPV4 ? SF_QUOTE_IPV4 : SF_QUOTE_IPV6;

	return ip_bytes < most ? ip_bytes & ~3u : most;
}

/* Turns the packet into the notice that only `mtu` bytes fit. */
SF_FUNCTION __u32 sf_answer_too_big(sf_context *ctx, __u8 family, __u8 link_bytes, __u32 ip_bytes, __u32 mtu)
{
	__u32 quoted = sf_quote_bytes(family, ip_bytes);
	__u32 head = family == SF_IPV4 ? sizeof(struct iphdr) : sizeof(struct ipv6hdr);
	__u8 *ip, *end;

	if (quoted < SF_QUOTE_LEAST || sf_cut_tail(ctx, (int)(sf_frame_bytes(ctx) - link_bytes - quoted)))
		return SF_TOO_BIG;
	ip = sf_lift_link(ctx, head + SF_ICMP_BYTES, link_bytes);
	end = sf_data_end(ctx);
	if (!ip)
		return SF_NO_ROOM;
	if (ip + 2 * sizeof(struct iphdr) + SF_ICMP_BYTES > end)
		return SF_NO_ROOM;
	if (family == SF_IPV4) {
		sf_put_too_big_ipv4(ip, end, mtu, quoted);
		return SF_TOO_BIG_ANSWERED;
	}
	if (ip + 2 * sizeof(struct ipv6hdr) + SF_ICMP_BYTES > end)
		return SF_NO_ROOM;
	sf_put_too_big_ipv6(ip, end, mtu, quoted);
	return SF_TOO_BIG_ANSWERED;
}

#endif /* STEADFAST_BPF_ANSWER_H */
