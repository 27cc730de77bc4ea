#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Next hops follow the network: a neighbour that the kernel forgets costs no
request, a backend or a balancer with a new MAC address is found again, a device
that XDP cannot send by is named."""
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from load import Load  # noqa: E402
from testbed import CLIENT4, VIP4, Testbed, backend4, need_traffic  # noqa: E402
from web_client import fetch_many  # noqa: E402

BACKENDS = 2
FLUSHES = 50
PATIENCE_S = 30
FILE = balancer_file(service("web", VIP4, "web", "ipip"),
                     pool("web", [(f"b{i}", backend4(i), 100) for i in range(1, BACKENDS + 1)]))


def next_hops(bed):
    return {row["name"]: row["next_hop"] for row in bed.ask("show", "backends")["backends"]}


def wait_until(what, holds):
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"


def flush(bed):
    bed.run("balancer", "ip", "neigh", "flush", "dev", "eth0")


def check_devices(bed):
    """A device that XDP cannot send by is named, and forgotten when its route goes."""
    bed.shell("balancer", "ip link add br0 type bridge", "ip link set br0 up", f"ip route add {backend4(2)} dev br0")
    wait_until("the bridge is named", lambda: "br0 (bridge)" in next_hops(bed)["b2"])
    bed.shell("balancer", "ip link delete br0")
    wait_until("b2 is reached by eth0 again", lambda: " via eth0" in next_hops(bed)["b2"])


def check_requests(bed, first_port, when):
    with bed.inside("client"):
        answers, failures = fetch_many(200, CLIENT4, VIP4, first_port)
    assert not failures, f"{when}: {failures[0]}"
    assert set(answers) == {"b1", "b2"}, f"{when}: {answers}"
    print(f"{when}: {dict(answers)}")


def main():
    need_traffic()
    with Testbed("nexthop", BACKENDS) as bed:
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number)
        bed.steadfastd(FILE)
        wait_until("every next hop is resolved", lambda: all(" via eth0" in hop for hop in next_hops(bed).values()))

        check_devices(bed)

        load = Load(bed, VIP4)
        for _ in range(FLUSHES):
            flush(bed)
        result = load.end()
        print(f"{result['requests']} requests while the neighbours were forgotten {FLUSHES} times, "
              f"{result['failed']} failed")
        assert result["failed"] == 0 and result["requests"] > 0, result["words"]

        moved = "02:00:00:00:77:01"
        bed.run("b1", "ip", "link", "set", "eth0", "address", moved)
        flush(bed)
        wait_until("b1 is found at its new address", lambda: moved in next_hops(bed)["b1"])
        check_requests(bed, 20000, "a backend has a new MAC address")

        generation = bed.ask("status")["generation"]
        bed.run("balancer", "ip", "link", "set", "eth0", "address", "02:00:00:00:77:02")
        bed.run("client", "ip", "neigh", "flush", "dev", "eth0")
        check_requests(bed, 21000, "the balancer has a new MAC address")
        assert bed.ask("status")["generation"] == generation, "a next hop is no change of the configuration"


if __name__ == "__main__":
    main()
