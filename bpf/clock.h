/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Clock: a timer that ticks in the kernel without any process. It writes the
 * coarse clock that flow ages use, so that the packet path reads a word instead
 * of calling a clock helper, and it is the dead man's switch (deadman.h). It
 * lives as long as its map is pinned or held; sf_clock_start runs once, by
 * BPF_PROG_RUN, when the daemon starts, and again when the daemon sees that
 * `ticks` stands still.
 */
#ifndef STEADFAST_BPF_CLOCK_H
#define STEADFAST_BPF_CLOCK_H

#include "deadman.h"
#include "maps.h"

#define SF_CLOCK_TICK_NS   10000000ull
#define SF_CLOCK_MONOTONIC 1
#define SF_NS_PER_S        1000000000ull

struct sf_clock_value {
	struct bpf_timer timer;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct sf_clock_value);
} sf_clock SEC(".maps");

SF_INLINE void sf_clock_set(struct sf_control *control, __u64 now)
{
	control->selector.clock_s = (__u32)(now / SF_NS_PER_S);
}

static int sf_clock_tick(void *map, __u32 *key, struct sf_clock_value *value)
{
	struct sf_control *control = sf_control_row(0);
	__u64 now = bpf_ktime_get_ns();

	(void)map;
	(void)key;
	if (control) {
		sf_clock_set(control, now);
		control->selector.ticks++;
		sf_fall_back_when_due(&control->selector, now);
	}
	bpf_timer_start(&value->timer, SF_CLOCK_TICK_NS, 0);
	return 0;
}

/* 0, or the negative errno of the step that failed. */
SEC("syscall")
int sf_clock_start(void *unused)
{
	__u32 zero = 0;
	struct sf_clock_value *value = bpf_map_lookup_elem(&sf_clock, &zero);
	struct sf_control *control = sf_control_row(0);
	long failed;

	(void)unused;
	if (!value || !control)
		return -2;
	/* Not only by the first tick: what a packet remembers before it would be aeons old after it. */
	sf_clock_set(control, bpf_ktime_get_ns());
	failed = bpf_timer_init(&value->timer, &sf_clock, SF_CLOCK_MONOTONIC);
	if (failed && failed != -16) /* EBUSY: initialised by an earlier daemon */
		return (int)failed;
	failed = bpf_timer_set_callback(&value->timer, sf_clock_tick);
	if (failed)
		return (int)failed;
	return (int)bpf_timer_start(&value->timer, SF_CLOCK_TICK_NS, 0);
}

#endif /* STEADFAST_BPF_CLOCK_H */
