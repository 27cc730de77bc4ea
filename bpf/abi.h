/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The contract between the program in the kernel and the control plane: map
 * keys and values, the verdict list, limits. Compiled as C11 by clang for BPF
 * and as C++20 by g++; both assert every layout. Declarations only: nothing
 * that runs, nothing of libc, nothing that one side alone needs.
 *
 * Byte order: fields of type __be16/__be32 are as on the wire, all others are
 * in host order. A change of a layout or of a constant here is a change of
 * SF_ABI_VERSION, which is part of the pin path: two versions never share maps.
 */
#ifndef STEADFAST_BPF_ABI_H
#define STEADFAST_BPF_ABI_H

#include <linux/types.h>

#define SF_ABI_VERSION 4

#ifdef __cplusplus
#define SF_ASSERT(condition, text) static_assert(condition, text)
#else
#define SF_ASSERT(condition, text) _Static_assert(condition, text)
#endif
#define SF_SIZE(type, bytes) SF_ASSERT(sizeof(struct type) == (bytes), #type " has changed its size")
#define SF_OFFSET(type, field, bytes)                                                                        \
	SF_ASSERT(__builtin_offsetof(struct type, field) == (bytes), #type "." #field " has moved")

/*
 * Verdicts: what the program decided about one packet.
 *
 * X(symbol, value, action, kind, label, help)
 * Values are ABI: append, never renumber. `action` is the XDP action of the
 * program's one exit; `kind` is the class that alerts are derived from; `label`
 * is what operators see in metrics, JSON and screens.
 */
#define SF_VERDICTS(X)                                                                                       \
	X(FORWARDED, 0, TX, FORWARDED, "forwarded", "sent to a backend of the service")                      \
	X(NOT_SERVICE, 1, PASS, PASSED, "not_service",                                                       \
	  "the destination is no configured service; left to the kernel")                                    \
	X(NOT_IP, 2, PASS, PASSED, "not_ip",                                                                 \
	  "neither IPv4 nor IPv6 (ARP, more than two VLAN tags, …); left to the kernel")                     \
	X(NOT_TRANSPORT, 3, PASS, PASSED, "not_transport",                                                   \
	  "IP, but nothing that a service can have (neither TCP, UDP nor their ICMP); left to the kernel")   \
	X(FRAGMENT_ORPHAN, 4, DROP, SENDER, "fragment_orphan",                                               \
	  "a later fragment to a VIP whose first fragment was not seen here")                                \
	X(NO_GENERATION, 5, PASS, PASSED, "no_generation",                                                   \
	  "no generation has been published yet; left to the kernel")                                        \
	X(TRUNCATED, 6, DROP, SENDER, "truncated", "the frame ends inside a header")                         \
	X(BAD_IP_HEADER, 7, DROP, SENDER, "bad_ip_header",                                                   \
	  "IP version, header length or total length contradict the frame")                                  \
	X(BAD_TRANSPORT, 8, DROP, SENDER, "bad_transport",                                                   \
	  "the TCP or UDP header contradicts the length of the packet")                                      \
	X(NO_BACKEND, 9, DROP, CONFIGURATION, "no_backend",                                                  \
	  "the service has no backend that takes new flows")                                                 \
	X(NO_NEXT_HOP, 10, DROP, CONFIGURATION, "no_next_hop",                                               \
	  "the backend was chosen but its next hop is not resolved")                                         \
	X(TOO_BIG, 11, DROP, LIMIT, "too_big",                                                               \
	  "exceeds the MTU towards the backend, and must not be answered (an ICMP error, a later fragment)") \
	X(NO_ROOM, 12, DROP, CONFIGURATION, "no_room", "the driver leaves no headroom for the outer header") \
	X(TABLE_ERROR, 13, DROP, CONFIGURATION, "table_error",                                               \
	  "a table entry contradicts another: an audit will name it")                                        \
	X(FRAGMENT_FORWARDED, 14, TX, FORWARDED, "fragment_forwarded",                                       \
	  "a later fragment, sent to the backend of its first one")                                          \
	X(ICMP_FORWARDED, 15, TX, FORWARDED, "icmp_forwarded",                                               \
	  "an ICMP error, sent to the backend of the flow it quotes")                                        \
	X(ECHO_ANSWERED, 16, TX, ANSWERED, "echo_answered", "a ping of a VIP, answered here")                \
	X(ECHO_LIMITED, 17, DROP, LIMIT, "echo_limited", "a ping of a VIP beyond host.echo_per_second")      \
	X(TOO_BIG_ANSWERED, 18, TX, ANSWERED, "too_big_answered",                                            \
	  "exceeds the MTU towards the backend with its outer header; the client was told the size that "    \
	  "fits")                                                                                            \
	X(TOO_BIG_LIMITED, 19, DROP, LIMIT, "too_big_limited",                                               \
	  "exceeds the MTU towards the backend; not answered beyond host.too_big_per_second")                \
	X(SOURCE_DENIED, 20, DROP, LIMIT, "source_denied", "the service's `deny` names the source")          \
	X(SOURCE_NOT_ALLOWED, 21, DROP, LIMIT, "source_not_allowed",                                         \
	  "the service has an `allow` list and the source is not on it")                                     \
	X(NEW_FLOW_LIMITED, 22, DROP, LIMIT, "new_flow_limited",                                             \
	  "a new flow beyond the service's new_flows_per_source")                                            \
	X(BAD_ICMP, 23, DROP, SENDER, "bad_icmp",                                                            \
	  "an ICMP error that quotes no packet of the VIP it is for, or a ping that must not be answered")   \
	X(LONG_CHAIN, 24, PASS, PASSED, "long_chain",                                                        \
	  "more IPv6 extension headers than are walked; left to the kernel")

enum sf_verdict {
#define X(symbol, value, action, kind, label, help) SF_##symbol = value,
	SF_VERDICTS(X)
#undef X
#define X(symbol, value, action, kind, label, help) +1
	    SF_VERDICT_COUNT = 0 SF_VERDICTS(X)
#undef X
};

/* Room for verdicts per service in the counters: appending one moves nothing. */
#define SF_VERDICT_ROOM 32
SF_ASSERT(SF_VERDICT_COUNT <= SF_VERDICT_ROOM, "counters have no room for another verdict");

/* X(symbol, label, help): the class of a verdict. */
#define SF_KINDS(X)                                                                                          \
	X(FORWARDED, "forwarded", "reached a backend")                                                       \
	X(PASSED, "passed", "left to the kernel untouched")                                                  \
	X(ANSWERED, "answered", "answered by the balancer itself")                                           \
	X(CONFIGURATION, "dropped-by-configuration", "dropped, and the configuration is why")                \
	X(SENDER, "dropped-by-sender", "dropped, and the sender is why (noise)")                             \
	X(LIMIT, "dropped-by-limit", "dropped by a configured limit")

enum sf_kind {
#define X(symbol, label, help) SF_KIND_##symbol,
	SF_KINDS(X)
#undef X
};

enum sf_family { SF_IPV4 = 4, SF_IPV6 = 6 };

/* X(symbol, value, label, help): how a packet travels to its backend. */
#define SF_FORWARDS(X)                                                                                       \
	X(L2, 1, "l2", "destination MAC rewritten; the backend is on the same link")                         \
	X(IPIP, 2, "ipip", "IP in IP (RFC 2003, RFC 2473), any pair of families")                            \
	X(GUE, 3, "gue", "UDP around the packet (GUE variant 1); the source port carries entropy")

enum sf_forward {
#define X(symbol, value, label, help) SF_FORWARD_##symbol = value,
	SF_FORWARDS(X)
#undef X
};

/*
 * A service is (address, protocol, port) with its family: the family is part of
 * the key because the first bytes of an IPv6 address may equal an IPv4 VIP.
 * IPv4 stands in addr[0], the rest is zero. Unique object representation: keys
 * are compared and hashed byte by byte.
 */
struct sf_service_key {
	__be32 addr[4];
	__be16 port;
	__u8 protocol; /* IPPROTO_TCP or IPPROTO_UDP */
	__u8 family;   /* enum sf_family */
};
SF_SIZE(sf_service_key, 20);
SF_OFFSET(sf_service_key, port, 16);

/* X(symbol, value, label, help): what chooses the ring entry of a new flow. */
#define SF_HASHES(X)                                                                                         \
	X(FIVE_TUPLE, 0, "5-tuple", "addresses, ports and protocol")                                         \
	X(SOURCE, 1, "source", "the client's address: all its flows share a backend")                        \
	X(SOURCE_PORT, 2, "source+port", "the client's address and port, whatever VIP and protocol")         \
	X(DESTINATION_PORT, 3, "destination-port",                                                           \
	  "the port asked for: every client of a port shares a backend")

enum sf_hash_mode {
#define X(symbol, value, label, help) SF_HASH_##symbol = value,
	SF_HASHES(X)
#undef X
};

/*
 * Slots. Every table has room for SF_SLOTS generations side by side; the
 * selector says which one packets use. A packet reads `current` once, so no
 * packet ever sees two generations.
 */
#define SF_SLOTS   4
#define SF_NO_SLOT 0xffffffffu

/*
 * The word that decides which slot a packet uses, read once per packet and only
 * ever replaced whole. The daemon swaps it for the word it has read; whoever owns
 * the passed deadline stores it. The epoch tells two equal words apart.
 *   bits  0…31 current slot, or SF_NO_SLOT
 *   bits 32…39 candidate slot of a canary
 *   bits 40…55 share of the hash space that the candidate gets, in 1/65536; 0 = no canary
 *   bits 56…63 epoch
 */
#define SF_LIVE_CANDIDATE_SHIFT 32
#define SF_LIVE_SHARE_SHIFT     40
#define SF_LIVE_EPOCH_SHIFT     56
#define SF_LIVE_SHARES          65536
#define SF_LIVE_NONE            ((__u64)SF_NO_SLOT)
#define SF_DEADLINE_NOW         1ull /* somebody wants the previous slot back at once */

struct sf_selector {
	__u64 live;           /* see above */
	__u32 previous;       /* slot to fall back to, or SF_NO_SLOT */
	__u32 confirmed;      /* slot last confirmed, or SF_NO_SLOT */
	__u64 deadline_ns;    /* CLOCK_MONOTONIC; 0 = nothing unconfirmed. Whoever swaps it to 0 decides. */
	__u64 ticks;          /* written by the timer: stands still when it died */
	__u64 fallbacks;      /* times the deadline passed and `previous` came back */
	__u64 fell_back_ns;   /* CLOCK_MONOTONIC, when it last did */
	__u32 clock_s;        /* coarse clock, seconds since boot; 16 bits of it are flow ages */
	__u32 sample_until_s; /* in this second of the coarse clock nobody listens to drops any more */
	__u64 reserved;
};
SF_SIZE(sf_selector, 64);

/* Rows first … first + count - 1 of the slot's part of sf_ranges. */
struct sf_span {
	__u32 first;
	__u32 count;
};

/* An interface that belongs to a bond: what leaves by the bond may leave by it. */
struct sf_member {
	__u32 ifindex;
	__u32 bond;
};
#define SF_MEMBERS 8

/* What a packet needs to know of its slot before it has found anything. */
struct sf_slot {
	__u64 hash_key[2]; /* from hash_seed: flows and ring entries */
	__u64 index_key;   /* chosen by the compiler so that no index bucket overflows */
	__u64 generation;  /* number, for people and read-back */
	__u32 index_mask;  /* index buckets in use - 1 */
	__u32 service_count;
	__u32 backend_count;
	__u32 echo_limit;    /* answers per second */
	__u32 too_big_limit; /* the same */
	__u32 range_count;
	__u64 reserved0;
	/* Services that are not one address and one port: VIP intervals by [family][protocol]. */
	struct sf_span wide[2][2];  /* [IPv4, IPv6][TCP, UDP] */
	struct sf_span prefixes[2]; /* addresses of VIP prefixes → the service that counts them */
	struct sf_member members[SF_MEMBERS];
	__u64 reserved1[2];
};
SF_SIZE(sf_slot, 192);
SF_OFFSET(sf_slot, wide, 64);

/* The one record every packet reads first: selector and slots side by side. */
struct sf_control {
	struct sf_selector selector;
	struct sf_slot slots[SF_SLOTS];
};
SF_SIZE(sf_control, 832);

/*
 * Ranges: sorted, disjoint intervals, found by bisection. A row covers every key
 * from its own to the one before the next row's; the first row of a span starts
 * at zero. The compiler has resolved every precedence, so what the program finds
 * is the answer. The value means, in
 *   wide: the first row of the interval's ports (`count` of them), whose values are service ids;
 *   prefixes: the service id that packets without a port count for;
 *   a service's sources: the verdict, or 0 = welcome;
 *   a service's server ids: the backend id; here a key must match exactly.
 * 0 means "nothing here" in all of them.
 */
struct sf_range {
	__u64 key[2]; /* host order, most significant first; IPv4 addresses and ports in key[1] */
	__u32 value;
	__u32 count;
};
SF_SIZE(sf_range, 24);
#define SF_RANGES_MAX 65536 /* per slot: bounds the bisection to 17 steps */

/*
 * The service index: buckets of one cache line. A word is
 * fingerprint (upper 32 bits) | service id (lower 32 bits); words fill from the
 * front and 0 ends the bucket. The compiler guarantees that no bucket overflows.
 * Beside every service of one address and one port it knows every such address
 * by itself (port and protocol 0): the service that counts what has no port.
 */
#define SF_WAYS 8
struct __attribute__((aligned(64))) sf_bucket {
	__u64 way[SF_WAYS];
};
SF_SIZE(sf_bucket, 64);

/* One service in one slot. Ids are 1…, stable across generations; 0 is "no service". */
struct __attribute__((aligned(64))) sf_service {
	struct sf_service_key key;
	__u32 ring_line;            /* first line of its ring in the arena */
	__u32 ring_mask;            /* ring entries - 1; meaningless while `active` is 0 */
	__u32 active;               /* 0: no backend takes new flows */
	__u8 hash_mode;             /* enum sf_hash_mode */
	__u8 hash_only;             /* 1: flows are not remembered */
	__u8 checks;                /* SF_CHECK_* */
	__u8 quic_bytes;            /* of a server id in a connection id */
	__u32 new_flows_per_source; /* per second, 0 = no limit */
	struct sf_span sources;
	struct sf_span server_ids;
	__u8 quic_config; /* upper three bits of a connection id that carries a server id */
	__u8 vip_bits;    /* of a wide service: prefix length and ports, host order */
	__u16 first_port;
	__u16 last_port;
	__u8 reserved[2];
};
SF_SIZE(sf_service, 64);
SF_OFFSET(sf_service, ring_line, 20);

/* Rings: backend ids in lines of one cache line; a ring starts on a line. */
#define SF_RING_LINE_ENTRIES    32
#define SF_RING_MIN_PER_BACKEND 128
struct sf_ring_line {
	__u16 backend[SF_RING_LINE_ENTRIES];
};
SF_SIZE(sf_ring_line, 64);

enum sf_backend_state {
	SF_BACKEND_ABSENT = 0, /* flows that name it choose again */
	SF_BACKEND_ACTIVE = 1,
	SF_BACKEND_DRAIN = 2, /* keeps its flows, gets no new ones */
};

/* What a hit has to look at beyond its destination; 0 for most services. */
#define SF_CHECK_WIDE    0x01 /* the service is not one address and one port */
#define SF_CHECK_SOURCES 0x02 /* the service has `allow` or `deny` */
#define SF_CHECK_QUIC    0x04 /* a connection id may name another backend */

/* One 802.1Q or 802.1ad tag as on the wire. */
struct sf_tag {
	__be16 type;
	__be16 tci;
};
#define SF_TAGS 2

/*
 * One backend serving one service: a pool used by two services has two rows per
 * backend, because the destination check and the outer header differ. Ids are
 * 1…, stable across generations and quarantined after removal; 0 is "none".
 *
 * The first 64 bytes hold everything an IPv4 hit needs: one cache line. Its
 * first eight are compared with the packet at once: the first word of the VIP,
 * then port, protocol and family as a service key has them. A wide service has
 * port 0 here.
 *
 * `outer` is a complete header with length, checksum and entropy left open;
 * `outer_sum` is the folded ones' complement sum of that IPv4 header, its 16-bit
 * words read as they stand in memory (RFC 1071 §2.B: byte order does not matter
 * as long as the result is stored the same way).
 */
#define SF_OUTER_MAX 48
struct __attribute__((aligned(64))) sf_backend {
	__be32 vip;
	__be16 port;
	__u8 protocol;
	__u8 family;
	__u16 service_id;
	__u8 state;        /* enum sf_backend_state */
	__u8 checks;       /* SF_CHECK_* of its service */
	__u16 idle_s;      /* a flow silent for longer is a new one, 0 = never */
	__u16 mtu;         /* largest IP packet towards the backend, outer header included */
	__u8 outer_bytes;  /* 0, 20, 28, 40 or 48 */
	__u8 entropy_bits; /* low bits of the outer IPv4 source that carry entropy */
	__u8 tag_bytes;    /* of VLAN tags on the way out: 0, 4 or 8 */
	__u8 forward;      /* enum sf_forward */
	__u32 egress;      /* interface to leave by, 0 = the one the packet came in on */
	__u8 ethernet[14]; /* ready to store; all zero while the next hop is unresolved */
	__u16 outer_sum;
	__u8 outer[SF_OUTER_MAX];
	__be32 vip_rest[3]; /* of an IPv6 VIP */
	struct sf_tag tags[SF_TAGS];
	__be32 address[4]; /* of the backend, IPv4 in address[0] */
	__u8 address_family;
	__u8 reserved[3];
};
SF_SIZE(sf_backend, 128);
SF_OFFSET(sf_backend, ethernet, 24);
SF_OFFSET(sf_backend, outer, 40);
SF_OFFSET(sf_backend, address, 108);

/*
 * The flow table: buckets of one cache line, one word per flow, read and
 * written whole, so no lock is needed. 0 is an empty way.
 *   bits  0…27 tag (low bits of the flow hash)
 *   bits 28…43 backend id
 *   bits 44…47 state
 *   bits 48…63 age: the coarse clock when it was last seen
 */
#define SF_FLOW_TAG_BITS      28
#define SF_FLOW_TAG_MASK      ((1ull << SF_FLOW_TAG_BITS) - 1)
#define SF_FLOW_BACKEND_SHIFT 28
#define SF_FLOW_STATE_SHIFT   44
#define SF_FLOW_AGE_SHIFT     48
#define SF_BACKEND_ID_MAX     65535

enum sf_flow_state {
	SF_FLOW_EMPTY = 0,
	SF_FLOW_HALF_OPEN = 1,   /* a SYN */
	SF_FLOW_ESTABLISHED = 2, /* the client has answered the backend */
	SF_FLOW_CLOSING = 3,     /* FIN or RST seen */
	SF_FLOW_SEEN = 4,        /* one packet seen, and no handshake to judge it by */
	SF_FLOW_TALKING = 5,     /* UDP, and more than one packet seen */
	SF_FLOW_RETRIED = 6,     /* half-open, and its SYN came again */
};

/* A flow idle for longer may be displaced when its bucket is full. */
#define SF_FLOW_IDLE_S    300
#define SF_TALKING_IDLE_S 60
/* A flow's age is written when it is off by this much, so ages are this coarse. */
#define SF_FLOW_TOUCH_S 4

/*
 * Fragments: the same buckets and words as flows, found by addresses, protocol
 * and identification (RFC 791, RFC 8200 §4.5); each bucket is a queue. A train of fragments is forgotten
 * after SF_FRAGMENT_S (RFC 8200 gives reassembly 60 s).
 */
#define SF_FRAGMENT_S 60

/* Which slot the first fragment used, in the place of a flow's state. */
enum sf_fragment_slot {
	SF_FRAGMENT_CURRENT = 1,
	SF_FRAGMENT_CANDIDATE = 2,
};

/*
 * New flows per source and second: buckets of words
 *   bits  0…31 tag, bits 32…47 flows in that second, bits 48…63 second.
 * A source whose word was displaced starts anew: the limit fails open.
 */

/* What the balancer answers itself is bounded per second, for all CPUs together. */
struct __attribute__((aligned(64))) sf_budget {
	__u32 echo_second;
	__u32 echo_answers;
	__u32 too_big_second;
	__u32 too_big_answers;
	__u32 reserved[12];
};
SF_SIZE(sf_budget, 64);

/* How the flow table took part in a decision. */
#define SF_FLOW_ROLES(X)                                                                                     \
	X(NONE, "none", "the flow table was not asked")                                                      \
	X(HIT, "hit", "a known flow: its backend was kept")                                                  \
	X(NEW, "new", "a new flow, remembered")                                                              \
	X(MIDFLOW, "midflow", "not the first packet, but unknown here: chosen by the ring and remembered")   \
	X(UNTRACKED, "untracked", "chosen by the ring; its bucket is full of live flows")                    \
	X(STATELESS, "stateless", "chosen by the ring; the service remembers no flows")                      \
	X(CONNECTION_ID, "connection_id", "the QUIC connection id names the backend")                        \
	X(FRAGMENT, "fragment", "a later fragment: the backend of its first one")

enum sf_flow_role {
#define X(symbol, label, help) SF_ROLE_##symbol,
	SF_FLOW_ROLES(X)
#undef X
};

/*
 * Counters: one stripe per possible CPU in a mapped array; a reader adds them up.
 * What every packet counts lies dense, services side by side within a verdict and
 * backends side by side, apart from what only the packets count that change a flow.
 */
struct sf_count {
	__u64 packets;
	__u64 bytes; /* as received, Ethernet header included */
};
SF_SIZE(sf_count, 16);

struct sf_flow_count {
	__u64 new_flows;
	__u64 established; /* TCP flows whose client answered the SYN-ACK */
	__u64 syn_retransmissions;
	__u64 midflow;
	__u64 untracked;
	__u64 retried; /* TCP flows whose SYN came again, however often */
	__u64 reserved[2];
};
SF_SIZE(sf_flow_count, 64);

/* What classify() decided, and why: the exit counts it, the dry twin reports it. */
struct sf_decision {
	__u64 hash;
	__u32 verdict;
	__u32 slot;
	__u32 service;    /* id, 0 = none */
	__u32 backend;    /* id, 0 = none */
	__u32 ring_entry; /* valid for roles NEW, MIDFLOW, UNTRACKED, STATELESS */
	__u32 role;       /* enum sf_flow_role */
	__u32 egress;     /* interface to redirect to, 0 = back by the one it came in on */
	__u32 reserved;
};
SF_SIZE(sf_decision, 40);

/* What parsing finds. Addresses as they stand on the wire; IPv4 in the low 32 bits of word 0. */
struct sf_packet {
	__u64 source[2];
	__u64 destination[2];
	__u32 ports;          /* source, destination: four bytes as on the wire */
	__u32 ip_bytes;       /* whole IP packet */
	__u32 identification; /* of a fragment */
	__u16 transport;      /* offset of the transport header in the frame */
	__be16 destination_port;
	__u8 family;
	__u8 protocol;
	__u8 tos;
	__u8 tcp_flags;      /* 0 for UDP */
	__u8 link_bytes;     /* Ethernet header with its VLAN tags */
	__u8 first_fragment; /* more of this datagram follows */
	__u8 later_fragment;
	__u8 reserved;
};
SF_SIZE(sf_packet, 56);

/*
 * Room per CPU for what the slow ways are given by pointer. On the program's stack
 * it would not fit, and what a pointer can reach could not stay in registers on the
 * fast path. No packet interrupts another one on its CPU; the dry twin has rows of its own.
 */
struct __attribute__((aligned(64))) sf_scratch {
	struct sf_decision decision;
	struct sf_packet packet;
	struct sf_packet quoted; /* by an ICMP error, turned round */
	__u64 pad[5];
};
SF_SIZE(sf_scratch, 192);

/* The dry twin's mailbox. `slot` is read before the run, `decision` after it. */
struct sf_dry {
	__u32 slot; /* slot to use, SF_NO_SLOT = the selector's */
	__u32 reserved;
	struct sf_decision decision;
	__u64 pad[2];
};
SF_SIZE(sf_dry, 64);

/*
 * Samples of dropped packets, while somebody listens: `sample_until_s` is a lease that the
 * daemon renews, so that sampling ends by itself when the listener or the daemon has died.
 * Every verdict has its own allowance on every CPU, so that a flood hides no other drop.
 */
#define SF_SAMPLE_BYTES       128
#define SF_SAMPLES_PER_SECOND 100 /* of one verdict on one CPU */
#define SF_SAMPLE_RING_BYTES  (1 << 18)

struct sf_sample {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u32 verdict;
	__u32 service; /* id, 0 = none */
	__u32 ifindex; /* it came in on */
	__u32 queue;   /* of that interface */
	__u32 cpu;
	__u32 frame_bytes;    /* of the whole frame */
	__u32 captured_bytes; /* of `bytes` that are in use */
	__u32 reserved;
	__u8 bytes[SF_SAMPLE_BYTES];
};
SF_SIZE(sf_sample, 168);

/* One verdict on one CPU. */
struct sf_sampler {
	__u32 second; /* of the coarse clock */
	__u32 taken;  /* samples in it */
	__u64 beyond; /* drops beyond the allowance */
	__u64 lost;   /* the ring was full */
	__u64 reserved;
};
SF_SIZE(sf_sampler, 32);

/* Load-time constants, from the configuration's limits: the verifier sees them fixed. */
struct sf_capacity {
	__u32 cpus;          /* counter stripes */
	__u32 services;      /* service rows per slot, id 0 included */
	__u32 backends;      /* backend rows per slot, id 0 included */
	__u32 index_buckets; /* per slot, a power of two */
	__u32 ring_lines;    /* of the arena all slots share */
	__u32 flow_buckets;
	__u32 ranges; /* per slot */
	__u32 fragment_buckets;
	__u32 rate_buckets;
};
SF_SIZE(sf_capacity, 36);

#endif /* STEADFAST_BPF_ABI_H */
