/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * ICMP: an error belongs to the flow of the packet it quotes, which a backend
 * sent; so the quoted packet, turned round, is what the client would have sent,
 * and finds the backend as every packet of that flow does.
 *
 * A quote has the IP header and at least eight bytes behind it (RFC 792): ports,
 * and no more of TCP than that.
 */
#ifndef STEADFAST_BPF_ICMP_H
#define STEADFAST_BPF_ICMP_H

#include "icmp_types.h"
#include "parse.h"

#define SF_QUOTED_TRANSPORT 8

enum sf_icmp_sort { SF_ICMP_OTHER, SF_ICMP_ECHO, SF_ICMP_ERROR };

SF_INLINE enum sf_icmp_sort sf_icmp_sort_v4(__u8 type)
{
	switch (type) {
	case SF_ICMPV4_ECHO:
		return SF_ICMP_ECHO;
	case SF_ICMPV4_UNREACHABLE:
	case SF_ICMPV4_TIME_EXCEEDED:
	case SF_ICMPV4_PARAMETER_PROBLEM:
		return SF_ICMP_ERROR;
	default:
		return SF_ICMP_OTHER;
	}
}

/* RFC 4443 §2.1: types below 128 are errors, of which four are known. */
SF_INLINE enum sf_icmp_sort sf_icmp_sort_v6(__u8 type)
{
	if (type == SF_ICMPV6_ECHO)
		return SF_ICMP_ECHO;
	return type >= SF_ICMPV6_UNREACHABLE && type <= SF_ICMPV6_PARAMETER_PROBLEM ? SF_ICMP_ERROR
										    : SF_ICMP_OTHER;
}

/* The quoted ports, in the order in which the client sends them. */
SF_INLINE int sf_turn_ports(struct sf_packet *turned, const __u8 *at, const void *end)
{
	if (at + SF_QUOTED_TRANSPORT > (const __u8 *)end || !sf_is_transport(turned->protocol))
		return 0;
	turned->tcp_flags = 0;
	turned->destination_port = sf_load16(at);
	turned->ports = sf_load32(at) >> 16 | sf_load32(at) << 16;
	return 1;
}

SF_INLINE int sf_turn_quoted_ipv4(struct sf_packet *turned, const __u8 *at, const void *end)
{
	__u32 header;

	if (at + sizeof(struct iphdr) > (const __u8 *)end)
		return 0;
	header = (at[0] & 0x0f) * 4u;
	if (at[0] >> 4 != 4 || header < sizeof(struct iphdr) || sf_load16(at + 6) & sf_htons(SF_IPV4_OFFSET))
		return 0;
	turned->family = SF_IPV4;
	turned->protocol = at[9];
	turned->source[0] = sf_load32(at + 16);
	turned->source[1] = 0;
	turned->destination[0] = sf_load32(at + 12);
	turned->destination[1] = 0;
	return sf_turn_ports(turned, at + header, end);
}

/* A first fragment's ports stand behind its fragment header. */
SF_INLINE int sf_turn_quoted_ipv6(struct sf_packet *turned, const __u8 *at, const void *end)
{
	const __u8 *transport = at + sizeof(struct ipv6hdr);

	if (transport + SF_QUOTED_TRANSPORT > (const __u8 *)end || at[0] >> 4 != 6)
		return 0;
	turned->family = SF_IPV6;
	turned->protocol = at[6];
	turned->source[0] = sf_load64(at + 24);
	turned->source[1] = sf_load64(at + 32);
	turned->destination[0] = sf_load64(at + 8);
	turned->destination[1] = sf_load64(at + 16);
	if (turned->protocol == IPPROTO_FRAGMENT) {
		if (sf_load16(transport + 2) & sf_htons(0xfff8))
			return 0;
		turned->protocol = transport[0];
		transport += 8;
	}
	return sf_turn_ports(turned, transport, end);
}

/*
 * The packet whose answer an error of this packet quotes: 1 when it is one that
 * the error's destination sent.
 */
SF_INLINE int sf_turn_quoted(sf_context *ctx, const struct sf_packet *packet, struct sf_packet *turned)
{
	const __u8 *at = (const __u8 *)sf_data(ctx) + (packet->transport & 0x1ff) + 8;
	const void *end = sf_data_end(ctx);
	int found = packet->family == SF_IPV4 ? sf_turn_quoted_ipv4(turned, at, end)
					      : sf_turn_quoted_ipv6(turned, at, end);

	return found && turned->destination[0] == packet->destination[0] &&
	       turned->destination[1] == packet->destination[1];
}

#endif /* STEADFAST_BPF_ICMP_H */
