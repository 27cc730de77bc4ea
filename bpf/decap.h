/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The contract between xdp_decap and its loader: what is counted, and the key
 * of a local address. C11 and C++20, as abi.h; declarations only.
 */
#ifndef STEADFAST_BPF_DECAP_H
#define STEADFAST_BPF_DECAP_H

#include <linux/types.h>

/*
 * X(symbol, label, help): every frame counts exactly once. Only a decapsulated
 * frame is changed; all others reach the kernel as they came.
 */
#define SF_DECAP_OUTCOMES(X)                                                                                 \
	X(NOT_TUNNEL, "passed", "no tunnel packet, or behind a third VLAN tag")                              \
	X(FOREIGN, "foreign", "a tunnel packet for another address, passed")                                 \
	X(FRAGMENT, "fragment", "a fragment that may belong to a tunnel, passed")                            \
	X(MALFORMED, "malformed", "a tunnel packet that contradicts itself, passed")                         \
	X(IPIP_4IN4, "ipip_4in4", "IPv4 taken out of IPv4")                                                  \
	X(IPIP_6IN4, "ipip_6in4", "IPv6 taken out of IPv4")                                                  \
	X(IPIP_4IN6, "ipip_4in6", "IPv4 taken out of IPv6")                                                  \
	X(IPIP_6IN6, "ipip_6in6", "IPv6 taken out of IPv6")                                                  \
	X(GUE_4IN4, "gue_4in4", "IPv4 taken out of UDP over IPv4")                                           \
	X(GUE_6IN4, "gue_6in4", "IPv6 taken out of UDP over IPv4")                                           \
	X(GUE_4IN6, "gue_4in6", "IPv4 taken out of UDP over IPv6")                                           \
	X(GUE_6IN6, "gue_6in6", "IPv6 taken out of UDP over IPv6")

enum sf_decap_outcome {
#define X(symbol, label, help) SF_DECAP_##symbol,
	SF_DECAP_OUTCOMES(X)
#undef X
	    SF_DECAP_OUTCOME_COUNT
};

/* The kinds of packets taken out begin here. */
#define SF_DECAP_FIRST_KIND SF_DECAP_IPIP_4IN4

/* Addresses of this host that tunnels may end at. */
#define SF_DECAP_LOCALS 64

struct sf_decap_local {
	__be32 addr[4]; /* IPv4 in addr[0], the rest zero */
	__u32 family;   /* 4 or 6: the first bytes of an IPv6 address may equal an IPv4 one */
};

#endif /* STEADFAST_BPF_DECAP_H */
