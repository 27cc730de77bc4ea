/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The contract between probe_egress and its loader: what the socket of a health
 * probe carries, and what was seen of the probe on the wire. C11 and C++20, as
 * abi.h; declarations only. Both maps live and die with one daemon.
 */
#ifndef STEADFAST_BPF_PROBE_H
#define STEADFAST_BPF_PROBE_H

#include "abi.h"

/*
 * A probe's socket is connected to the backend's own address and port, so that
 * the host's routes and neighbours are those towards the backend. With this
 * record on it, its packets become packets for the VIP in the backend's outer
 * header. Everything of the outer header is as in struct sf_backend.
 */
struct sf_probe {
	__u64 id;               /* never used twice: tells one probe from the next on its port */
	__be32 vip[4];          /* IPv4 in the first word, the rest zero; as all addresses here */
	__be32 address[4];      /* what the socket is connected to */
	__be32 inner_source[4]; /* ours, of the VIP's family; read only where the families differ */
	__be16 vip_port;
	__be16 port; /* what the socket is connected to */
	__u8 protocol;
	__u8 vip_family;
	__u8 address_family;
	__u8 outer_bytes; /* 0: nothing around it, the next hop is the backend */
	__u16 outer_sum;
	__u8 own_outer_source; /* 1: the outer source is the socket's, and zero in `outer` and `outer_sum` */
	__u8 reserved[5];
	__u8 outer[SF_OUTER_MAX];
};
SF_SIZE(sf_probe, 120);
SF_OFFSET(sf_probe, outer, 72);

/* A probe on the wire: the port belongs to its socket alone, in both families. */
struct sf_probe_key {
	__be16 port;
	__u8 protocol;
	__u8 family; /* of the VIP */
};
SF_SIZE(sf_probe_key, 4);

/* Made by the probe's first packet; what came back is added to it. */
struct sf_probe_seen {
	__u64 id;
	__u64 sent_ns; /* CLOCK_MONOTONIC, of the last packet */
	__be32 vip[4];
	__be32 address[4];
	__be32 source[4];     /* where the backend's answers go to */
	__be32 own_source[4]; /* what the socket knows it as; another family where they differ */
	__be16 vip_port;
	__be16 port;
	__be32 first_sequence; /* of the SYN */
	__u32 sent;
	__u32 unsent;  /* the outer header found no room */
	__u32 answers; /* from the VIP and its port */
	__u32 wrong_sources;
	__be32 wrong_source[4]; /* of the last one */
	__u32 icmp_errors;
	__be32 icmp_source[4]; /* who sent the last one */
	__be16 wrong_port;
	__u16 icmp_mtu; /* 0 where the error has none */
	__u8 icmp_type;
	__u8 icmp_code;
	__u8 icmp_family;   /* of the error itself */
	__u8 icmp_of_outer; /* 1: about the tunnel's packet, 0: about the one inside */
	__u8 address_family;
	__u8 reserved[7];
};
SF_SIZE(sf_probe_seen, 160);

/* Probes at once; the least recently used one gives way. */
#define SF_PROBES_MAX 65536
/* A probe that was silent for longer is over, whatever became of its daemon. */
#define SF_PROBE_LIFE_NS 60000000000ull

#endif /* STEADFAST_BPF_PROBE_H */
