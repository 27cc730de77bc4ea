/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Count: one stripe of counters per CPU, so that nothing is shared. The law of
 * sums: every packet is counted once, under its verdict and its service.
 */
#ifndef STEADFAST_BPF_COUNT_H
#define STEADFAST_BPF_COUNT_H

#include "maps.h"

/* Counters of flows, on the few packets that change a flow; packets are counted at the exit. */
#define sf_count_flow(decision, dry, field)                                                                  \
	do {                                                                                                 \
		struct sf_flow_count *counter =                                                              \
		    (dry) ? 0 : sf_fcounts_row(sf_cpu() * sf_capacity.backends + (decision)->backend);       \
		if (counter)                                                                                 \
			counter->field++;                                                                    \
	} while (0)

SF_INLINE int sf_reached_backend(__u32 verdict)
{
	return verdict == SF_FORWARDED || verdict == SF_FRAGMENT_FORWARDED || verdict == SF_ICMP_FORWARDED;
}

SF_INLINE void sf_add(struct sf_count *count, __u64 bytes)
{
	if (!count)
		return;
	count->packets++;
	count->bytes += bytes;
}

/* Service 0 counts the packets that belong to none. */
SF_INLINE void sf_count(const struct sf_decision *decision, __u64 bytes)
{
	__u32 cpu = sf_cpu();

	sf_add(sf_counts_row((cpu * SF_VERDICT_ROOM + decision->verdict) * sf_capacity.services +
			     decision->service),
	       bytes);
	if (sf_reached_backend(decision->verdict))
		sf_add(sf_bcounts_row(cpu * sf_capacity.backends + decision->backend), bytes);
}

#endif /* STEADFAST_BPF_COUNT_H */
