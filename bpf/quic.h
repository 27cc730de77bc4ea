/* SPDX-License-Identifier: GPL-2.0 OR Apache-2.0 */
/*
 * QUIC: which backend a connection id names (draft-ietf-quic-load-balancers,
 * unencrypted server ids), so that a client keeps its backend when its address
 * changes. The id's first byte carries the configuration in its upper three bits,
 * then come `quic_bytes` bytes of server id.
 *
 * Only ids that a server chose are read: short headers, and long headers of
 * handshake packets. The id of an Initial or a 0-RTT packet is the client's
 * random invention and would send one in so many new connections astray.
 */
#ifndef STEADFAST_BPF_QUIC_H
#define STEADFAST_BPF_QUIC_H

#include "range.h"

#define SF_QUIC_LONG      0x80
#define SF_QUIC_FIXED     0x40
#define SF_QUIC_TYPE_MASK 0x30
#define SF_QUIC_V1        0x00000001u /* RFC 9000 */
#define SF_QUIC_V2        0x6b3343cfu /* RFC 9369 */
#define SF_QUIC_SERVER_ID 8           /* bytes at most */

/* RFC 9000 §17.2, RFC 9369 §3.2: the type bits of a Handshake packet. */
SF_INLINE __u8 sf_quic_handshake(__u32 version)
{
	if (version == SF_QUIC_V1)
		return 0x20;
	return version == SF_QUIC_V2 ? 0x30 : 0xff;
}

/* Offset of a server-chosen connection id in the UDP payload, 0 when there is none. */
SF_INLINE __u32 sf_quic_id_at(const __u8 *payload, const void *end, __u32 bytes)
{
	if (payload + 6 + 1 + SF_QUIC_SERVER_ID > (const __u8 *)end || !(payload[0] & SF_QUIC_FIXED))
		return 0;
	if (!(payload[0] & SF_QUIC_LONG))
		return 1;
	if ((payload[0] & SF_QUIC_TYPE_MASK) != sf_quic_handshake(sf_ntohl(sf_load32(payload + 1))))
		return 0;
	return payload[5] > bytes ? 6 : 0;
}

/* Of the UDP payload, by its own length: what follows it in the frame is no part of it. */
SF_INLINE __u32 sf_quic_bytes(const __u8 *payload, const void *end)
{
	const __u8 *udp = payload - sizeof(struct udphdr);

	if (payload > (const __u8 *)end)
		return 0;
	return sf_ntohs(sf_load16(udp + 4)) - (__u32)sizeof(struct udphdr);
}

SF_INLINE __u64 sf_quic_server_id(const __u8 *at, __u32 bytes)
{
	__u64 id = 0;

	SF_UNROLL
	for (__u32 i = 0; i < SF_QUIC_SERVER_ID; i++)
		if (i < bytes)
			id = id << 8 | at[i];
	return id;
}

/* Id of the backend that the packet's connection id names, 0 when it names none. */
SF_FUNCTION __u32 sf_quic_backend(sf_context *ctx, __u32 slot, __u32 service_id, __u32 transport)
{
	const struct sf_service *service = sf_service_at(slot, service_id);
	const __u8 *payload = (const __u8 *)sf_data(ctx) + (transport & 0x1ff) + sizeof(struct udphdr);
	const void *end = sf_data_end(ctx);
	struct sf_key id = {0, 0};
	const struct sf_range *row;
	__u32 at;

	if (!service)
		return 0;
	at = sf_quic_id_at(payload, end, service->quic_bytes);
	if (sf_quic_bytes(payload, end) < at + 1 + service->quic_bytes)
		return 0;
	if (!at || payload + at + 1 + SF_QUIC_SERVER_ID > (const __u8 *)end)
		return 0;
	if (payload[at] >> 5 != service->quic_config)
		return 0;
	id.low = sf_quic_server_id(payload + at + 1, service->quic_bytes);
	row = sf_range_of(slot, &service->server_ids, id);
	return row && row->key[1] == id.low ? row->value : 0;
}

#endif /* STEADFAST_BPF_QUIC_H */
