/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * What the packet code needs from the machine it runs on, for its two homes:
 * the kernel (clang -target bpf) and the host engine (a C compiler, memory
 * instead of maps). Nothing here decides anything about a packet.
 *
 * Loads and stores of packet and table words go through sf_load/sf_store: in
 * BPF a plain access is right (the verifier knows what the CPU can do, and a
 * byte-wise memcpy would cost a store per byte); on the host it must be memcpy,
 * because an unaligned access through a pointer is undefined there.
 */
#ifndef STEADFAST_BPF_PLATFORM_H
#define STEADFAST_BPF_PLATFORM_H

#include <linux/types.h>

#include "abi.h"

#ifdef __bpf__

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

typedef struct xdp_md sf_context;

#define SF_INLINE static __always_inline
/* Off the fast path: a function the verifier proves once, for any caller, instead of at every call. */
#define SF_FUNCTION __attribute__((noinline))
#define SF_UNROLL   _Pragma("unroll")
/* The compiler forgets what it knows of a value, and keeps the bounds that a verifier needs to see. */
#define SF_FORGET(value) asm volatile("" : "+r"(value))
#define sf_htons(x)      bpf_htons(x)
#define sf_htonl(x)      bpf_htonl(x)

#define SF_ACCESS(bits)                                                                                      \
	SF_INLINE __u##bits sf_load##bits(const void *at)                                                    \
	{                                                                                                    \
		return *(const __u##bits *)at;                                                               \
	}                                                                                                    \
	SF_INLINE void sf_store##bits(void *at, __u##bits value)                                             \
	{                                                                                                    \
		*(__u##bits *)at = value;                                                                    \
	}

SF_INLINE void *sf_data(sf_context *ctx)
{
	return (void *)(long)ctx->data;
}

SF_INLINE void *sf_data_end(sf_context *ctx)
{
	return (void *)(long)ctx->data_end;
}

/* The verifier refuses 32-bit arithmetic with packet pointers, which clang likes to make of this. */
SF_INLINE __u64 sf_frame_bytes(sf_context *ctx)
{
	__u64 data = ctx->data, end = ctx->data_end, bytes;

	bytes = end - data;
	SF_FORGET(bytes);
	return bytes;
}

SF_INLINE int sf_grow_head(sf_context *ctx, int bytes)
{
	return bpf_xdp_adjust_head(ctx, -bytes);
}

SF_INLINE int sf_cut_tail(sf_context *ctx, int bytes)
{
	return bpf_xdp_adjust_tail(ctx, -bytes);
}

SF_INLINE __u32 sf_came_in_on(sf_context *ctx)
{
	return ctx->ingress_ifindex;
}

SF_INLINE __u32 sf_cpu(void)
{
	return bpf_get_smp_processor_id();
}

#else /* host */

#include <endian.h>
#include <string.h>

#define SF_LEAST_FRAME 14 /* the kernel cuts no frame below its Ethernet header */

typedef struct sf_host_context {
	__u8 *data;
	__u8 *data_end;
	__u8 *headroom; /* first byte the head may grow to */
	__u32 ifindex;  /* it came in on */
} sf_context;

#define SF_INLINE   static inline __attribute__((always_inline))
#define SF_FUNCTION static __attribute__((unused))
#define SF_UNROLL
#define SF_FORGET(value) ((void)(value))
#define sf_htons(x)      htobe16((__u16)(x))
#define sf_htonl(x)      htobe32((__u32)(x))

#define SF_ACCESS(bits)                                                                                      \
	SF_INLINE __u##bits sf_load##bits(const void *at)                                                    \
	{                                                                                                    \
		__u##bits value;                                                                             \
		memcpy(&value, at, sizeof(value));                                                           \
		return value;                                                                                \
	}                                                                                                    \
	SF_INLINE void sf_store##bits(void *at, __u##bits value)                                             \
	{                                                                                                    \
		memcpy(at, &value, sizeof(value));                                                           \
	}

SF_INLINE void *sf_data(sf_context *ctx)
{
	return ctx->data;
}

SF_INLINE void *sf_data_end(sf_context *ctx)
{
	return ctx->data_end;
}

SF_INLINE __u64 sf_frame_bytes(sf_context *ctx)
{
	return (__u64)(ctx->data_end - ctx->data);
}

SF_INLINE int sf_grow_head(sf_context *ctx, int bytes)
{
	if (ctx->data - ctx->headroom < bytes)
		return -1;
	if (ctx->data - bytes + SF_LEAST_FRAME > ctx->data_end)
		return -1;
	ctx->data -= bytes;
	return 0;
}

SF_INLINE int sf_cut_tail(sf_context *ctx, int bytes)
{
	if (ctx->data_end - ctx->data < bytes + SF_LEAST_FRAME)
		return -1;
	ctx->data_end -= bytes;
	return 0;
}

SF_INLINE __u32 sf_came_in_on(sf_context *ctx)
{
	return ctx->ifindex;
}

SF_INLINE __u32 sf_cpu(void)
{
	return 0;
}

#endif

SF_ACCESS(16)
SF_ACCESS(32)
SF_ACCESS(64)

/* A word that others read or write meanwhile: neither split nor left out. */
SF_INLINE __u64 sf_read_once(const __u64 *word)
{
	return *(const volatile __u64 *)word;
}

SF_INLINE void sf_write_once(__u64 *word, __u64 value)
{
	*(volatile __u64 *)word = value;
}

/* Bytes from `at` to the end of the frame. Older verifiers follow this, but not `at + bytes > end`. */
SF_INLINE __u64 sf_left(const __u8 *at, const void *end)
{
	__u64 left = (__u64)((const __u8 *)end - at);

	SF_FORGET(left);
	return left;
}

#define sf_ntohs(x)    sf_htons(x)
#define sf_ntohl(x)    sf_htonl(x)
#define sf_likely(x)   __builtin_expect(!!(x), 1)
#define sf_unlikely(x) __builtin_expect(!!(x), 0)

#endif /* STEADFAST_BPF_PLATFORM_H */
