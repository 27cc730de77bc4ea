/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * A VLAN leg for a host whose kernel has no VLAN devices: on egress what goes to
 * the balancer gets one tag or two, on ingress tags are taken off. Loaded by tc.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define OUTER_ID 100
#define INNER_ID 200
/* scripts/netns gives host N the address 02:00:00:00:02:N; the balancer is 2. */
#define BALANCER 2

char LICENSE[] SEC("license") = "GPL";

static __always_inline int is_to_balancer(const struct __sk_buff *skb)
{
	const struct ethhdr *eth = (void *)(long)skb->data;

	return (const void *)(eth + 1) <= (void *)(long)skb->data_end && eth->h_dest[0] == 2 &&
	       eth->h_dest[5] == BALANCER;
}

SEC("tc/one")
int push_one(struct __sk_buff *skb)
{
	if (!is_to_balancer(skb))
		return TC_ACT_OK;
	return bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), OUTER_ID) ? TC_ACT_SHOT : TC_ACT_OK;
}

SEC("tc/two")
int push_two(struct __sk_buff *skb)
{
	if (!is_to_balancer(skb))
		return TC_ACT_OK;
	if (bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021Q), INNER_ID))
		return TC_ACT_SHOT;
	return bpf_skb_vlan_push(skb, bpf_htons(ETH_P_8021AD), OUTER_ID) ? TC_ACT_SHOT : TC_ACT_OK;
}

SEC("tc/pop")
int pop(struct __sk_buff *skb)
{
	for (int i = 0; i < 2 && skb->vlan_present; ++i)
		if (bpf_skb_vlan_pop(skb))
			return TC_ACT_SHOT;
	return TC_ACT_OK;
}
