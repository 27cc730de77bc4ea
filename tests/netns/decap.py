#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""steadfast-decap opens every kind of tunnel that ends at this host, nothing
else, and counts each frame once."""
import pathlib
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from packets import IPPROTO_IPIP, IPPROTO_IPV6, Wire, ethernet, ip, udp  # noqa: E402
from testbed import CLIENT4, CLIENT6, VIP4, VIP6, Testbed, backend4, backend6, need_traffic, program  # noqa: E402

B1_MAC = "02:00:00:00:02:0b"
OUTER4, OUTER6 = "198.51.100.1", "2001:db8:51::1"
PORT, GUE_PORT = 9999, 6080
NO_OPERATION = b"\1" * 40  # the longest options there are


def inner(family, payload):
    source, destination = (CLIENT4, VIP4) if family == 4 else (CLIENT6, VIP6)
    return ip(source, destination, socket.IPPROTO_UDP, udp(source, 40000, destination, PORT, payload))


def ipip(outer, family, payload, destination=None, **more):
    protocol = IPPROTO_IPIP if family == 4 else IPPROTO_IPV6
    source, local = (OUTER4, backend4(1)) if outer == 4 else (OUTER6, backend6(1))
    return ip(source, destination or local, protocol, inner(family, payload), **more)


def gue(outer, family, payload, port=GUE_PORT, length=None, destination=None, **more):
    source, local = (OUTER4, backend4(1)) if outer == 4 else (OUTER6, backend6(1))
    wrapped = udp(source, 50000, destination or local, port, inner(family, payload), length=length)
    return ip(source, destination or local, socket.IPPROTO_UDP, wrapped, **more)


# The counter each kind of tunnel ends in, and how its packet is made.
OPENED = [
    ("ipip_4in4", 4, lambda text: ipip(4, 4, text)),
    ("ipip_6in4", 6, lambda text: ipip(4, 6, text)),
    ("ipip_4in6", 4, lambda text: ipip(6, 4, text)),
    ("ipip_6in6", 6, lambda text: ipip(6, 6, text)),
    ("gue_4in4", 4, lambda text: gue(4, 4, text)),
    ("gue_6in4", 6, lambda text: gue(4, 6, text)),
    ("gue_4in6", 4, lambda text: gue(6, 4, text)),
    ("gue_6in6", 6, lambda text: gue(6, 6, text)),
    ("ipip_4in4", 4, lambda text: ipip(4, 4, text, options=NO_OPERATION)),
    ("gue_6in4", 6, lambda text: gue(4, 6, text, options=NO_OPERATION)),
]

LEFT_ALONE = [
    ("foreign", ipip(4, 4, b"x", destination="10.0.2.99")),
    ("foreign", ipip(6, 6, b"x", destination="2001:db8:2::99")),
    ("foreign", gue(4, 4, b"x", destination="10.0.2.99")),
    # An IPv6 address that begins with the bytes of the local IPv4 one.
    ("foreign", ipip(6, 6, b"x", destination="a00:20b::")),
    ("fragment", ipip(4, 4, b"x", fragment=0x2000)),
    ("fragment", ipip(4, 4, b"x", fragment=0x0001)),
    ("malformed", ipip(4, 4, b"x", length=2000)),
    ("malformed", ipip(4, 4, b"x", length=30)),
    ("malformed", ipip(6, 6, b"x", length=20)),
    ("malformed", ip(OUTER4, backend4(1), IPPROTO_IPIP, inner(6, b"x"))),
    ("malformed", ip(OUTER4, backend4(1), IPPROTO_IPV6, inner(4, b"x"))),
    ("malformed", ip(OUTER4, backend4(1), IPPROTO_IPIP, b"\0" * 40)),
    ("malformed", gue(4, 4, b"x", length=5)),
    ("passed", gue(4, 4, b"x", port=GUE_PORT + 1)),
    ("passed", inner(4, b"direct")),
    ("passed", inner(6, b"direct")),
]


def listener(family, address):
    receiver = socket.socket(family, socket.SOCK_DGRAM)
    receiver.bind((address, PORT))
    receiver.settimeout(10)
    return receiver


def check_traffic(bed, mode):
    running = bed.decap(1, "--mode", mode)
    with bed.inside("b1"):
        receivers = {4: listener(socket.AF_INET, VIP4), 6: listener(socket.AF_INET6, VIP6)}
    with bed.inside("client"):
        wire = Wire()
    expected = dict.fromkeys(["foreign", "fragment", "malformed"], 0)
    for counter, family, make in OPENED:
        text = f"{counter} {expected.get(counter, 0)}".encode()
        wire.send(ethernet(B1_MAC, make(text)))
        assert receivers[family].recv(2000) == text, counter
        expected[counter] = expected.get(counter, 0) + 1
    for counter, packet in LEFT_ALONE:
        wire.send(ethernet(B1_MAC, packet))
        if counter != "passed":
            expected[counter] += 1
    # Frames stay in order: when the last has arrived, every one before it was counted,
    # and none of those left alone but the two direct ones has reached a socket.
    wire.send(ethernet(B1_MAC, ipip(4, 4, b"last")))
    wire.send(ethernet(B1_MAC, ipip(6, 6, b"last")))
    for family in (4, 6):
        assert receivers[family].recv(2000) == b"direct"
        assert receivers[family].recv(2000) == b"last"
        receivers[family].close()
    wire.close()
    expected["ipip_4in4"] += 1
    expected["ipip_6in6"] += 1
    counts = bed.decap_counts(running)
    print(mode, counts)
    assert {name: counts[name] for name in expected} == expected, expected
    assert counts["decapsulated"] == len(OPENED) + 2
    after = bed.run("b1", "ip", "-d", "link", "show", "eth0").stdout
    assert "xdp" not in after, "the program is still attached: " + after


def check_refusals(bed):
    """Every refusal says what is wrong and ends with 2; nothing is attached."""
    local = ["--local", backend4(1)]
    for words, complaint in (
            (["--device", "eth0"], "--local is required"),
            (["--device", "eth0", "--local", "web-01"], "'web-01' is not an IPv4 or IPv6 address"),
            (["--device", "eth0", "--mode", "fast", *local], "--mode"),
            (["--device", "eth0", "--gue-port", "70000", *local], "--gue-port"),
            (["--device", "eth9", *local], "eth9: No such device")):
        outcome = bed.run("b1", program("steadfast-decap"), *words, check=False)
        assert outcome.returncode == 2 and complaint in outcome.stderr, (words, outcome)


def check_second_program(bed):
    """An interface has one owner: the second is refused, the first stays."""
    first = bed.decap(1)
    outcome = bed.run("b1", program("steadfast-decap"), "--device", "eth0", "--local", backend4(1), check=False)
    assert outcome.returncode == 2 and "eth0: attaching in native mode" in outcome.stderr, outcome
    assert bed.decap_counts(first)["decapsulated"] == 0


def main():
    need_traffic()
    with Testbed("decap", backends=1) as bed:
        for mode in ("native", "generic"):
            check_traffic(bed, mode)
        check_refusals(bed)
        check_second_program(bed)


if __name__ == "__main__":
    main()
