#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A balancer with one interface towards clients and another towards backends:
requests come in on the first and leave by the second."""
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from testbed import CLIENT4, VIP4, VIP6, Testbed, backend4, backend6, build_folder, need_traffic  # noqa: E402
from web_client import fetch, fetch_many  # noqa: E402

BACKENDS, REQUESTS = 3, 200
EDGE4, EDGE6 = "10.0.3.1", "2001:db8:3::1"
# mode, VIP, source
SERVICES = [("ipip", VIP4, EDGE4, backend4, 80), ("gue", VIP6, EDGE6, backend6, 80), ("l2", VIP4, EDGE4, backend4, 81)]

FILE = balancer_file(
    *(service(f"web-{forward}", vip, f"pool-{forward}", forward, port) for forward, vip, _, _, port in SERVICES),
    *(pool(f"pool-{forward}", [(f"b{i}", address(i), 100) for i in range(1, BACKENDS + 1)])
      for forward, _, _, address, _ in SERVICES),
    interfaces=("eth0", "eth1"))


def build(bed):
    """edge — eth1 of the balancer; replies go by way of the balancer's kernel."""
    bed.add_host("edge")
    bed.add_leg("balancer", "eth1", "edge", "eth0")
    bed.shell("balancer", "ip address add 10.0.3.2/24 dev eth1", "ip address add 2001:db8:3::2/64 dev eth1 nodad",
              "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
    # A peer without a program loses what XDP sends to it.
    bed.shell("edge", f"ip address add {EDGE4}/24 dev eth0", f"ip address add {EDGE6}/64 dev eth0 nodad",
              f"ip link set eth0 xdpdrv object {build_folder() / 'bpf' / 'xdp_decap.bpf.o'} section xdp",
              "ip route add default via 10.0.3.2", "ip route add default via 2001:db8:3::2")
    for number in range(1, BACKENDS + 1):
        bed.shell(f"b{number}", "ip route add 10.0.3.0/24 via 10.0.2.2", "ip route add 2001:db8:3::/64 via 2001:db8:2::2")


def received(bed, interface):
    return json.loads(bed.run("balancer", "ip", "-s", "-j", "link", "show", interface).stdout)[0]["stats64"]["rx"]["packets"]


def check(bed, host, source, vip, port, first_port):
    names = {f"b{i}" for i in range(1, BACKENDS + 1)}
    with bed.counting() as seen, bed.inside(host):
        fetch(source, first_port - 1, vip, port)  # fails at once where the others would one by one
        answers, failures = fetch_many(REQUESTS, source, vip, first_port, port)
    assert not failures, f"{len(failures)} of {REQUESTS} failed, first {failures[0]}"
    assert set(answers) == names, answers
    dropped = {name: count for name, count in seen.items()
               if name not in ("forwarded", "not_service", "not_ip", "not_transport")}
    assert not dropped and seen["forwarded"] >= 5 * REQUESTS, seen
    print(f"{host} to {vip}:{port}: {dict(answers)}; {dict(seen)}")


def main():
    need_traffic()
    with Testbed("legs", BACKENDS) as bed:
        build(bed)
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number)
            bed.nginx(number, 81)
        bed.steadfastd(FILE)
        for at, (_, vip, source, _, port) in enumerate(SERVICES):
            before = received(bed, "eth1")
            check(bed, "edge", source, vip, port, 10000 + 1000 * at)
            assert received(bed, "eth1") - before >= 5 * REQUESTS, "requests came in elsewhere"
        # The same services, in and out on one interface.
        check(bed, "client", CLIENT4, VIP4, 80, 20000)


if __name__ == "__main__":
    main()
