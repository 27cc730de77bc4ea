#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A SYN flood of ten times the flow table: established sessions stay on their
backends, although the ring would now choose another for most of them."""
import collections
import contextlib
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from packets import Wire, ethernet, ip, tcp  # noqa: E402
from testbed import CLIENT4, CLIENT6, VIP4, VIP6, Testbed, backend4, need_traffic  # noqa: E402
from web_client import Session  # noqa: E402

BALANCER_MAC = "02:00:00:00:02:02"
FLOWS = 4096
TIMES = 10
SESSIONS = 100  # of each family
BACKENDS = 2


def file_with(*weights):
    return balancer_file(service("web4", VIP4, "web", "ipip"), service("web6", VIP6, "web", "ipip"),
                         pool("web", [(f"b{i}", backend4(i), weight) for i, weight in enumerate(weights, 1)]),
                         flows=str(FLOWS))


def flood(bed, count):
    """SYNs of as many flows, from addresses that nobody answers for."""
    with bed.inside("client"):
        wire = Wire()
    with contextlib.closing(wire):
        for number in range(count):
            source = f"203.0.113.{number % 250 + 1}"
            port = 1024 + number // 250
            wire.send(ethernet(BALANCER_MAC, ip(source, VIP4, 6, tcp(source, port, VIP4, 80))))


def open_sessions(bed):
    with bed.inside("client"):
        sessions = [Session(source, vip) for source, vip in ((CLIENT4, VIP4), (CLIENT6, VIP6)) for _ in range(SESSIONS)]
    return [(session, session.ask()) for session in sessions]


def survivors(sessions):
    count = 0
    for session, server in sessions:
        with contextlib.suppress(OSError, AttributeError):
            count += session.ask() == server
    return count


def main():
    need_traffic()
    with Testbed("flood", BACKENDS) as bed:
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number)
        bed.steadfastd(file_with(100, 100))
        sessions = open_sessions(bed)
        before = collections.Counter(server for _, server in sessions)
        assert survivors(sessions) == len(sessions) and set(before) == {"b1", "b2"}, before

        # From here on the ring gives most to b2: what stays on b1 is remembered.
        bed.config.write_text(file_with(1, 8))
        bed.steadfast("apply", bed.config)
        with bed.counting() as seen:
            flood(bed, TIMES * FLOWS)
            bed.balance()
        assert seen["forwarded"] >= TIMES * FLOWS, seen
        alive = survivors(sessions)
        print(f"{TIMES * FLOWS} SYNs against a table of {FLOWS} flows: {alive} of {len(sessions)} sessions survive, "
              f"{before['b1']} on the backend that the ring has all but left; {dict(seen)}")
        for session, _ in sessions:
            session.close()
        assert alive == len(sessions), alive


if __name__ == "__main__":
    main()
