/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Count: one stripe of counters per CPU, so that nothing is shared. The law of
 * sums: every packet is counted once, under its verdict and its service.
 */
#ifndef STEADFAST_BPF_COUNT_H
#define STEADFAST_BPF_COUNT_H

#include "maps.h"

SF_INLINE struct sf_backend_count *sf_backend_counter(__u32 backend)
{
	return sf_bcounts_row(sf_cpu() * sf_capacity.backends + backend);
}

/* Counters of flows, on the few packets that change a flow; packets are counted at the exit. */
#define sf_count_flow(decision, dry, field)                                                                  \
	do {                                                                                                 \
		struct sf_backend_count *counter = (dry) ? 0 : sf_backend_counter((decision)->backend);      \
		if (counter)                                                                                 \
			counter->field++;                                                                    \
	} while (0)

SF_INLINE int sf_reached_backend(__u32 verdict)
{
	return verdict == SF_FORWARDED || verdict == SF_FRAGMENT_FORWARDED || verdict == SF_ICMP_FORWARDED;
}

/* Service 0 counts the packets that belong to none. */
SF_INLINE void sf_count(const struct sf_decision *decision, __u64 bytes)
{
	struct sf_count *count = sf_counts_row(
	    (sf_cpu() * sf_capacity.services + decision->service) * SF_VERDICT_ROOM + decision->verdict);
	struct sf_backend_count *backend;

	if (count) {
		count->packets++;
		count->bytes += bytes;
	}
	if (!sf_reached_backend(decision->verdict))
		return;
	backend = sf_backend_counter(decision->backend);
	if (backend) {
		backend->packets++;
		backend->bytes += bytes;
	}
}

#endif /* STEADFAST_BPF_COUNT_H */
