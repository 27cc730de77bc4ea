/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The tables and how packet code reaches a row of them. Every table is a flat,
 * memory-mapped array: a lookup is inlined by the verifier to a bounds check
 * and an addition, userspace reads and writes the same memory, and there is no
 * hash map anywhere on the packet path. Sizes are set by the loader from the
 * configuration's limits and are known constants to the verifier.
 *
 * Accessors return NULL for a row that does not exist; callers turn that into
 * a counted verdict.
 */
#ifndef STEADFAST_BPF_MAPS_H
#define STEADFAST_BPF_MAPS_H

#include "platform.h"
#include "tables.h"

#ifdef __bpf__

#define SF_TABLE(name, row, rows_)                                                                           \
	struct {                                                                                             \
		__uint(type, BPF_MAP_TYPE_ARRAY);                                                            \
		__uint(map_flags, BPF_F_MMAPABLE);                                                           \
		__uint(max_entries, 1);                                                                      \
		__type(key, __u32);                                                                          \
		__type(value, row);                                                                          \
	} name SEC(".maps");                                                                                 \
	SF_INLINE row *name##_row(__u32 at)                                                                  \
	{                                                                                                    \
		return bpf_map_lookup_elem(&name, &at);                                                      \
	}
SF_TABLES(SF_TABLE)

const volatile struct sf_capacity sf_capacity = {1, 1, 1, 1, 1, 1, 1, 1, 1};

#else

/* The host engine's memory while a packet is classified. */
static _Thread_local const struct sf_host_memory *sf_host;

#define SF_TABLE(name, row, rows_)                                                                           \
	SF_INLINE row *name##_row(__u32 at)                                                                  \
	{                                                                                                    \
		return at < sf_host->name.count ? (row *)sf_host->name.rows + at : 0;                        \
	}
SF_TABLES(SF_TABLE)

#define sf_capacity (sf_host->capacity)

#endif

/* `slot` is known to be one: the mask says so to verifiers that forget what was compared. */
SF_INLINE const struct sf_slot *sf_slot_in(const struct sf_control *control, __u32 slot)
{
	SF_FORGET(slot);
	return &control->slots[slot & (SF_SLOTS - 1)];
}

SF_INLINE const struct sf_slot *sf_slot_at(__u32 slot)
{
	const struct sf_control *control = sf_control_row(0);

	return control && slot < SF_SLOTS ? sf_slot_in(control, slot) : 0;
}

SF_INLINE __u32 sf_clock_s(void)
{
	const struct sf_control *control = sf_control_row(0);

	return control ? control->selector.clock_s : 0;
}

/* Which of `count` rows a hash picks, by its upper half: any count will do. */
SF_INLINE __u32 sf_pick(__u64 hash, __u32 count)
{
	return (__u32)((hash >> 32) * count >> 32);
}

/*
 * The scratch row of a packet on this CPU, and that of a question: older kernels let
 * packets interrupt BPF_PROG_TEST_RUN, so the two must not share one.
 */
SF_INLINE __u32 sf_scratch_at(const int dry)
{
	return dry ? sf_capacity.cpus + sf_cpu() : sf_cpu();
}

SF_INLINE struct sf_bucket *sf_index_bucket(__u32 slot, __u32 at)
{
	return sf_index_row(slot * sf_capacity.index_buckets + at);
}

SF_INLINE const struct sf_service *sf_service_at(__u32 slot, __u32 id)
{
	if (id >= sf_capacity.services)
		return 0;
	return sf_services_row(slot * sf_capacity.services + id);
}

SF_INLINE const struct sf_backend *sf_backend_at(__u32 slot, __u32 id)
{
	if (id >= sf_capacity.backends)
		return 0;
	return sf_backends_row(slot * sf_capacity.backends + id);
}

SF_INLINE const struct sf_range *sf_range_at(__u32 slot, __u32 at)
{
	if (at >= sf_capacity.ranges)
		return 0;
	return sf_ranges_row(slot * sf_capacity.ranges + at);
}

#endif /* STEADFAST_BPF_MAPS_H */
