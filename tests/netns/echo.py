#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A ping of a VIP is answered by the balancer, within a limit whose excess shows
as drops; a ping of anything else is the kernel's business."""
import contextlib
import pathlib
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from capture import Capture  # noqa: E402
from packets import Wire, checksum, echo_request, ethernet, packed, pseudo_header  # noqa: E402
from testbed import CLIENT4, CLIENT6, VIP4, VIP6, Testbed, backend4, need_traffic  # noqa: E402

BALANCER_MAC = "02:00:00:00:02:02"
NEIGHBOUR4, NEIGHBOUR6 = "192.0.2.99", "2001:db8::99"  # of the VIPs, and no VIP
LIMIT, FLOOD, IDENTIFIER = 10, 500, 0x5afe
FILE = balancer_file(service("web4", VIP4, "web", "ipip"), service("web6", VIP6, "web", "ipip"),
                     pool("web", [("b1", backend4(1), 100)]), host={"echo_per_second": LIMIT})


def reply_number(frame, source, destination):
    """The sequence number of an echo reply from `source`, all of it correct; else None."""
    six = ":" in source
    packet = frame[14:]
    header, protocol, kind = (40, 58, 129) if six else (20, 1, 0)
    ends = (packet[8:24], packet[24:40]) if six else (packet[12:16], packet[16:20])
    message = packet[header:]
    if ends != (packed(source), packed(destination)) or packet[6 if six else 9] != protocol or message[0] != kind:
        return None
    length = struct.unpack_from("!H", packet, 4)[0] if six else struct.unpack_from("!H", packet, 2)[0] - header
    pseudo = pseudo_header(source, destination, protocol, length) if six else b""
    assert checksum(pseudo + message[:length]) == 0, frame.hex()
    assert six or checksum(packet[:header]) == 0, frame.hex()
    assert message[8:length] == b"steadfast", frame.hex()
    identifier, number = struct.unpack_from("!HH", message, 4)
    assert identifier == IDENTIFIER, frame.hex()
    return number


def ping(wire, source, destination, number):
    wire.send(ethernet(BALANCER_MAC, echo_request(source, destination, IDENTIFIER, number)))


def check_vips(bed, wire):
    for source, vip in ((CLIENT4, VIP4), (CLIENT6, VIP6)):
        with bed.counting() as seen, Capture(bed, "client") as capture:
            ping(wire, source, vip, 7)
            capture.wait_for(lambda frame: reply_number(frame, vip, source) == 7, f"an answer of {vip}")
        assert seen["echo_answered"] == 1, seen
        print(f"{vip} answers: {dict(seen)}")


def check_others(bed, wire):
    """Without such an address the kernel is silent, with it the kernel answers."""
    bed.shell("balancer", f"ip address add {NEIGHBOUR4}/32 dev lo", f"ip address add {NEIGHBOUR6}/128 dev lo nodad")
    for source, other in ((CLIENT4, NEIGHBOUR4), (CLIENT6, NEIGHBOUR6)):
        with bed.counting() as seen, Capture(bed, "client") as capture:
            ping(wire, source, other, 8)
            capture.wait_for(lambda frame: reply_number(frame, other, source) == 8, f"the kernel's answer for {other}")
        assert seen["echo_answered"] == 0 and seen["echo_limited"] == 0, seen
        print(f"{other} is the kernel's: {dict(seen)}")
    bed.shell("balancer", f"ip address delete {NEIGHBOUR4}/32 dev lo", f"ip address delete {NEIGHBOUR6}/128 dev lo")
    with bed.counting() as seen, Capture(bed, "client") as capture:
        ping(wire, CLIENT4, NEIGHBOUR4, 9)
        ping(wire, CLIENT6, NEIGHBOUR6, 9)
        bed.balance()
        replies = [frame for frame in capture.drain() if frame[0:6].hex(":") == "02:00:00:00:02:01"
                   and (reply_number(frame, NEIGHBOUR4, CLIENT4) or reply_number(frame, NEIGHBOUR6, CLIENT6))]
    assert not replies and seen["echo_answered"] == 0, (replies, seen)


def check_limit(bed, wire):
    with bed.counting() as seen, Capture(bed, "client") as capture:
        for number in range(FLOOD):
            ping(wire, CLIENT4, VIP4, 1000 + number)
        bed.balance()
        replies = {reply_number(frame, VIP4, CLIENT4) for frame in capture.drain()} - {None}
    print(f"{FLOOD} pings at once, limit {LIMIT} per second: {dict(seen)}")
    assert seen["echo_answered"] + seen["echo_limited"] == FLOOD, seen
    assert 0 < seen["echo_answered"] < FLOOD and len(replies) == seen["echo_answered"], (seen, len(replies))
    drops = {row["verdict"]: row for row in bed.ask("show", "drops")["drops"]}
    assert "echo_limited" in drops, drops


def main():
    need_traffic()
    with Testbed("echo", backends=1) as bed:
        bed.steadfastd(FILE)
        with bed.inside("client"):
            wire = Wire()
        with contextlib.closing(wire):
            check_vips(bed, wire)
            check_others(bed, wire)
            check_limit(bed, wire)


if __name__ == "__main__":
    main()
