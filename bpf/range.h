/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Range: which of a span's sorted, disjoint intervals a key falls into, by
 * bisection (layout and meaning in abi.h). What a tree or a trie in the kernel
 * would decide per packet, longest prefix and narrowest port, the compiler has
 * decided already.
 */
#ifndef STEADFAST_BPF_RANGE_H
#define STEADFAST_BPF_RANGE_H

#include "maps.h"
#include "parse.h"

#define SF_RANGE_STEPS 17 /* 2^16 rows at most in a span */

struct sf_key {
	__u64 high, low;
};

SF_INLINE __u64 sf_ntohll(__u64 word)
{
	return (__u64)sf_ntohl((__u32)word) << 32 | sf_ntohl((__u32)(word >> 32));
}

/* An address as ranges order it. */
SF_INLINE struct sf_key sf_key_of(const __u64 address[2], __u8 family)
{
	struct sf_key key = {0, sf_ntohl((__u32)address[0])};

	if (family != SF_IPV6)
		return key;
	key.high = sf_ntohll(address[0]);
	key.low = sf_ntohll(address[1]);
	return key;
}

SF_INLINE int sf_starts_after(const struct sf_range *row, struct sf_key key)
{
	return row->key[0] > key.high || (row->key[0] == key.high && row->key[1] > key.low);
}

#define SF_NO_ROW 0xffffffffu

/* The last row of the span that does not start after the key, SF_NO_ROW when there is none. */
SF_FUNCTION __u32 sf_range_find(__u32 slot, __u32 first, __u32 count, __u64 high, __u64 low)
{
	struct sf_key key = {high, low};
	__u32 found = SF_NO_ROW, half;

	for (int step = 0; step < SF_RANGE_STEPS && count; step++) {
		const struct sf_range *row = sf_range_at(slot, first + count / 2);

		if (!row)
			return SF_NO_ROW;
		half = count / 2;
		if (sf_starts_after(row, key)) {
			count = half;
			continue;
		}
		found = first + half;
		first += half + 1;
		count -= half + 1;
	}
	return found;
}

SF_INLINE const struct sf_range *sf_range_of(__u32 slot, const struct sf_span *span, struct sf_key key)
{
	return sf_range_at(slot, sf_range_find(slot, span->first, span->count, key.high, key.low));
}

#endif /* STEADFAST_BPF_RANGE_H */
