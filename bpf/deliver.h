/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * Deliver: the last step for a packet that has its backend: headers, interface,
 * and what follows when it does not fit.
 */
#ifndef STEADFAST_BPF_DELIVER_H
#define STEADFAST_BPF_DELIVER_H

#include "answer.h"
#include "encap.h"
#include "fragment.h"

SF_INLINE __u32 sf_too_big(sf_context *ctx, const struct sf_backend *backend, const struct sf_packet *packet,
			   const struct sf_slot *slot, const int dry)
{
	struct sf_budget *budget = sf_budget_row(0);

	if (!budget)
		return SF_TABLE_ERROR;
	if (!sf_is_answerable(ctx, packet))
		return SF_TOO_BIG;
	if (!sf_may_answer(&budget->too_big_second, &budget->too_big_answers, slot->too_big_limit,
			   sf_clock_s(), dry))
		return SF_TOO_BIG_LIMITED;
	return sf_answer_too_big(ctx, packet->family, packet->link_bytes, packet->ip_bytes,
				 backend->mtu - backend->outer_bytes);
}

/* Interface to redirect to: 0 when the packet came in on it, or on a member of that bond. */
SF_INLINE __u32 sf_leave_by(sf_context *ctx, const struct sf_slot *slot, __u32 egress)
{
	__u32 ingress = sf_came_in_on(ctx);

	if (ingress == egress)
		return 0;
	SF_UNROLL
	for (int i = 0; i < SF_MEMBERS; i++)
		if (slot->members[i].ifindex == ingress && slot->members[i].bond == egress)
			return 0;
	return egress;
}

/* Headers around the packet, and the interface it leaves by. */
SF_INLINE __u32 sf_send_out(sf_context *ctx, struct sf_decision *decision, const struct sf_backend *backend,
			    const struct sf_packet *packet, const struct sf_slot *slot)
{
	__u32 verdict = sf_send(ctx, backend, packet, decision->hash);

	if (sf_likely(verdict == SF_FORWARDED) && sf_unlikely(backend->egress))
		decision->egress = sf_leave_by(ctx, slot, backend->egress);
	return verdict;
}

/* A packet with ports: what does not fit is answered, and a first fragment opens the way for the others. */
SF_INLINE __u32 sf_deliver(sf_context *ctx, struct sf_decision *decision, const struct sf_backend *backend,
			   const struct sf_packet *packet, const struct sf_slot *slot, const int dry)
{
	__u32 verdict = sf_send_out(ctx, decision, backend, packet, slot);

	if (sf_unlikely(verdict == SF_TOO_BIG))
		return sf_too_big(ctx, backend, packet, slot, dry);
	if (sf_unlikely(packet->first_fragment) && verdict == SF_FORWARDED && !dry)
		sf_fragment_remember(sf_fragment_hash(slot, packet), decision->backend, decision->slot);
	return verdict;
}

#endif /* STEADFAST_BPF_DELIVER_H */
