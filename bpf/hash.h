/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The two hashes of the packet path. The control plane computes the same ones,
 * so this header has no idea of packets or maps.
 *
 * Each word is mixed by xor, multiplication with an odd constant and a shift
 * (the multiply-xorshift finisher of MurmurHash3); the key comes in before the
 * first multiplication and again before the last, so that an outsider can
 * neither choose a bucket nor a backend. Not a cryptographic hash: one would
 * cost more than the rest of the path.
 */
#ifndef STEADFAST_BPF_HASH_H
#define STEADFAST_BPF_HASH_H

#include "platform.h"

#define SF_MIX_A 0xff51afd7ed558ccdull
#define SF_MIX_B 0xc4ceb9fe1a85ec53ull

SF_INLINE __u64 sf_mix(__u64 hash, __u64 word)
{
	hash = (hash ^ word) * SF_MIX_A;
	return hash ^ hash >> 32;
}

SF_INLINE __u64 sf_finish(__u64 hash, __u64 key)
{
	hash = (hash ^ key) * SF_MIX_B;
	hash ^= hash >> 29;
	hash *= SF_MIX_A;
	return hash ^ hash >> 32;
}

/*
 * addresses = source << 32 | destination, as on the wire. What differs most
 * between flows, the ports, belongs into the low bits of `tail`: multiplication
 * spreads upwards only.
 */
SF_INLINE __u64 sf_hash_flow4(const __u64 key[2], __u64 addresses, __u64 tail)
{
	return sf_finish(sf_mix(key[0], addresses) + tail, key[1]);
}

SF_INLINE __u64 sf_hash_flow6(const __u64 key[2], const __u64 source[2], const __u64 destination[2],
			      __u64 tail)
{
	__u64 hash = sf_mix(key[0], source[0]);

	hash = sf_mix(hash, source[1]);
	hash = sf_mix(hash, destination[0]);
	hash = sf_mix(hash, destination[1]);
	return sf_finish(hash + tail, key[1]);
}

/*
 * What chooses the ring entry: the flow's own hash, or less of it, so that flows
 * which have that much in common share a backend. `ports` as on the wire.
 */
SF_INLINE __u64 sf_hash_ring(const __u64 key[2], __u32 mode, __u64 flow_hash, const __u64 source[2],
			     __u32 ports)
{
	const __u64 nowhere[2] = {0, 0};

	switch (mode) {
	case SF_HASH_SOURCE:
		return sf_hash_flow6(key, source, nowhere, 0);
	case SF_HASH_SOURCE_PORT:
		return sf_hash_flow6(key, source, nowhere, ports & 0xffff);
	case SF_HASH_DESTINATION_PORT:
		return sf_hash_flow6(key, nowhere, nowhere, ports >> 16);
	default:
		return flow_hash;
	}
}

/* Lower 32 bits choose the index bucket, upper 32 are the fingerprint. */
SF_INLINE __u64 sf_hash_service(__u64 key, const __u64 destination[2], __u32 tail)
{
	__u64 hash = sf_mix(key, destination[0] ^ (__u64)tail << 32);

	return sf_mix(hash ^ key, destination[1]) * SF_MIX_B;
}

#endif /* STEADFAST_BPF_HASH_H */
