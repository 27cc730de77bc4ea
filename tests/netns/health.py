#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Health decides about new flows: a backend that stops listening loses its own and
nobody else's, comes back step by step, and is called deaf when only its VIP is
gone. A pool keeps its floor, a fault of this host moves nothing, a drain counts
the flows that are left."""
import contextlib
import itertools
import os
import pathlib
import signal
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from control_socket import ControlSocket  # noqa: E402
from testbed import CLIENT4, VIP4, VIP6, Testbed, backend4, backend6, need_traffic  # noqa: E402
from web_client import Session, fetch_many  # noqa: E402

BACKENDS = 5
NEEDED = 3  # min_healthy = 50 %
PATIENCE_S = 60
REQUESTS = 100
ANYWHERE = ("0.0.0.0", "::")
CHECK = {"type": "http", "interval": "300ms", "timeout": "250ms", "fall": 3, "rise": 2}
EVERYBODY = range(1, BACKENDS + 1)
FILE = balancer_file(
    service("web", VIP4, "web", "ipip"), service("web6", VIP6, "web6", "ipip"),
    pool("web", [(f"b{i}", backend4(i), 100) for i in EVERYBODY], min_healthy="50%", health=CHECK),
    pool("web6", [(f"b{i}", backend6(i), 100) for i in EVERYBODY], min_healthy="50%", health=CHECK))
DROP_ANSWERS = """
table inet meddler {
  chain in { type filter hook input priority 0; iifname "eth0" tcp sport 80 drop; }
}
"""


class Ward:
    """Five backends under observation."""

    def __init__(self, bed):
        self.bed = bed
        self.web = {}
        self.ports = itertools.count(10000, REQUESTS)

    def serve(self, number):
        self.web[number] = self.bed.nginx(number, listen=ANYWHERE)

    def stop(self, number):
        self.bed.end(self.web.pop(number))

    def get(self, what):
        return ControlSocket(self.bed.control).get(what)

    def health(self, number, pool_name="web"):
        rows = self.get("backends")["backends"]
        return next(row["health"] for row in rows if (row["pool"], row["name"]) == (pool_name, f"b{number}"))

    def pool(self, name="web"):
        return next(row["health"] for row in self.get("pools")["pools"] if row["name"] == name)

    def alerts(self):
        return self.get("status")["alerts"]

    def until(self, what, holds):
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}; {self.alerts()}"
            time.sleep(0.02)

    def until_state(self, number, *states):
        began = time.monotonic()
        self.until(f"b{number} is {' or '.join(states)}, and not {self.health(number)}",
                   lambda: self.health(number)["state"] in states)
        return time.monotonic() - began

    def users(self):
        """New users: answers by backend; nobody may be left without one."""
        with self.bed.inside("client"):
            answers, failures = fetch_many(REQUESTS, CLIENT4, VIP4, next(self.ports))
        assert not failures, failures[0]
        return answers

    def ring(self):
        """Which backend a fixed set of new users would get."""
        daemon = ControlSocket(self.bed.control)
        packets = [f"tcp 203.0.113.7:{port} > {VIP4}:80 syn" for port in range(1, 65)]
        return [daemon.post("trace", {"packet": packet})["answers"][0]["backend"] for packet in packets]

    def metric(self, series):
        page = ControlSocket(self.bed.control).read("/metrics")
        return next(float(line.rpartition(" ")[2]) for line in page.splitlines() if line.startswith(series + " "))

    @contextlib.contextmanager
    def session_with(self, backend):
        """An open connection of a user of this backend."""
        for _ in range(200):
            with self.bed.inside("client"):
                session = Session(CLIENT4, VIP4)
            if session.ask() == backend:
                break
            session.close()
        yield session
        session.close()


def all_are_up(ward):
    for number in EVERYBODY:
        ward.until(f"b{number} is proven", lambda n=number: ward.health(n)["reason"] == "passed")
    assert set(ward.users()) == {f"b{n}" for n in EVERYBODY}
    assert ward.metric('steadfast_backend_up{pool="web",backend="b1"}') == 1
    print("all are up")


def one_stops(ward):
    before = ward.ring()
    with ward.session_with("b2") as other:
        ward.stop(1)
        took = ward.until_state(1, "down", "deaf")
        assert ward.health(1)["state"] == "down", "a server that has stopped is called deaf"
        ward.until("the overlay is published", lambda: "b1" not in ward.ring())
        moved = [now for was, now in zip(before, ward.ring()) if was != "b1" and now != was]
        assert not moved, f"flows of others went to {moved}"
        assert "b1" not in ward.users()
        assert other.ask() == "b2", "an open connection of another backend was moved"
    why = ward.health(1)
    assert why["outcome"] == "refused" and why["reason"] == "probes-fail", why
    ward.until("the fault is named", lambda: "SF801" in ward.health(1).get("fault", ""))
    assert ward.metric('steadfast_backend_up{pool="web",backend="b1"}') == 0
    assert ward.metric("steadfast_health_generations_total") >= 1
    print(f"b1 stopped: down after {took:.1f} s: {ward.health(1)['fault']}")


def a_new_daemon_knows(ward):
    """It forwards as the one before, from its first moment on."""
    ward.bed.end(ward.daemon)
    ward.daemon = ward.bed.steadfastd(FILE)
    assert "b1" not in ward.ring(), "the dead backend gets new flows until its probes have failed again"
    assert ward.health(1)["state"] == "down", ward.health(1)
    assert "b1" not in ward.users()
    print("a daemon that starts again leaves b1 out")


def it_comes_back(ward):
    ward.serve(1)
    ward.until_state(1, "up")
    health = ward.health(1)
    assert health["reason"] == "warming" and 0 < health["share"] < 1, health
    ward.until("b1 gets new users again", lambda: "b1" in ward.ring() or "b1" in ward.users())
    print(f"b1 is back with {health['share']:.0%} of its weight")


def one_is_deaf(ward):
    ward.bed.shell("b3", f"ip address del {VIP4}/32 dev lo")
    took = ward.until_state(3, "deaf")
    ward.until("the fault is named", lambda: "SF802" in ward.health(3).get("fault", ""))
    shown = ward.bed.steadfast("show", "backends").stdout
    line = next(line for line in shown.splitlines() if " b3 " in line and "deaf" in line)
    assert "SF802" in line and "the VIP is no address of it" in line, line
    assert any(alert.startswith("SF805 backend/web/b3") for alert in ward.alerts()), ward.alerts()
    ward.until("no new user is sent to b3", lambda: "b3" not in ward.ring())
    ward.bed.shell("b3", f"ip address add {VIP4}/32 dev lo")
    ward.until_state(3, "up")
    print(f"b3 was deaf after {took:.1f} s: {line.rpartition('  ')[2]}")


def this_host_is_at_fault(ward):
    """A rule on the balancer drops every answer to a check (INC-13)."""
    published = ward.metric("steadfast_health_generations_total")
    rules = ward.bed.folder / "meddler.nft"
    rules.write_text(DROP_ANSWERS)
    ward.bed.shell("balancer", f"nft -f {rules}")
    ward.until("health is frozen", lambda: ward.get("status").get("health_frozen") == "all-fail")
    time_frozen = ward.get("status")["health_frozen_s"]
    ward.users()
    assert ward.pool()["serving"] == BACKENDS and ward.pool("web6")["serving"] == BACKENDS
    # What warms up when a freeze begins goes on to; nobody goes out.
    out = [row["name"] for row in ward.get("backends")["backends"] if not row["health"]["serving"]]
    assert not out, out
    assert any("the cause is on this host" in alert for alert in ward.alerts()), ward.alerts()
    ward.bed.shell("balancer", "nft delete table inet meddler")
    ward.until("the freeze is over", lambda: "health_frozen" not in ward.get("status"))
    assert ward.pool()["serving"] == BACKENDS
    print(f"frozen while every check failed ({time_frozen:.1f} s seen, {published:.0f} publications before)")


def most_of_them_flap(ward):
    """60 % hang and come back, again and again: the floor is held, and said."""
    victims = [ward.web[number] for number in (1, 2, 3)]
    on_floor, least = False, BACKENDS
    for _ in range(3):
        for process in victims:
            os.kill(process.pid, signal.SIGSTOP)
        ward.until("the pool is on its floor", lambda: ward.pool()["on_floor"])
        on_floor |= any(alert.startswith("SF910 pool/web") for alert in ward.alerts())
        least = min(least, ward.pool()["serving"])
        for process in victims:
            os.kill(process.pid, signal.SIGCONT)
        ward.until("the pool leaves its floor", lambda: not ward.pool()["on_floor"])
        least = min(least, ward.pool()["serving"])
    assert on_floor, "SF910 was never raised"
    assert least >= NEEDED, f"only {least} of {BACKENDS} served"
    for number in (4, 5):
        assert ward.health(number)["state"] == "up", ward.health(number)
    for number in EVERYBODY:
        ward.until_state(number, "up")
    print(f"60 % flapped: never fewer than {least} served, SF910 raised")


def one_drains(ward):
    with ward.session_with("b4") as session:
        ward.bed.steadfast("backend", "drain", "web", "b4")
        ward.until_state(4, "draining")
        ward.until("its flows are counted", lambda: ward.health(4).get("flows_left", 0) >= 1)
        ward.until("no new user is sent to b4", lambda: "b4" not in ward.ring())
        assert session.ask() == "b4", "draining moved an open connection"
        print(f"b4 drains: {ward.health(4)['flows_left']} flows left")
    ward.until_state(4, "drained")
    ward.bed.steadfast("backend", "undrain", "web", "b4")
    ward.until_state(4, "up")


def drains_end(ward):
    ward.bed.steadfast("backend", "drain", "web", "b2", "--wait")
    assert ward.health(2)["state"] == "drained", ward.health(2)
    ward.bed.steadfast("backend", "undrain", "web", "b2")
    with ward.session_with("b4"):
        ward.bed.steadfast("backend", "drain", "web", "b4", "--force")
        ward.until_state(4, "disabled")
    ward.bed.steadfast("backend", "undrain", "web", "b4")
    ward.until_state(4, "up")
    print("a drain was waited for, another one forced")


def main():
    need_traffic("nft")
    with Testbed("health", BACKENDS) as bed:
        ward = Ward(bed)
        for number in EVERYBODY:
            bed.decap(number)
            ward.serve(number)
        ward.daemon = bed.steadfastd(FILE)
        for step in (all_are_up, one_stops, a_new_daemon_knows, it_comes_back, one_is_deaf, this_host_is_at_fault, most_of_them_flap,
                     one_drains, drains_end):
            step(ward)


if __name__ == "__main__":
    main()
