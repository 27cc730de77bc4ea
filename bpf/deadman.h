/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The dead man's switch: when nobody has confirmed a generation by its deadline,
 * packets go back to the one before. The kernel's timer asks on every tick; the
 * daemon asks the same question of the same words, in case the timer has died.
 *
 * Two words make it exact, whoever is stopped or killed between two
 * instructions:
 *  - `deadline_ns` is swapped to 0 by exactly one of those who confirm, extend
 *    or fall back; the others see that they came too late.
 *  - `live` is replaced whole and carries an epoch, so a daemon that slept
 *    through the deadline between reading and swapping it cannot bring back what
 *    the timer has taken away.
 * Undoing by hand goes the same way: the deadline becomes SF_DEADLINE_NOW, and
 * whoever comes first acts on it.
 * Until `live` names more than `previous` there is nothing to fall back from,
 * and a deadline that is armed before the flip waits for it.
 */
#ifndef STEADFAST_BPF_DEADMAN_H
#define STEADFAST_BPF_DEADMAN_H

#include "platform.h"

SF_INLINE __u32 sf_live_slot(__u64 live)
{
	return (__u32)live;
}

SF_INLINE __u32 sf_live_candidate(__u64 live)
{
	return live >> SF_LIVE_CANDIDATE_SHIFT & 0xff;
}

SF_INLINE __u32 sf_live_share(__u64 live)
{
	return live >> SF_LIVE_SHARE_SHIFT & 0xffff;
}

/* The word after `live` for these slots: its epoch is the next one. */
SF_INLINE __u64 sf_live_after(__u64 live, __u32 current, __u32 candidate, __u32 share)
{
	return (__u64)current | (__u64)(candidate & 0xff) << SF_LIVE_CANDIDATE_SHIFT |
	       (__u64)(share & 0xffff) << SF_LIVE_SHARE_SHIFT |
	       ((live >> SF_LIVE_EPOCH_SHIFT) + 1) << SF_LIVE_EPOCH_SHIFT;
}

/* The slot a packet uses: the candidate for its share of the hash space. */
SF_INLINE __u32 sf_slot_for(__u64 live, __u64 hash)
{
	return (__u32)(hash >> 48) < sf_live_share(live) ? sf_live_candidate(live) : sf_live_slot(live);
}

/* 1 when packets went back to `previous`. */
SF_INLINE int sf_fall_back_when_due(struct sf_selector *selector, __u64 now_ns)
{
	__u64 deadline = sf_read_once(&selector->deadline_ns);
	__u64 live = sf_read_once(&selector->live);

	if (!deadline || now_ns < deadline)
		return 0;
	if (sf_live_slot(live) == selector->previous && !sf_live_share(live))
		return 0;
	if (__sync_val_compare_and_swap(&selector->deadline_ns, deadline, 0) != deadline)
		return 0;
	/* The deadline has one owner now, and what a daemon writes meanwhile (the same generation
	 * with other next hops) is overruled. */
	sf_write_once(&selector->live,
		      sf_live_after(sf_read_once(&selector->live), selector->previous, 0, 0));
	if (deadline != SF_DEADLINE_NOW) {
		selector->fell_back_ns = now_ns;
		selector->fallbacks++;
	}
	return 1;
}

#endif /* STEADFAST_BPF_DEADMAN_H */
