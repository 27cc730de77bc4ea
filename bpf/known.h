/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Known: a packet whose flow has a memory. A hit never looks up the service: the
 * backend's row says which destination it serves, and that is compared with the
 * packet. So a tag collision can at worst share a backend within one service, and
 * a row that belongs to nobody any more makes its flows choose again.
 *
 * What only some services want of a hit (a wide VIP, lists of sources, connection
 * ids) stands in `checks` of the row and costs the others one test.
 */
#ifndef STEADFAST_BPF_KNOWN_H
#define STEADFAST_BPF_KNOWN_H

#include "count.h"
#include "flow.h"
#include "quic.h"
#include "source.h"

/* What the first word of an IPv6 VIP leaves to compare. */
SF_INLINE int sf_has_vip_rest(const struct sf_packet *packet, const struct sf_backend *backend)
{
	return packet->family == SF_IPV4 || (sf_load32(backend->vip_rest) == packet->destination[0] >> 32 &&
					     sf_load64(backend->vip_rest + 1) == packet->destination[1]);
}

SF_INLINE int sf_is_for(const struct sf_packet *packet, const struct sf_backend *backend)
{
	__u64 first = (__u32)packet->destination[0] |
		      (__u64)sf_key_tail(packet->destination_port, packet->protocol, packet->family) << 32;

	return sf_load64(&backend->vip) == first && sf_has_vip_rest(packet, backend);
}

/* The backend of a known flow, or NULL: unknown, gone, or a backend of another service. */
SF_INLINE const struct sf_backend *sf_known(struct sf_decision *decision, const struct sf_packet *packet,
					    __u64 word)
{
	const struct sf_backend *backend = sf_backend_at(decision->slot, sf_flow_backend(word));

	if (!backend || backend->state == SF_BACKEND_ABSENT)
		return 0;
	if (!sf_is_for(packet, backend) && !(backend->checks & SF_CHECK_WIDE))
		return 0;
	decision->backend = sf_flow_backend(word);
	decision->service = backend->service_id;
	decision->role = SF_ROLE_HIT;
	return backend;
}

/*
 * Most packets change nothing about their flow: it is settled, they carry no flag that
 * could end or restart it, and its age was written a moment ago.
 */
SF_INLINE int sf_is_settled(const struct sf_packet *packet, __u64 word, __u32 clock_s)
{
	__u32 state = sf_flow_state(word);

	return sf_flow_idle(word, clock_s) < SF_FLOW_TOUCH_S &&
	       !(packet->tcp_flags & (SF_TCP_FIN | SF_TCP_SYN | SF_TCP_RST)) &&
	       (state == SF_FLOW_ESTABLISHED || state == SF_FLOW_TALKING);
}

/*
 * Keeps a known flow's word current. Ages are written every few seconds only, so
 * a busy flow's cache line stays clean in between; another backend, which only a
 * connection id can have named, at once.
 */
SF_INLINE void sf_touch(const struct sf_decision *decision, const struct sf_packet *packet,
			const struct sf_flow *flow, __u32 clock_s, const int dry)
{
	__u32 state = sf_flow_state(flow->word);
	__u32 next = sf_flow_next_state(packet, state);

	if (sf_unlikely(sf_is_half_open(state)) && packet->tcp_flags & SF_TCP_SYN)
		sf_count_flow(decision, dry, syn_retransmissions);
	if (sf_likely(next == state && sf_flow_idle(flow->word, clock_s) < SF_FLOW_TOUCH_S &&
		      decision->role == SF_ROLE_HIT))
		return;
	if (dry || !sf_flow_write(flow->bucket, flow->word,
				  sf_flow_word(decision->hash, decision->backend, next, clock_s), 0))
		return;
	if (sf_is_half_open(state) && next == SF_FLOW_ESTABLISHED)
		sf_count_flow(decision, dry, established);
	if (state != next && next == SF_FLOW_RETRIED)
		sf_count_flow(decision, dry, retried);
}

/* 1 when the flow was silent for longer than its service lets it: it has ended. */
SF_INLINE int sf_has_ended(const struct sf_backend *backend, const struct sf_flow *flow, __u32 clock_s)
{
	__u32 idle = sf_flow_idle(flow->word, clock_s);

	if (sf_likely(idle <= SF_FLOW_TOUCH_S))
		return 0;
	return backend->idle_s && idle > (__u32)backend->idle_s + SF_FLOW_TOUCH_S;
}

/* A usable backend of the decision's service under this id, or NULL. */
SF_INLINE const struct sf_backend *sf_backend_of(const struct sf_decision *decision, __u32 id)
{
	const struct sf_backend *backend = sf_backend_at(decision->slot, id);

	return backend && backend->state != SF_BACKEND_ABSENT && backend->service_id == decision->service
		   ? backend
		   : 0;
}

/* The connection id outweighs the flow: its address may have belonged to another client before. */
SF_INLINE void sf_follow_connection_id(sf_context *ctx, struct sf_decision *decision,
				       const struct sf_packet *packet)
{
	__u32 named = sf_quic_backend(ctx, decision->slot, decision->service, packet->transport);

	if (!named || named == decision->backend || !sf_backend_of(decision, named))
		return;
	decision->backend = named;
	decision->role = SF_ROLE_CONNECTION_ID;
}

/*
 * What `checks` asks of the hit in the scratch row: SF_FORWARDED to go on (with another backend
 * perhaps), SF_PARSED when the flow is to be taken for unknown, or a verdict.
 */
SF_FUNCTION __u32 sf_check_hit(sf_context *ctx, __u32 scratch_at)
{
	struct sf_scratch *scratch = sf_scratch_row(scratch_at);
	const struct sf_service *service;
	const struct sf_backend *backend;
	const struct sf_packet *packet;
	struct sf_decision *decision;
	const struct sf_slot *slot;
	__u32 verdict;

	if (!scratch)
		return SF_TABLE_ERROR;
	decision = &scratch->decision;
	packet = &scratch->packet;
	slot = sf_slot_at(decision->slot);
	service = sf_service_at(decision->slot, decision->service);
	backend = sf_backend_at(decision->slot, decision->backend);
	if (!slot || !service || !backend)
		return SF_TABLE_ERROR;
	if (backend->checks & SF_CHECK_WIDE &&
	    sf_find_service(decision->slot, slot, packet) != decision->service)
		return SF_PARSED;
	if (backend->checks & SF_CHECK_SOURCES) {
		verdict = sf_source_verdict(decision->slot, service, packet);
		if (verdict)
			return verdict;
	}
	if (backend->checks & SF_CHECK_QUIC)
		sf_follow_connection_id(ctx, decision, packet);
	return SF_FORWARDED;
}

#endif /* STEADFAST_BPF_KNOWN_H */
