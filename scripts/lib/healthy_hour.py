#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An hour in which no backend is sick, but much else happens: whoever is taken out
then is taken out wrongly.

    healthy_hour.py [--seconds N] [--rate R] [--json FILE]

Users come at R new connections per second and backend (10). Every ten seconds
something happens, in turn: a scan at ten times the users' rate, a backend's web
server is restarted, a crowd of five times as many users, the daemon is restarted, a
weight is changed by a hundredth. Needs root and BPF.
"""
import argparse
import contextlib
import itertools
import json
import os
import pathlib
import sys
import time

from balancer_file import balancer_file, pool, service
from control_socket import ControlSocket
from health_trial import BACKENDS, CHECK, suspects
from packets import Wire, ethernet, ip, tcp
from testbed import VIP4, Testbed, backend4, need_traffic

HERE = pathlib.Path(__file__).resolve().parent
BALANCER_MAC = "02:00:00:00:02:02"
WARM_S = 12
EVERY_S = 10
SCAN_S = CROWD_S = 5
LOOK_EVERY_S = 0.1
SCANNERS = 20  # each is a neighbour that never answers, of every backend


def file_with(weight):
    members = [(f"b{i}", backend4(i), 100 if i > 1 else weight) for i in range(1, BACKENDS + 1)]
    return balancer_file(service("web", VIP4, "web", "ipip"),
                         pool("web", members, min_healthy="40%", health=CHECK))


class Hour:
    def __init__(self, bed, rate):
        self.bed, self.rate = bed, rate * BACKENDS
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
        self.servers = {number: self.serve(number) for number in range(1, BACKENDS + 1)}
        self.daemon = bed.steadfastd(file_with(100))
        self.users = self.come(self.rate)
        self.ejections, self.happened, self.out = [], {}, set()
        self.sources = itertools.count()

    def serve(self, number):
        return self.bed.nginx(number, listen=("0.0.0.0", "::"))

    def come(self, rate):
        return self.bed.spawn("client", sys.executable, HERE / "steady_users.py", VIP4, rate)

    def watch(self, until_s):
        while time.monotonic() < until_s:
            with contextlib.suppress(OSError):  # the daemon is away
                rows = ControlSocket(self.bed.control).get("backends")["backends"]
                self.note(suspects({row["name"]: row["health"] for row in rows}))
            time.sleep(LOOK_EVERY_S)

    def note(self, out):
        for name in set(out) - self.out:
            self.ejections.append({"backend": name, "after": self.latest, **out[name]})
            print(f"taken out: {self.ejections[-1]}", flush=True)
        self.out = set(out)

    # --- what happens ---

    def scan(self):
        with self.bed.inside("client"):
            wire = Wire()
        with contextlib.closing(wire):
            end = time.monotonic() + SCAN_S
            while time.monotonic() < end:
                for _ in range(self.rate):
                    number = next(self.sources)
                    source, port = f"203.0.113.{number % SCANNERS + 1}", 1024 + number // SCANNERS % 60000
                    wire.send(ethernet(BALANCER_MAC, ip(source, VIP4, 6, tcp(source, port, VIP4, 80))))
                self.watch(time.monotonic() + 0.1)

    def restart_backend(self):
        number = 1 + next(self.sources) % BACKENDS
        self.bed.end(self.servers[number])
        self.servers[number] = self.serve(number)

    def crowd(self):
        more = self.come(self.rate * 4)
        self.watch(time.monotonic() + CROWD_S)
        self.bed.end(more)

    def restart_daemon(self):
        self.bed.end(self.daemon)
        self.daemon = self.bed.steadfastd(self.bed.config.read_text())

    def change(self):
        self.bed.config.write_text(file_with(99 + next(self.sources) % 2 * 2))
        self.bed.steadfast("apply", self.bed.config)

    def run(self, seconds):
        self.latest = "the beginning"
        self.watch(time.monotonic() + WARM_S)
        end = time.monotonic() + seconds
        events = itertools.cycle((self.scan, self.restart_backend, self.crowd, self.restart_daemon, self.change))
        while time.monotonic() < end:
            next_s = time.monotonic() + EVERY_S
            event = next(events)
            self.latest = event.__name__
            self.happened[self.latest] = self.happened.get(self.latest, 0) + 1
            event()
            self.watch(next_s)
        self.bed.end(self.users)
        return json.loads(self.users.log.read_text().splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(prog="healthy_hour.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--rate", type=int, default=10, help="new connections per second and backend (10)")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE")
    asked = parser.parse_args()
    need_traffic()
    with Testbed("hour", BACKENDS) as bed:
        hour = Hour(bed, asked.rate)
        users = hour.run(asked.seconds)
        result = {"machine": os.uname().release, "seconds": asked.seconds, "rate": asked.rate,
                  "happened": hour.happened, "ejections": hour.ejections, **users}
    print(json.dumps(result))
    if asked.json:
        asked.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
