/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The list of tables, declared once: the maps of the program, the memory of the
 * host engine and the control plane's view of either are made from it. Names
 * fit the kernel's 15 characters.
 */
#ifndef STEADFAST_BPF_TABLES_H
#define STEADFAST_BPF_TABLES_H

#include "abi.h"

/* X(map, row type, rows for a capacity c) */
#define SF_TABLES(X)                                                                                         \
	X(sf_control, struct sf_control, 1)                                                                  \
	X(sf_scratch, struct sf_scratch, 2 * (c).cpus)                                                       \
	X(sf_dry, struct sf_dry, 1)                                                                          \
	X(sf_index, struct sf_bucket, SF_SLOTS *(c).index_buckets)                                           \
	X(sf_services, struct sf_service, SF_SLOTS *(c).services)                                            \
	X(sf_backends, struct sf_backend, SF_SLOTS *(c).backends)                                            \
	X(sf_rings, struct sf_ring_line, (c).ring_lines)                                                     \
	X(sf_ranges, struct sf_range, SF_SLOTS *(c).ranges)                                                  \
	X(sf_flows, struct sf_bucket, (c).flow_buckets)                                                      \
	X(sf_fragments, struct sf_bucket, (c).fragment_buckets)                                              \
	X(sf_rates, struct sf_bucket, (c).rate_buckets)                                                      \
	X(sf_budget, struct sf_budget, 1)                                                                    \
	X(sf_samplers, struct sf_sampler, (c).cpus *SF_VERDICT_ROOM)                                         \
	X(sf_counts, struct sf_count, (c).cpus *(c).services *SF_VERDICT_ROOM)                               \
	X(sf_bcounts, struct sf_count, (c).cpus *(c).backends)                                               \
	X(sf_fcounts, struct sf_flow_count, (c).cpus *(c).backends)

/* The host engine's side of the list: where each table lies and how long it is. */
struct sf_host_table {
	void *rows;
	__u32 count;
};

struct sf_host_memory {
	struct sf_capacity capacity;
#define X(name, row, count) struct sf_host_table name;
	SF_TABLES(X)
#undef X
};

#endif /* STEADFAST_BPF_TABLES_H */
