#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real TCP sessions whose packets reach the balancer with an 802.1Q tag, or with
two (QinQ): they are balanced like any other, and every backend takes part."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from capture import Capture  # noqa: E402
from testbed import CLIENT4, CLIENT6, VIP4, VIP6, Testbed, backend4, build_folder, need_traffic  # noqa: E402
from web_client import fetch, fetch_many  # noqa: E402

BACKENDS, REQUESTS = 2, 100
BALANCER_MAC = "02:00:00:00:02:02"
LEG = build_folder() / "tests" / "netns" / "vlan_leg.bpf.o"
# The Ethernet types and ids in front of IPv4's, as the balancer sees them.
TAGGINGS = {"one": "8100 0064", "two": "88a8 0064 8100 00c8"}

FILE = balancer_file(*(service(f"web{vip[0]}", vip, "web", "ipip") for vip in (VIP4, VIP6)),
                     pool("web", [(f"b{i}", backend4(i), 100) for i in range(1, BACKENDS + 1)]))


def keep_tags_in_frames(bed):
    """A tag that a veth carries beside the frame would not be seen by XDP."""
    offloads = "tx-vlan-hw-insert off tx-vlan-stag-hw-insert off"
    bed.shell("client", f"ethtool -K eth0 {offloads}")
    for port in ("client", "balancer"):
        bed.shell("switch", f"ethtool -K {port} {offloads}")
    # Its ARP would be tagged too, and the balancer's kernel has no VLAN device to answer by.
    for address in ("10.0.2.2", "2001:db8:2::2"):
        bed.shell("client", f"ip neigh replace {address} lladdr {BALANCER_MAC} dev eth0 nud permanent")


def set_leg(bed, name):
    bed.run("client", "tc", "qdisc", "del", "dev", "eth0", "clsact", check=False)
    bed.shell("client", "tc qdisc add dev eth0 clsact",
              f"tc filter add dev eth0 egress bpf direct-action object-file {LEG} section tc/{name}",
              f"tc filter add dev eth0 ingress bpf direct-action object-file {LEG} section tc/pop")


def check_sessions(bed, name):
    set_leg(bed, name)
    tags = bytes.fromhex(TAGGINGS[name])
    with Capture(bed, "switch", "balancer") as capture:
        for source, vip, first_port, kind in ((CLIENT4, VIP4, 10000, b"\x08\x00"), (CLIENT6, VIP6, 20000, b"\x86\xdd")):
            with bed.counting() as seen, bed.inside("client"):
                fetch(source, first_port - 1, vip)  # fails at once where the others would one by one
                answers, failures = fetch_many(REQUESTS, source, vip, first_port)
            assert not failures, f"{len(failures)} of {REQUESTS} failed, first {failures[0]}"
            assert set(answers) == {f"b{i}" for i in range(1, BACKENDS + 1)}, answers
            print(f"{name}: {dict(answers)}, {dict(seen)}")
            assert set(seen) <= {"forwarded", "not_ip", "not_transport", "not_service"} and seen["forwarded"] > 0, seen
            capture.wait_for(lambda frame, kind=kind: frame[12:].startswith(tags + kind), "a frame tagged as meant")
        # What the balancer sends on has no tag: the backends' network has none.
        sent = [frame for frame in capture.drain() if frame[6:12].hex(":") == BALANCER_MAC]
        assert sent and all(frame[12:14] in (b"\x08\x00", b"\x86\xdd", b"\x08\x06") for frame in sent)


def main():
    need_traffic("tc")
    with Testbed("vlan", BACKENDS) as bed:
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number)
        bed.steadfastd(FILE)
        keep_tags_in_frames(bed)
        for name in TAGGINGS:
            check_sessions(bed, name)


if __name__ == "__main__":
    main()
