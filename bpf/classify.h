/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Classify: the whole decision about one packet, as a chain of questions. Is it
 * well formed? Is its flow known, and still a flow of the service it is for?
 * If not: which service, which backend? Then it is sent. The answer is a
 * verdict; what a verdict means to the driver is decided by the program's one
 * exit, and nowhere else.
 *
 * A hit never looks up the service: the backend's row says which destination it
 * serves, and that is compared with the packet. So a tag collision can at worst
 * share a backend within one service, and a row that belongs to nobody any more
 * makes its flows choose again.
 *
 * During a canary a share of the hash space uses the candidate's slot for
 * everything: known flows there keep their backend as in any change, and no
 * packet mixes two generations. Both slots have the same hash key then.
 *
 * `dry` is a constant in both callers: the twin decides and rewrites alike but
 * neither remembers nor counts.
 */
#ifndef STEADFAST_BPF_CLASSIFY_H
#define STEADFAST_BPF_CLASSIFY_H

#include "deadman.h"
#include "encap.h"
#include "flow.h"
#include "select.h"

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

/*
 * The backend of a known flow, or NULL: unknown, its backend is gone, or it
 * names a backend of another service.
 */
SF_INLINE const struct sf_backend *sf_known(struct sf_decision *decision, const struct sf_packet *packet,
					    const struct sf_flow *flow)
{
	const struct sf_backend *backend;

	if (!flow->word || sf_flow_restarts(packet, sf_flow_state(flow->word)))
		return 0;
	backend = sf_backend_at(decision->slot, sf_flow_backend(flow->word));
	if (!backend || backend->state == SF_BACKEND_ABSENT || !sf_is_for(packet, &backend->service))
		return 0;
	decision->backend = sf_flow_backend(flow->word);
	decision->service = backend->service_id;
	decision->role = SF_ROLE_HIT;
	return backend;
}

/*
 * Keeps a known flow's word current. Ages have seconds, so a busy flow is
 * written once a second and its cache line stays clean in between.
 */
SF_INLINE void sf_touch(const struct sf_decision *decision, const struct sf_packet *packet,
			const struct sf_flow *flow, __u32 clock_s, const int dry)
{
	__u32 state = sf_flow_state(flow->word);
	__u32 next = sf_flow_next_state(packet, state);

	if (state == SF_FLOW_HALF_OPEN && packet->tcp_flags & SF_TCP_SYN)
		sf_count_flow(decision, dry, syn_retransmissions);
	if (next == state && sf_flow_age(flow->word) == (__u16)clock_s)
		return;
	if (dry)
		return;
	if (!sf_flow_replace(flow->bucket, flow->way, flow->word,
			     sf_flow_word(decision->hash, decision->backend, next, clock_s)))
		return;
	if (state == SF_FLOW_HALF_OPEN && next == SF_FLOW_ESTABLISHED)
		sf_count_flow(decision, dry, established);
}

/* Remembers a new flow, if its bucket has room for it. */
SF_INLINE void sf_remember(struct sf_decision *decision, const struct sf_packet *packet, struct sf_flow *flow,
			   __u32 clock_s, const int dry)
{
	__u32 state = sf_flow_first_state(packet);
	int first = packet->protocol != IPPROTO_TCP || state == SF_FLOW_HALF_OPEN;

	decision->role = SF_ROLE_UNTRACKED;
	if (flow->bucket && sf_flow_make_room(flow, clock_s) &&
	    (dry || sf_flow_replace(flow->bucket, flow->way, flow->word,
				    sf_flow_word(decision->hash, decision->backend, state, clock_s))))
		decision->role = first ? SF_ROLE_NEW : SF_ROLE_MIDFLOW;
	if (decision->role == SF_ROLE_UNTRACKED)
		sf_count_flow(decision, dry, untracked);
	if (first)
		sf_count_flow(decision, dry, new_flows);
	else
		sf_count_flow(decision, dry, midflow);
}

/* The backend a flow without memory goes to; its verdict when there is none. */
SF_INLINE __u32 sf_choose(struct sf_decision *decision, const struct sf_slot *slot,
			  const struct sf_packet *packet, const struct sf_backend **backend)
{
	const struct sf_service *service;

	decision->service = sf_find_service(decision->slot, slot, packet);
	if (!decision->service)
		return SF_NOT_SERVICE;
	service = sf_service_at(decision->slot, decision->service);
	if (!service)
		return SF_TABLE_ERROR;
	if (!service->active)
		return SF_NO_BACKEND;
	decision->ring_entry = (__u32)decision->hash & service->ring_mask;
	decision->backend = sf_ring_backend(service, decision->ring_entry);
	*backend = sf_backend_at(decision->slot, decision->backend);
	if (!*backend || (*backend)->state == SF_BACKEND_ABSENT || !sf_is_for(packet, &(*backend)->service)) {
		decision->backend = 0;
		return SF_TABLE_ERROR;
	}
	return SF_FORWARDED;
}

SF_INLINE __u32 sf_classify(sf_context *ctx, struct sf_decision *decision, __u32 wanted_slot, const int dry)
{
	const struct sf_control *control = sf_control_row(0);
	const struct sf_backend *backend;
	const struct sf_slot *slot;
	struct sf_packet packet = {};
	struct sf_flow flow;
	__u32 verdict, clock_s;
	__u64 live;

	verdict = sf_parse(ctx, &packet);
	if (verdict != SF_PARSED)
		return verdict;
	if (!control)
		return SF_NO_GENERATION;
	live = wanted_slot == SF_NO_SLOT ? sf_read_once(&control->selector.live) : wanted_slot;
	decision->slot = sf_live_slot(live);
	if (decision->slot >= SF_SLOTS)
		return SF_NO_GENERATION;
	slot = &control->slots[decision->slot];
	clock_s = control->selector.clock_s;
	decision->hash = sf_flow_hash(slot, &packet);
	if (sf_live_share(live)) {
		decision->slot = sf_slot_for(live, decision->hash);
		if (decision->slot >= SF_SLOTS)
			return SF_TABLE_ERROR;
		slot = &control->slots[decision->slot];
	}
	sf_flow_find(&flow, decision->hash);
	backend = sf_known(decision, &packet, &flow);
	if (sf_likely(backend)) {
		sf_touch(decision, &packet, &flow, clock_s, dry);
		return sf_send(ctx, backend, &packet, decision->hash);
	}
	verdict = sf_choose(decision, slot, &packet, &backend);
	if (verdict != SF_FORWARDED)
		return verdict;
	sf_remember(decision, &packet, &flow, clock_s, dry);
	return sf_send(ctx, backend, &packet, decision->hash);
}

/* The law of sums: every packet is counted here, once, under its verdict and its service (0 = none). */
SF_INLINE void sf_count(const struct sf_decision *decision, __u64 bytes)
{
	struct sf_count *count = sf_counts_row(
	    (sf_cpu() * sf_capacity.services + decision->service) * SF_VERDICT_ROOM + decision->verdict);
	struct sf_backend_count *backend;

	if (count) {
		count->packets++;
		count->bytes += bytes;
	}
	if (decision->verdict != SF_FORWARDED)
		return;
	backend = sf_backend_counter(decision->backend);
	if (backend) {
		backend->packets++;
		backend->bytes += bytes;
	}
}

#endif /* STEADFAST_BPF_CLASSIFY_H */
