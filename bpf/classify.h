/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Classify: the whole decision about one packet, as a chain of questions. Is it
 * well formed? Is its flow known, and still a flow of the service it is for?
 * If not: which service, which backend? Then it is sent. The answer is a
 * verdict; what a verdict means to the driver is decided by the program's one
 * exit, and nowhere else.
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

#include "portless.h"

/* A flow that nobody remembers: admitted, given a backend, remembered. */
SF_INLINE __u32 sf_open_flow(sf_context *ctx, struct sf_decision *decision, const struct sf_slot *slot,
			     const struct sf_packet *packet, const struct sf_flow *flow,
			     const struct sf_backend **backend, const int dry)
{
	const struct sf_service *service = 0;
	__u32 verdict;

	decision->backend = 0;
	decision->role = SF_ROLE_NONE;
	verdict = sf_admit(decision, slot, packet, &service);
	if (verdict != SF_FORWARDED || !service)
		return verdict;
	verdict = sf_choose(ctx, decision, slot, service, packet, backend);
	if (verdict != SF_FORWARDED)
		return verdict;
	if (sf_unlikely(service->new_flows_per_source) && sf_opens_flow(packet, flow) &&
	    sf_source_exceeds(sf_rate_hash(slot, decision->service, packet), service->new_flows_per_source,
			      dry))
		return SF_NEW_FLOW_LIMITED;
	sf_remember(decision, service, packet, flow, dry);
	return SF_FORWARDED;
}

/*
 * The fast path's packet and decision are locals that stay in registers; what is off it
 * gets a copy in the scratch row, and what it decided is taken back from there.
 */
SF_INLINE struct sf_scratch *sf_lay_down(const struct sf_decision *decision, const struct sf_packet *packet,
					 const int dry)
{
	struct sf_scratch *scratch = sf_scratch_row(sf_scratch_at(dry));

	if (!scratch)
		return 0;
	scratch->decision = *decision;
	scratch->packet = *packet;
	return scratch;
}

SF_INLINE __u32 sf_without_ports(sf_context *ctx, struct sf_decision *decision,
				 const struct sf_packet *packet, __u64 live, const int dry)
{
	struct sf_scratch *scratch = sf_lay_down(decision, packet, dry);
	__u32 verdict;

	if (!scratch)
		return SF_TABLE_ERROR;
	verdict = sf_portless(ctx, sf_scratch_at(dry), live, dry);
	*decision = scratch->decision;
	return verdict;
}

/* What the service's checks make of a hit, and the backend that it then has. */
SF_INLINE __u32 sf_checked(sf_context *ctx, struct sf_decision *decision, const struct sf_backend **backend,
			   const struct sf_packet *packet, const int dry)
{
	struct sf_scratch *scratch = sf_lay_down(decision, packet, dry);
	__u32 verdict;

	if (!scratch)
		return SF_TABLE_ERROR;
	verdict = sf_check_hit(ctx, sf_scratch_at(dry));
	decision->backend = scratch->decision.backend;
	decision->role = scratch->decision.role;
	*backend = sf_backend_at(decision->slot, decision->backend);
	return verdict;
}

/*
 * A flow with a memory: SF_FORWARDED to go on with it, SF_PARSED when it has ended,
 * or its service's checks say that it is none.
 */
SF_INLINE __u32 sf_continue_flow(sf_context *ctx, struct sf_decision *decision,
				 const struct sf_backend **backend, const struct sf_packet *packet,
				 const struct sf_flow *flow, __u32 clock_s, const int dry)
{
	__u32 checked = SF_FORWARDED;

	if (sf_unlikely((*backend)->checks))
		checked = sf_checked(ctx, decision, backend, packet, dry);
	if (sf_unlikely(checked != SF_FORWARDED || !*backend))
		return checked;
	if (sf_likely(sf_is_settled(packet, flow->word, clock_s) && decision->role == SF_ROLE_HIT))
		return SF_FORWARDED;
	if (decision->role == SF_ROLE_HIT &&
	    (sf_flow_restarts(packet, sf_flow_state(flow->word)) || sf_has_ended(*backend, flow, clock_s)))
		return SF_PARSED;
	sf_touch(decision, packet, flow, clock_s, dry);
	return SF_FORWARDED;
}

/* What follows a first fragment that the kernel gets is the kernel's, also at the address of a VIP. */
SF_INLINE void sf_leave_fragments(const struct sf_decision *decision, const struct sf_slot *slot,
				  const struct sf_packet *packet)
{
	if (sf_find_vip(decision->slot, slot, packet->destination, packet->family))
		sf_fragment_remember(sf_fragment_hash(slot, packet), 0, decision->slot);
}

/* The decision about one packet; its verdict is the answer. */
SF_INLINE __u32 sf_classify(sf_context *ctx, struct sf_decision *decision, __u32 wanted_slot, const int dry)
{
	const struct sf_control *control = sf_control_row(0);
	const struct sf_backend *backend;
	const struct sf_slot *slot;
	struct sf_packet parsed = {}, *packet = &parsed;
	struct sf_flow flow;
	__u32 verdict;
	__u64 live;

	verdict = sf_parse(ctx, packet);
	if (verdict < SF_VERDICT_COUNT)
		return verdict;
	if (!control)
		return SF_NO_GENERATION;
	live = wanted_slot == SF_NO_SLOT ? sf_read_once(&control->selector.live) : wanted_slot;
	decision->slot = sf_live_slot(live);
	if (decision->slot >= SF_SLOTS)
		return SF_NO_GENERATION;
	if (sf_unlikely(verdict == SF_PARSED_PORTLESS))
		return sf_without_ports(ctx, decision, packet, live, dry);
	slot = sf_slot_in(control, decision->slot);
	decision->hash = sf_flow_hash(slot, packet);
	if (sf_unlikely(sf_live_share(live))) {
		decision->slot = sf_slot_for(live, decision->hash);
		if (decision->slot >= SF_SLOTS)
			return SF_TABLE_ERROR;
		slot = sf_slot_in(control, decision->slot);
	}
	if (!sf_flow_find(&flow, decision->hash))
		return SF_TABLE_ERROR;
	backend = flow.word ? sf_known(decision, packet, flow.word) : 0;
	verdict = SF_PARSED;
	if (sf_likely(backend))
		verdict =
		    sf_continue_flow(ctx, decision, &backend, packet, &flow, control->selector.clock_s, dry);
	if (sf_unlikely(verdict == SF_PARSED))
		verdict = sf_open_flow(ctx, decision, slot, packet, &flow, &backend, dry);
	if (verdict == SF_NOT_SERVICE && packet->first_fragment && !dry)
		sf_leave_fragments(decision, slot, packet);
	if (verdict != SF_FORWARDED)
		return verdict;
	if (!backend)
		return SF_TABLE_ERROR;
	return sf_deliver(ctx, decision, backend, packet, slot, dry);
}

#endif /* STEADFAST_BPF_CLASSIFY_H */
