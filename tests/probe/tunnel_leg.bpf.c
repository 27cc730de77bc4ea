/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * On a backend's interface: takes every tunnel packet to the device of number
 * TUNNEL_DEVICE, so that what is inside arrives on a device of its own, as behind
 * tunl0. Then a strict reverse-path check has something to refuse.
 */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define TC_OK         0
#define TUNNEL_DEVICE 100 /* tests/probe/matrix.py makes it */

char LICENSE[] SEC("license") = "GPL";

SEC("tc")
int tunnel_leg(struct __sk_buff *skb)
{
	__u32 at = skb->protocol == bpf_htons(ETH_P_IP) ? __builtin_offsetof(struct iphdr, protocol)
							: __builtin_offsetof(struct ipv6hdr, nexthdr);
	__u8 protocol = 0;

	if (bpf_skb_load_bytes(skb, ETH_HLEN + at, &protocol, 1))
		return TC_OK;
	if (protocol != IPPROTO_IPIP && protocol != IPPROTO_IPV6 && protocol != IPPROTO_UDP)
		return TC_OK;
	return (int)bpf_redirect(TUNNEL_DEVICE, 0);
}
