#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A router between client and balancer complains about replies of a backend: the
error is sent to the VIP, and reaches the backend it is about and no other."""
import contextlib
import pathlib
import socket
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from icmp_counts import icmp_counts  # noqa: E402
from testbed import LARGE_BYTES, VIP4, VIP6, Testbed, backend4, backend6, need_traffic  # noqa: E402

BACKENDS, UDP_PORT, SMALL_MTU = 3, 5000, 1400
ROUTER4, ROUTER6 = "10.0.2.100", "2001:db8:2::100"
FAR4, FAR6 = "10.0.9.2", "2001:db8:9::2"
PATIENCE_S = 10
IP_RECVERR, IPV6_RECVERR = 11, 25
ERROR = struct.Struct("=IBBBBII")  # struct sock_extended_err

FILE = balancer_file(
    *(service(f"{kind}{family}", vip, f"pool{family}", "ipip", port, protocol)
      for family, vip in ((4, VIP4), (6, VIP6)) for kind, port, protocol in (("web", 80, "tcp"), ("udp", UDP_PORT, "udp"))),
    *(pool(f"pool{family}", [(f"b{i}", address(i), 100) for i in range(1, BACKENDS + 1)])
      for family, address in ((4, backend4), (6, backend6))))


class Family:
    def __init__(self, number):
        self.number = number
        six = number == 6
        self.vip, self.far, self.router = (VIP6, FAR6, ROUTER6) if six else (VIP4, FAR4, ROUTER4)
        self.socket = socket.AF_INET6 if six else socket.AF_INET
        self.level = socket.IPPROTO_IPV6 if six else socket.IPPROTO_IP
        self.hops = socket.IPV6_UNICAST_HOPS if six else socket.IP_TTL
        self.errors = IPV6_RECVERR if six else IP_RECVERR
        self.url = f"http://[{VIP6}]/large" if six else f"http://{VIP4}/large"
        # ICMP types and codes: time exceeded, port unreachable
        self.time_exceeded, self.unreachable = ((3, 0), (1, 4)) if six else ((11, 0), (3, 3))


def build(bed):
    """far — router — switch: the router's leg to far is narrower than far's own."""
    bed.add_host("far")
    bed.add_host("router")
    bed.add_leg("switch", "router", "router", "eth0")
    bed.add_leg("router", "eth1", "far", "eth0")
    bed.shell("switch", "ip link set router mtu 1600 master fabric")
    bed.shell("router", "ip link set eth0 mtu 1600", f"ip link set eth1 mtu {SMALL_MTU}",
              f"ip address add {ROUTER4}/24 dev eth0", f"ip address add {ROUTER6}/64 dev eth0 nodad",
              "ip address add 10.0.9.1/24 dev eth1", "ip address add 2001:db8:9::1/64 dev eth1 nodad",
              "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1",
              "sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0",
              "ip route add 192.0.2.0/24 via 10.0.2.2", "ip route add 2001:db8::/64 via 2001:db8:2::2")
    bed.shell("far", f"ip address add {FAR4}/24 dev eth0", f"ip address add {FAR6}/64 dev eth0 nodad",
              "sysctl -qw net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0",
              "ip route add default via 10.0.9.1", "ip route add default via 2001:db8:9::1")
    for number in range(1, BACKENDS + 1):
        bed.shell(f"b{number}", f"ip route add 10.0.9.0/24 via {ROUTER4}", f"ip route add 2001:db8:9::/64 via {ROUTER6}")


def received(bed, family):
    return {f"b{i}": icmp_counts(bed, f"b{i}", family.number) for i in range(1, BACKENDS + 1)}


def check_only(bed, family, before, host, name):
    """`host` got errors of that kind, correct ones, and no other backend got any."""
    after = received(bed, family)
    assert after[host][name] > before[host][name], (host, name, before, after)
    assert after[host]["errors"] == before[host]["errors"], (host, before, after)
    assert all(after[other] == before[other] for other in after if other != host), (host, before, after)


def path_mtus(bed, family):
    """What each backend has learnt of the way to far."""
    routes = {f"b{i}": bed.run(f"b{i}", "ip", "route", "get", family.far, "from", family.vip).stdout
              for i in range(1, BACKENDS + 1)}
    return {host for host, route in routes.items() if f"mtu {SMALL_MTU}" in route}


def check_too_big(bed, family):
    before = received(bed, family)
    with bed.counting() as seen:
        got = bed.run("far", "curl", "-sS", "-f", "-m", "20", "-o", "/dev/null", "-w", "%{size_download}", family.url).stdout
    assert int(got) == LARGE_BYTES, got
    learnt = path_mtus(bed, family)
    assert len(learnt) == 1, learnt
    check_only(bed, family, before, *learnt, "too_big")
    assert seen["icmp_forwarded"] >= 1, seen
    print(f"IPv{family.number}: {got} bytes through {SMALL_MTU}; {learnt} has learnt it; {dict(seen)}")


class Reply:
    """A server on every backend that replies with the hops it is told, and reads its errors."""

    def __init__(self, bed, family):
        self.family, self.sockets = family, {}
        for number in range(1, BACKENDS + 1):
            with bed.inside(f"b{number}"):
                server = socket.socket(family.socket, socket.SOCK_DGRAM)
            server.bind((family.vip, UDP_PORT))
            server.setsockopt(family.level, family.errors, 1)
            server.setblocking(False)
            self.sockets[f"b{number}"] = server

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for server in self.sockets.values():
            server.close()

    def wait_request(self):
        """(backend, client) of the next datagram, whichever backend it reaches."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            for host, server in self.sockets.items():
                with contextlib.suppress(BlockingIOError):
                    return host, server.recvfrom(2048)[1]
        raise AssertionError(f"no backend has seen the datagram within {PATIENCE_S} s")

    def send(self, host, client, hops):
        server = self.sockets[host]
        server.setsockopt(self.family.level, self.family.hops, hops)
        server.sendto(b"reply", client)

    def wait_error(self, host):
        """(ICMP type, code) of the next error that the socket on `host` is told."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            with contextlib.suppress(BlockingIOError):
                ancillary = self.sockets[host].recvmsg(2048, 512, socket.MSG_ERRQUEUE)[1]
                for level, kind, data in ancillary:
                    if (level, kind) == (self.family.level, self.family.errors):
                        return ERROR.unpack_from(data)[2:4]
        raise AssertionError(f"{host} is told of no error within {PATIENCE_S} s")


def ask_from_far(bed, family):
    with bed.inside("far"):
        client = socket.socket(family.socket, socket.SOCK_DGRAM)
    client.connect((family.vip, UDP_PORT))
    client.send(b"request")
    return client


def check_errors(bed, family, name, expected, provoke):
    """`provoke(client)` gives the hops of the reply that calls the error forth."""
    with Reply(bed, family) as replies:
        before = received(bed, family)
        client = ask_from_far(bed, family)
        host, peer = replies.wait_request()
        with bed.counting() as seen:
            hops = provoke(client)
            replies.send(host, peer, hops)
            told = replies.wait_error(host)
        client.close()
        check_only(bed, family, before, host, name)
    assert told == expected, (told, expected)
    assert seen["icmp_forwarded"] == 1, seen
    print(f"IPv{family.number}: {name} of {host}: {dict(seen)}")


def one_hop(_):
    return 1


def nobody_there(client):
    client.close()
    return 64


def main():
    need_traffic("curl")
    with Testbed("icmp", BACKENDS) as bed:
        build(bed)
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number)
        bed.steadfastd(FILE)
        for family in (Family(4), Family(6)):
            check_too_big(bed, family)
            for _ in range(BACKENDS * 3):
                check_errors(bed, family, "time_exceeded", family.time_exceeded, one_hop)
                check_errors(bed, family, "unreachable", family.unreachable, nobody_there)


if __name__ == "__main__":
    main()
