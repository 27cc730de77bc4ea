/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Portless: the packets that belong to a service without having its ports: later
 * fragments, ICMP errors, pings of a VIP. None of them is a flow, so nothing is
 * remembered; pings use the running generation also in a canary.
 */
#ifndef STEADFAST_BPF_PORTLESS_H
#define STEADFAST_BPF_PORTLESS_H

#include "deadman.h"
#include "deliver.h"
#include "fresh.h"
#include "icmp.h"

/* Sends a packet that is no part of its flow's handshake: never answered, never remembered. */
SF_INLINE __u32 sf_pass_on(sf_context *ctx, struct sf_decision *decision, const struct sf_backend *backend,
			   const struct sf_packet *packet, const struct sf_slot *slot, __u32 as)
{
	__u32 verdict = sf_send_out(ctx, decision, backend, packet, slot);

	return verdict == SF_FORWARDED ? as : verdict;
}

SF_INLINE int sf_is_at(const struct sf_packet *packet, const struct sf_backend *backend, __u32 vip_service)
{
	if (backend->checks & SF_CHECK_WIDE)
		return vip_service != 0;
	return backend->vip == (__u32)packet->destination[0] && backend->family == packet->family &&
	       sf_has_vip_rest(packet, backend);
}

/* The slot of the first fragment: in a canary its share decided, and later ones have no ports to ask by. */
SF_INLINE __u32 sf_slot_of_train(__u64 word, __u64 live, __u32 current)
{
	return sf_live_share(live) && sf_flow_state(word) == SF_FRAGMENT_CANDIDATE ? sf_live_candidate(live)
										   : current;
}

/* What is no TCP or UDP was left to the kernel with its first fragment; so is the rest of it. */
SF_INLINE __u32 sf_later_fragment(sf_context *ctx, struct sf_decision *decision,
				  const struct sf_packet *packet, const struct sf_slot *slot, __u64 live)
{
	const struct sf_backend *backend;
	__u64 word;

	if (!sf_is_transport(packet->protocol))
		return SF_NOT_TRANSPORT;
	decision->service = sf_find_vip(decision->slot, slot, packet->destination, packet->family);
	if (!decision->service)
		return SF_NOT_SERVICE;
	decision->hash = sf_fragment_hash(slot, packet);
	word = sf_fragment_word(decision->hash, sf_clock_s());
	if (word && !sf_flow_backend(word)) {
		decision->service = 0;
		return SF_NOT_SERVICE;
	}
	decision->slot = sf_slot_of_train(word, live, decision->slot);
	slot = sf_slot_at(decision->slot);
	backend = sf_backend_at(decision->slot, sf_flow_backend(word));
	if (!slot || !word || !backend || backend->state == SF_BACKEND_ABSENT ||
	    !sf_is_at(packet, backend, decision->service))
		return SF_FRAGMENT_ORPHAN;
	decision->backend = sf_flow_backend(word);
	decision->service = backend->service_id;
	decision->role = SF_ROLE_FRAGMENT;
	return sf_pass_on(ctx, decision, backend, packet, slot, SF_FRAGMENT_FORWARDED);
}

/* A first fragment that ends before the ports: to a VIP only an attack (RFC 1858), to others the kernel's. */
SF_INLINE __u32 sf_tiny_fragment(struct sf_decision *decision, const struct sf_packet *packet,
				 const struct sf_slot *slot)
{
	decision->service = sf_find_vip(decision->slot, slot, packet->destination, packet->family);
	return decision->service ? SF_BAD_TRANSPORT : SF_NOT_SERVICE;
}

/* The backend of the flow that `turned` belongs to: its memory's, or what the ring says. */
SF_INLINE const struct sf_backend *
sf_backend_of_flow(struct sf_decision *decision, const struct sf_packet *turned, const struct sf_slot *slot)
{
	const struct sf_service *service;
	const struct sf_backend *backend;
	struct sf_flow flow;

	if (!sf_flow_find(&flow, decision->hash))
		return 0;
	backend = sf_known(decision, turned, flow.word);
	if (backend && (!(backend->checks & SF_CHECK_WIDE) ||
			sf_find_service(decision->slot, slot, turned) == decision->service))
		return backend;
	decision->role = SF_ROLE_NONE;
	decision->backend = 0;
	decision->service = sf_find_service(decision->slot, slot, turned);
	service = sf_service_at(decision->slot, decision->service);
	if (!decision->service || !service || !service->active)
		return 0;
	return sf_ask_ring(decision, slot, service, turned);
}

SF_INLINE __u32 sf_icmp_error(sf_context *ctx, struct sf_scratch *scratch, const struct sf_slot *slot,
			      __u64 live)
{
	struct sf_decision *decision = &scratch->decision;
	const struct sf_packet *packet = &scratch->packet;
	const struct sf_backend *backend;

	decision->service = sf_find_vip(decision->slot, slot, packet->destination, packet->family);
	if (!decision->service)
		return SF_NOT_SERVICE;
	if (!sf_turn_quoted(ctx, packet, &scratch->quoted))
		return SF_BAD_ICMP;
	decision->hash = sf_flow_hash(slot, &scratch->quoted);
	decision->slot = sf_slot_for(live, decision->hash);
	slot = sf_slot_at(decision->slot);
	if (!slot)
		return SF_TABLE_ERROR;
	backend = sf_backend_of_flow(decision, &scratch->quoted, slot);
	if (!decision->service)
		return SF_NOT_SERVICE;
	if (!backend)
		return SF_NO_BACKEND;
	return sf_pass_on(ctx, decision, backend, packet, slot, SF_ICMP_FORWARDED);
}

SF_INLINE __u32 sf_echo(sf_context *ctx, struct sf_decision *decision, const struct sf_packet *packet,
			const struct sf_slot *slot, int dry)
{
	struct sf_budget *budget = sf_budget_row(0);

	decision->service = sf_find_vip(decision->slot, slot, packet->destination, packet->family);
	if (!decision->service)
		return SF_NOT_SERVICE;
	if (!budget)
		return SF_TABLE_ERROR;
	if (!sf_is_answerable(ctx, packet))
		return SF_BAD_ICMP;
	if (!sf_may_answer(&budget->echo_second, &budget->echo_answers, slot->echo_limit, sf_clock_s(), dry))
		return SF_ECHO_LIMITED;
	return sf_answer_echo(ctx, packet);
}

/*
 * A ping in fragments is left to the kernel like all other ICMP, because its answer
 * would need the whole of it; so is one with extension headers, which an answer
 * must not repeat.
 */
SF_INLINE int sf_is_plain(const struct sf_packet *packet)
{
	return !packet->first_fragment && (packet->family == SF_IPV4 ||
					   packet->transport == packet->link_bytes + sizeof(struct ipv6hdr));
}

SF_INLINE __u32 sf_icmp(sf_context *ctx, struct sf_scratch *scratch, const struct sf_slot *slot, __u64 live,
			int dry)
{
	const struct sf_packet *packet = &scratch->packet;
	const __u8 *at = (const __u8 *)sf_data(ctx) + (packet->transport & 0x1ff);
	enum sf_icmp_sort sort;

	if (at + SF_ICMP_BYTES > (const __u8 *)sf_data_end(ctx))
		return SF_TRUNCATED;
	sort = packet->family == SF_IPV4 ? sf_icmp_sort_v4(at[0]) : sf_icmp_sort_v6(at[0]);
	if (sort == SF_ICMP_ERROR)
		return sf_icmp_error(ctx, scratch, slot, live);
	if (sort == SF_ICMP_ECHO && sf_is_plain(packet))
		return sf_echo(ctx, &scratch->decision, packet, slot, dry);
	return SF_NOT_TRANSPORT;
}

/* The packet in the scratch row. `live` chooses the slot as for a packet with ports. */
SF_FUNCTION __u32 sf_portless(sf_context *ctx, __u32 scratch_at, __u64 live, int dry)
{
	struct sf_scratch *scratch = sf_scratch_row(scratch_at);
	const struct sf_slot *slot;

	if (!scratch)
		return SF_TABLE_ERROR;
	slot = sf_slot_at(scratch->decision.slot);
	if (!slot)
		return SF_TABLE_ERROR;
	if (scratch->packet.later_fragment)
		return sf_later_fragment(ctx, &scratch->decision, &scratch->packet, slot, live);
	if (sf_is_transport(scratch->packet.protocol))
		return sf_tiny_fragment(&scratch->decision, &scratch->packet, slot);
	return sf_icmp(ctx, scratch, slot, live, dry);
}

#endif /* STEADFAST_BPF_PORTLESS_H */
