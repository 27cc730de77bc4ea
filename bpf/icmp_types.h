/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * ICMP types and codes that the program reads or writes, of IANA's registries.
 * <linux/icmp.h> has them too, but draws in the sockets of the host's libc.
 */
#ifndef STEADFAST_BPF_ICMP_TYPES_H
#define STEADFAST_BPF_ICMP_TYPES_H

enum sf_icmpv4_type {
	SF_ICMPV4_ECHO_REPLY = 0,
	SF_ICMPV4_UNREACHABLE = 3,
	SF_ICMPV4_ECHO = 8,
	SF_ICMPV4_TIME_EXCEEDED = 11,
	SF_ICMPV4_PARAMETER_PROBLEM = 12,
};
#define SF_ICMPV4_FRAGMENTATION_NEEDED 4 /* code of UNREACHABLE */

enum sf_icmpv6_type {
	SF_ICMPV6_UNREACHABLE = 1,
	SF_ICMPV6_TOO_BIG = 2,
	SF_ICMPV6_TIME_EXCEEDED = 3,
	SF_ICMPV6_PARAMETER_PROBLEM = 4,
	SF_ICMPV6_ECHO = 128,
	SF_ICMPV6_ECHO_REPLY = 129,
};

#endif /* STEADFAST_BPF_ICMP_TYPES_H */
