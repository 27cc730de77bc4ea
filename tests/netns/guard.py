#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The guard, with real packets: a change under --confirm that gives three in ten flows
of one service to a backend that nobody reaches goes back by itself, and the alert
names it; one that does no harm stays, through a port scan and a SYN flood.

    guard.py [RUNS]    of the first; delays count from the first affected packet
"""
import contextlib
import itertools
import pathlib
import random
import statistics
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from control_socket import ControlSocket  # noqa: E402
from packets import Wire, ethernet, ip, tcp  # noqa: E402
from testbed import CLIENT4, VIP4, Testbed, backend4, need_traffic  # noqa: E402

BALANCER_MAC = "02:00:00:00:02:02"
BACKENDS = 3
NOBODY = "10.0.2.99"
PACKETS_PER_S = 100  # to each service
PATIENCE_S = 30
FLOOD_S = 6
CHAT, MAIL = 5222, 25


def file_with(third=backend4(3), weight=30, comment=""):
    chat = [("chat-01", backend4(1), 35), ("chat-02", backend4(2), 35), ("chat-03", third, weight)]
    mail = [("mail-01", backend4(1), 100), ("mail-02", backend4(2), 100)]
    return f"# {comment}\n" + balancer_file(service("chat", VIP4, "chat", "ipip", CHAT),
                                            service("mail", VIP4, "mail", "ipip", MAIL),
                                            pool("chat", chat), pool("mail", mail))


def syn(port, source=None, source_address=CLIENT4):
    return ethernet(BALANCER_MAC, ip(source_address, VIP4, 6, tcp(source_address, source, VIP4, port)))


class Users:
    """New flows of both services at an even pace, from a thread, until the end."""

    def __init__(self, bed):
        with bed.inside("client"):
            self.wire = Wire()
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()
        self.wire.close()

    def run(self):
        for port in itertools.cycle(range(1024, 65000)):
            if self.over.wait(1 / PACKETS_PER_S):
                return
            self.wire.send(syn(CHAT, port))
            self.wire.send(syn(MAIL, port))


class Watched:
    def __init__(self, bed):
        self.bed = bed
        self.daemon = ControlSocket(bed.control)

    def status(self):
        return self.daemon.get("status")

    def dropped(self):
        """Packets of the services that the configuration dropped."""
        rows = self.daemon.get("services")["services"]
        return sum(row["verdicts"].get("no_next_hop", {"packets": 0})["packets"] for row in rows)

    def until(self, what, holds):
        """The moment from which it holds."""
        deadline = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}; {self.status()}"
            time.sleep(0.01)
        return time.monotonic()

    def apply(self, text):
        """Pending for a minute, whatever gates there are."""
        gates = [finding for finding in self.daemon.post("plan", {"text": text, "file": "edge.toml"})["findings"]
                 if finding["severity"] == "gate"]
        self.bed.config.write_text(text)
        accepted = [word for gate in gates for word in ("--accept", f"{gate['code']}:{gate['object']}")]
        ran = self.bed.steadfast("apply", self.bed.config, "--confirm", "60s", "--reason", "a test of the guard",
                                 *accepted, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    def end(self):
        if self.status().get("pending"):
            self.bed.steadfast("cancel")


def harm(watched, number):
    """Seconds from the first affected packet, or a little before it, until it is undone."""
    before = watched.dropped()
    clean = []

    def is_lost():
        asked = time.monotonic()
        if watched.dropped() > before:
            return True
        clean.append(asked)  # no packet was affected by then
        return False

    def look():
        watched.until("packets are lost", is_lost)

    looking = threading.Thread(target=look, daemon=True)
    looking.start()
    watched.apply(file_with(third=NOBODY, comment=f"run {number}"))
    undone = watched.until("it goes back", lambda: not watched.status().get("pending"))
    looking.join()
    ended = watched.daemon.get("generations")["generations"]
    because = max(ended, key=lambda one: one["number"])
    assert because["outcome"] == "rolled-back", because
    said = f"generation {because['number']} was rolled back"
    first = next(alert for alert in watched.status()["alerts"] if said in alert).splitlines()[0]
    for part in ("service/chat", "no_next_hop", "backend/chat/chat-03", f"generation {because['number']}"):
        assert part in first, first
    assert "service/chat" in because["ended_because"], because
    print(f"{undone - clean[-1]:.2f} s: {first}", flush=True)
    return undone - clean[-1]


def goes_back(watched, runs):
    delays = []
    for number in range(runs):
        delays.append(harm(watched, number))
        # Alarms of the last run end, or this one would be the same.
        watched.until("it is over", lambda: not any("no_next_hop" in alert and "rolled back" not in alert
                                                    for alert in watched.status()["alerts"]))
        time.sleep(random.random())  # where in its second the daemon meets the change is chance
    delays.sort()
    print(f"{runs} runs: rolled back after {statistics.median(delays):.2f} s (median), "
          f"{delays[-1]:.2f} s (most), from the first affected packet")


def scan_and_flood(bed):
    """Every port once, cut packets, and SYNs of made-up senders, for some seconds."""
    with bed.inside("client"):
        wire = Wire()
    with contextlib.closing(wire):
        for port in range(1, 4000):
            wire.send(syn(port, 40000))
        end = time.monotonic() + FLOOD_S
        for number in itertools.count():
            if time.monotonic() > end:
                return number
            source = f"203.0.113.{number % 250 + 1}"
            wire.send(syn(CHAT, 1024 + number % 60000, source))
            wire.send(syn(CHAT, 1024 + number % 60000, source)[:40])


def stays(watched):
    watched.apply(file_with(weight=29))
    packets = scan_and_flood(watched.bed)
    status = watched.status()
    assert status.get("pending"), status
    watched.bed.steadfast("confirm")
    print(f"a harmless change stayed through a scan and a flood of {2 * packets} packets; {status['alerts']}")


def main():
    need_traffic()
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    with Testbed("guard", BACKENDS) as bed:
        bed.steadfastd(file_with())
        watched = Watched(bed)
        with Users(bed):
            # Or gates would appear between a plan and its apply.
            watched.until("plans are weighed with the users", watched.daemon.is_weighed)
            goes_back(watched, runs)
            stays(watched)


if __name__ == "__main__":
    main()
