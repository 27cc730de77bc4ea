/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Fresh: a packet whose flow has no memory. Which service, may it come, which
 * backend, and is the choice remembered?
 */
#ifndef STEADFAST_BPF_FRESH_H
#define STEADFAST_BPF_FRESH_H

#include "known.h"

/* The ring's backend; decision->backend stays 0 when the tables contradict each other. */
SF_INLINE const struct sf_backend *sf_ask_ring(struct sf_decision *decision, const struct sf_slot *slot,
					       const struct sf_service *service,
					       const struct sf_packet *packet)
{
	__u64 hash =
	    sf_hash_ring(slot->hash_key, service->hash_mode, decision->hash, packet->source, packet->ports);
	const struct sf_backend *backend;
	__u32 id;

	decision->ring_entry = (__u32)hash & service->ring_mask;
	id = sf_ring_backend(service, decision->ring_entry);
	backend = sf_backend_of(decision, id);
	decision->backend = backend ? id : 0;
	return backend;
}

/* The service that may take the packet, its id in the decision; otherwise why not. */
SF_INLINE __u32 sf_admit(struct sf_decision *decision, const struct sf_slot *slot,
			 const struct sf_packet *packet, const struct sf_service **service)
{
	decision->service = sf_find_service(decision->slot, slot, packet);
	if (!decision->service)
		return SF_NOT_SERVICE;
	*service = sf_service_at(decision->slot, decision->service);
	if (!*service)
		return SF_TABLE_ERROR;
	if (sf_unlikely((*service)->checks & SF_CHECK_SOURCES))
		return sf_source_verdict(decision->slot, *service, packet) ?: SF_FORWARDED;
	return SF_FORWARDED;
}

/* The backend a flow without memory goes to; its verdict when there is none. */
SF_INLINE __u32 sf_choose(sf_context *ctx, struct sf_decision *decision, const struct sf_slot *slot,
			  const struct sf_service *service, const struct sf_packet *packet,
			  const struct sf_backend **backend)
{
	if (sf_unlikely(service->checks & SF_CHECK_QUIC)) {
		sf_follow_connection_id(ctx, decision, packet);
		*backend = sf_backend_at(decision->slot, decision->backend);
		if (decision->backend && *backend)
			return SF_FORWARDED;
	}
	if (!service->active)
		return SF_NO_BACKEND;
	*backend = sf_ask_ring(decision, slot, service, packet);
	return *backend ? SF_FORWARDED : SF_TABLE_ERROR;
}

/* Remembers a new flow, if its service wants that and its bucket has room for it. */
SF_INLINE void sf_remember(struct sf_decision *decision, const struct sf_service *service,
			   const struct sf_packet *packet, const struct sf_flow *flow, const int dry)
{
	__u32 state = sf_flow_first_state(packet);
	int first = packet->protocol != IPPROTO_TCP || state == SF_FLOW_HALF_OPEN;
	int kept;

	if (sf_unlikely(service->hash_only)) {
		if (decision->role != SF_ROLE_CONNECTION_ID)
			decision->role = SF_ROLE_STATELESS;
		return;
	}
	kept = sf_flow_write(flow->bucket, flow->word,
			     sf_flow_word(decision->hash, decision->backend, state, sf_clock_s()), dry);
	if (!kept)
		sf_count_flow(decision, dry, untracked);
	if (decision->role == SF_ROLE_CONNECTION_ID)
		return;
	decision->role = !kept ? SF_ROLE_UNTRACKED : first ? SF_ROLE_NEW : SF_ROLE_MIDFLOW;
	if (first)
		sf_count_flow(decision, dry, new_flows);
	else
		sf_count_flow(decision, dry, midflow);
}

#endif /* STEADFAST_BPF_FRESH_H */
