/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Checksum: the ones' complement sum of RFC 1071, over words as they stand in
 * memory (§2.B): what is stored the same way is right in either byte order.
 */
#ifndef STEADFAST_BPF_CHECKSUM_H
#define STEADFAST_BPF_CHECKSUM_H

#include "platform.h"

SF_INLINE __u16 sf_fold(__u32 sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (__u16)sum;
}

/* Of at most `most` bytes, a multiple of two, and not beyond `end`. */
SF_INLINE __u32 sf_sum(const __u8 *at, const void *end, __u32 most)
{
	__u32 sum = 0;

	for (__u32 i = 0; i < most / 2; i++) {
		if (at + 2 > (const __u8 *)end)
			break;
		sum += sf_load16(at);
		at += 2;
	}
	return sum;
}

/* RFC 1624 eqn. 3: the checksum after one word of what it covers has changed. */
SF_INLINE __u16 sf_checksum_after(__u16 checksum, __u16 from, __u16 to)
{
	return (__u16)~sf_fold((__u16)~checksum + (__u32)(__u16)~from + to);
}

#endif /* STEADFAST_BPF_CHECKSUM_H */
