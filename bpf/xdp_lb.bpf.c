/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * The program. parse → known flow? → service → ring → backend → encapsulate →
 * count: classify() decides, and the one exit below turns its verdict into an
 * XDP action. No other place knows XDP_*.
 */
#include "classify.h"
#include "clock.h"

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

SEC("xdp")
int sf_lb(struct xdp_md *ctx)
{
	__u64 bytes = ctx->data_end - ctx->data;
	struct sf_decision decision = {};

	decision.verdict = sf_classify(ctx, &decision, SF_NO_SLOT, 0);
	sf_count(&decision, bytes);
	return sf_action(decision.verdict);
}

/* The same decision for a question: remembers nothing, counts nothing, reports why. */
SEC("xdp")
int sf_lb_dry(struct xdp_md *ctx)
{
	struct sf_dry *dry = sf_dry_row(0);
	struct sf_decision decision = {};

	if (!dry)
		return XDP_ABORTED;
	decision.verdict = sf_classify(ctx, &decision, dry->slot, 1);
	dry->decision = decision;
	return sf_action(decision.verdict);
}

char _license[] SEC("license") = "GPL";
