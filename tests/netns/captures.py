#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every kind of packet that the balancer makes or rewrites, off the wire and
through tshark: all checksums are good, nothing is malformed, and the headers are
those that the configuration asks for.

    captures.py [--publish]    also writes docs/captures.md
"""
import pathlib
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from capture import Capture  # noqa: E402
from decode import dissect, layers, readable, values  # noqa: E402
from packets import Wire, echo_request, ethernet, ip, tcp, udp  # noqa: E402
from testbed import (CLIENT4, CLIENT6, ROOT, VIP4, VIP6, Testbed, backend4, backend6,  # noqa: E402
                     need_traffic)

BALANCER_MAC = "02:00:00:00:02:02"
TO_CLIENT, TO_BACKEND = (bytes.fromhex((mac + BALANCER_MAC).replace(":", ""))
                         for mac in ("02:00:00:00:02:01", "02:00:00:00:02:0b"))
PORT = 40000
INNER = {4: "ip", 6: "ipv6"}
# mode, VIP, backend, port of the service
FORWARDS = [(mode, vip, backend, 8000 + at) for at, (mode, vip, backend) in enumerate(
    [("l2", 4, 4), ("l2", 6, 6)] + [(mode, vip, backend) for mode in ("ipip", "gue") for vip in (4, 6) for backend in (4, 6)])]
VIPS, CLIENTS = {4: VIP4, 6: VIP6}, {4: CLIENT4, 6: CLIENT6}
BIG, SMALL_MTU = 1400, 1400

FILE = balancer_file(
    *(service(f"{mode}-{vip}-{backend}-{protocol}", VIPS[vip], f"pool{backend}", mode, port, protocol)
      for mode, vip, backend, port in FORWARDS for protocol in ("tcp", "udp")),
    *(service(f"narrow{family}", VIPS[family], f"pool{family}", "ipip", 9000, "udp", mtu=SMALL_MTU) for family in (4, 6)),
    *(pool(f"pool{family}", [("b1", address(1), 100)]) for family, address in ((4, backend4), (6, backend6))))


# tshark's words for a UDP checksum.
GOOD, CUT_SHORT, ABSENT, ABSENT_IN_IPV6 = "1", "2", "3", "4"


class Seen:
    """One frame off the wire: what it is, and what tshark should find in it: the
    first value of each field, but every layer and every UDP checksum."""

    WHOLE = {"layers": layers, "udp": lambda tree: values(tree, "udp.checksum.status")}

    def __init__(self, title, frame, expected, gue="ip"):
        self.title, self.frame, self.expected, self.gue = title, frame, expected, gue

    def found_in(self, tree):
        return {name: self.WHOLE[name](tree) if name in self.WHOLE else values(tree, name)[:1] for name in self.expected}


def layers_of(mode, vip, backend, protocol):
    inner = [INNER[vip], protocol]
    if mode == "l2":
        return inner
    return [INNER[backend], *(["udp"] if mode == "gue" else []), *inner]


def udp_checksums(mode, backend, protocol):
    """A tunnel may go without one, over IPv6 as well (RFC 6935 §5, RFC 6936)."""
    outer = [ABSENT if backend == 4 else ABSENT_IN_IPV6] if mode == "gue" else []
    return outer + ([GOOD] if protocol == "udp" else [])


def payload_of(protocol, source, destination, port):
    if protocol == "tcp":
        return socket.IPPROTO_TCP, tcp(source, PORT, destination, port)
    return socket.IPPROTO_UDP, udp(source, PORT, destination, port, b"datagram")


def see_forwards(wire, capture):
    for mode, vip, backend, port in FORWARDS:
        outer = {} if mode == "l2" else {f"{INNER[backend]}.dst": [backend4(1) if backend == 4 else backend6(1)]}
        for protocol in ("tcp", "udp"):
            title = f"{mode}: {protocol.upper()} to an IPv{vip} VIP, IPv{backend} backend"
            number, payload = payload_of(protocol, CLIENTS[vip], VIPS[vip], port)
            wire.send(ethernet(BALANCER_MAC, ip(CLIENTS[vip], VIPS[vip], number, payload)))
            frame = capture.wait_for(
                lambda each, head=payload[:8]: each.startswith(TO_BACKEND) and head in each, title)
            yield Seen(title, frame, {"layers": layers_of(mode, vip, backend, protocol),
                                      "udp": udp_checksums(mode, backend, protocol), **outer}, INNER[vip])


def is_icmp(family, kind):
    """A frame to the client with such an ICMP message."""
    protocol_at, type_at, protocol = (23, 34, 1) if family == 4 else (20, 54, 58)
    return lambda frame: (frame.startswith(TO_CLIENT) and len(frame) > type_at and frame[14] >> 4 == family
                          and frame[protocol_at] == protocol and frame[type_at] == kind)


def see_answers(wire, capture):
    for family, name, reply, too_big, outer in ((4, "icmp", 0, 3, 20), (6, "icmpv6", 129, 2, 40)):
        client, vip = CLIENTS[family], VIPS[family]
        title = f"echo reply of an IPv{family} VIP"
        wire.send(ethernet(BALANCER_MAC, echo_request(client, vip, 1, 1)))
        yield Seen(title, capture.wait_for(is_icmp(family, reply), title),
                   {f"{INNER[family]}.src": [vip], f"{name}.checksum.status": [GOOD]})
        title = ("fragmentation needed" if family == 4 else "packet too big") + f", to an IPv{family} client"
        no_fragments = {"fragment": 0x4000} if family == 4 else {}
        wire.send(ethernet(BALANCER_MAC, ip(client, vip, 17, udp(client, PORT, vip, 9000, b"x" * BIG), **no_fragments)))
        yield Seen(title, capture.wait_for(is_icmp(family, too_big), title),
                   {f"{INNER[family]}.dst": [client], f"{name}.mtu": [str(SMALL_MTU - outer)],
                    f"{name}.checksum.status": [GOOD], "udp": [CUT_SHORT]})


def check(folder, seen):
    """The pages, in the order of `seen`; tshark is asked once for each kind of inside."""
    pages = {}
    for gue in ("ip", "ipv6"):
        alike = [each for each in seen if each.gue == gue]
        frames = [each.frame for each in alike]
        for each, tree, words in zip(alike, dissect(folder, frames, gue), readable(folder, frames, gue)):
            found = each.found_in(tree)
            assert found == each.expected, f"{each.title}: {found} in place of {each.expected}\n{words}"
            pages[each.title] = words
    return [(each.title, pages[each.title]) for each in seen]


def publish(pages):
    text = ("# Packets that the balancer makes\n\n"
            "Taken off the wire in `tests/netns/captures.py` and read by tshark, which finds every checksum good and\n"
            "nothing malformed. The outer UDP header of GUE goes without a checksum, over IPv6 as well, as RFC 6935 §5\n"
            "allows a tunnel: what is inside has its own; tshark remarks on it. Written by\n"
            "`tests/netns/captures.py --publish`.\n")
    for title, words in pages:
        text += f"\n## {title}\n```\n{words}\n```\n"
    (ROOT / "docs" / "captures.md").write_text(text)


def main(*words):
    need_traffic("tshark")
    with Testbed("captures", backends=1) as bed:
        bed.steadfastd(FILE)
        with bed.inside("client"):
            wire = Wire()
        with Capture(bed, "client") as to_client, Capture(bed, "b1") as to_backend:
            seen = [*see_forwards(wire, to_backend), *see_answers(wire, to_client)]
        wire.close()
        pages = check(bed.folder, seen)
    print("\n".join(title for title, _ in pages))
    if "--publish" in words:
        publish(pages)


if __name__ == "__main__":
    main(*sys.argv[1:])
