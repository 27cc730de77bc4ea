# SPDX-License-Identifier: Apache-2.0
"""Packets made by hand: what no socket would send. Layers are bytes; each
function puts one header in front. Checksums and lengths are right unless a
caller asks otherwise."""
import socket
import struct

IPPROTO_IPIP, IPPROTO_IPV6 = 4, 41
ETH_IPV4, ETH_IPV6 = 0x0800, 0x86DD


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def packed(address):
    return socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)


def pseudo_header(source, destination, protocol, length):
    ends = packed(source) + packed(destination)
    if ":" in source:
        return ends + struct.pack("!IHBB", length, 0, 0, protocol)
    return ends + struct.pack("!BBH", 0, protocol, length)


def udp(source, source_port, destination, destination_port, payload, length=None):
    length = 8 + len(payload) if length is None else length
    header = struct.pack("!HHHH", source_port, destination_port, length, 0)
    value = checksum(pseudo_header(source, destination, socket.IPPROTO_UDP, 8 + len(payload)) + header + payload)
    return header[:6] + struct.pack("!H", value or 0xFFFF) + payload


def tcp(source, source_port, destination, destination_port, flags=0x02, data_offset=5, payload=b""):
    def header(value):
        return struct.pack("!HHIIBBHHH", source_port, destination_port, 1, 0, data_offset << 4, flags, 65535, value, 0)

    length = 20 + len(payload)
    value = checksum(pseudo_header(source, destination, socket.IPPROTO_TCP, length) + header(0) + payload)
    return header(value) + payload


def icmp(source, destination, kind, code, rest):
    """ICMP or, with IPv6 addresses, ICMPv6; `rest` follows the checksum."""
    sums = struct.pack("!BBH", kind, code, 0) + rest
    pseudo = pseudo_header(source, destination, socket.IPPROTO_ICMPV6, len(sums)) if ":" in source else b""
    return struct.pack("!BBH", kind, code, checksum(pseudo + sums)) + rest


def echo_request(source, destination, identifier, number, payload=b"steadfast"):
    """The whole packet."""
    six = ":" in source
    rest = struct.pack("!HH", identifier, number) + payload
    return ip(source, destination, socket.IPPROTO_ICMPV6 if six else socket.IPPROTO_ICMP,
              icmp(source, destination, 128 if six else 8, 0, rest))


def ipv4(source, destination, protocol, payload, options=b"", length=None, fragment=0, version=4):
    words = 5 + len(options) // 4
    length = words * 4 + len(payload) if length is None else length

    def header(value):
        return struct.pack("!BBHHHBBH4s4s", version << 4 | words, 0, length, 1, fragment, 64, protocol, value,
                           packed(source), packed(destination)) + options

    return header(checksum(header(0))) + payload


def ipv6(source, destination, protocol, payload, length=None):
    length = len(payload) if length is None else length
    return struct.pack("!IHBB16s16s", 6 << 28, length, protocol, 64, packed(source), packed(destination)) + payload


def ip(source, destination, protocol, payload, **more):
    make = ipv6 if ":" in source else ipv4
    return make(source, destination, protocol, payload, **more)


def ethernet(destination, payload, kind=None, source="02:00:00:00:02:01"):
    if kind is None:
        kind = ETH_IPV6 if payload[0] >> 4 == 6 else ETH_IPV4
    return bytes.fromhex((destination + source).replace(":", "")) + struct.pack("!H", kind) + payload


def write_capture(path, frames):
    """A pcap file (LINKTYPE_ETHERNET); frame i is i microseconds old."""
    with open(path, "wb") as capture:
        capture.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
        for number, frame in enumerate(frames):
            capture.write(struct.pack("<IIII", 0, number, len(frame), len(frame)) + frame)


class Wire:
    """Sends whole frames out of eth0 of the namespace it was made in."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind(("eth0", 0))

    def send(self, frame):
        self.socket.send(frame)

    def close(self):
        self.socket.close()
