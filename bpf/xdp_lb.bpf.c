/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The program. parse → known flow? → service → ring → backend → encapsulate →
 * count: classify() decides, and the one exit below turns its verdict into an
 * XDP action. No other place knows XDP_*.
 */
#include "classify.h"
#include "clock.h"
#include "count.h"
#include "sample.h"

SF_INLINE int sf_action(__u32 verdict)
{
	switch (verdict) {
#define X(symbol, value, action, kind, label, help)                                                          \
	case SF_##symbol:                                                                                    \
		return XDP_##action;
		SF_VERDICTS(X)
#undef X
	default:
		return XDP_ABORTED;
	}
}

/* What is sent leaves by the interface it came in on, or is redirected to the backend's. */
SF_INLINE int sf_exit(const struct sf_decision *decision)
{
	int action = sf_action(decision->verdict);

	if (sf_unlikely(decision->egress) && action == XDP_TX)
		return (int)bpf_redirect(decision->egress, 0);
	return action;
}

SEC("xdp")
int sf_lb(struct xdp_md *ctx)
{
	struct sf_decision decision = {};
	__u64 bytes = sf_frame_bytes(ctx);

	decision.verdict = sf_classify(ctx, &decision, SF_NO_SLOT, 0);
	sf_count(&decision, bytes);
	if (sf_unlikely(sf_action(decision.verdict) == XDP_DROP) && sf_is_sampling())
		sf_sample(ctx, decision.verdict, decision.service, (__u32)bytes);
	return sf_exit(&decision);
}

/* The same decision for a question: remembers nothing, counts nothing, reports why. */
SEC("xdp")
int sf_lb_dry(struct xdp_md *ctx)
{
	struct sf_decision decision = {};
	struct sf_dry *dry = sf_dry_row(0);

	if (!dry)
		return XDP_ABORTED;
	decision.verdict = sf_classify(ctx, &decision, dry->slot, 1);
	dry->decision = decision;
	return sf_exit(&decision);
}

char _license[] SEC("license") = "GPL";
