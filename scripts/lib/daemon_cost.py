#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What the daemon costs at full size, by thread: CPU time as its kernel counts it, and
memory. One thing after the other is switched on: users, an open incident, Prometheus, a
dashboard, health checks.

    daemon_cost.py [--services N] [--backends N] [--seconds S] [--only ROW]… [--json FILE]

What the kernel does with a packet that a check sends over a veth, the other host's part
included, is counted as the time of the thread that asks: `probing`.
"""
import argparse
import contextlib
import json
import os
import pathlib
import re
import threading
import time

import full_size
from control_socket import ControlSocket
from testbed import Testbed, need_traffic

TICKS = os.sysconf("SC_CLK_TCK")
USERS_PER_S, LOST_PER_S = 200, 20
SCRAPE_S = 15
FIRST_S = 2  # then the history has begun
REST = 10  # as the page: so many times as long as an answer took, nothing is asked again
SHOWN = 6  # charts of services
# What the page asks for, and how often (userspace/dashboard/assets/app.js).
PAGE = {"status": 1, "drops": 2, "services": 2, "backends?find=&most=100": 2, "flows?most=0": 10, "generations": 4,
        "incidents": 2, "alerts": 2,
        "history?seconds=300": 2, **{f"history?seconds=300&service=s{i}": 2 for i in range(SHOWN)}}
INTERVALS_S = (10, 2)


def cpu_s(pid):
    """{(id, name): (user, system)} of every thread."""
    used = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):
            name, _, rest = (task / "stat").read_text().partition("(")[2].rpartition(")")
            words = rest.split()
            used[task.name, name] = (int(words[11]) / TICKS, int(words[12]) / TICKS)
    return used


def percent_by_thread(pid, seconds):
    """Of one core: {name: [user, system]}; threads of one name together."""
    began, before = time.monotonic(), cpu_s(pid)
    time.sleep(seconds)
    after, took = cpu_s(pid), time.monotonic() - began
    sums = {}
    for task, now in after.items():
        sum_of = sums.setdefault(task[1], [0, 0])
        for i, then in enumerate(before.get(task, (0, 0))):
            sum_of[i] += 100 * (now[i] - then) / took
    return {name: [round(part, 2) for part in parts] for name, parts in sorted(sums.items()) if sum(parts) >= 0.01}


def kib(text, word):
    return int(re.search(rf"^{word}:\s+(\d+) kB$", text, re.MULTILINE)[1])


def map_bytes(pid):
    """Of the BPF maps it holds."""
    maps = {}
    for info in pathlib.Path(f"/proc/{pid}/fdinfo").iterdir():
        with contextlib.suppress(FileNotFoundError):
            words = dict(line.split(":", 1) for line in info.read_text().splitlines() if ":" in line)
            if "map_id" in words:
                maps[words["map_id"]] = int(words["memlock"])
    return sum(maps.values())


def memory_mib(pid, status):
    rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    return {"rss": kib(rollup, "Rss") >> 10, "pss": kib(rollup, "Pss") >> 10, "own": kib(rollup, "Anonymous") >> 10,
            "maps": map_bytes(pid) >> 20, "history": status["history_bytes"] >> 20}


class Asker(threading.Thread):
    """Asks `path` again and again, as Prometheus or the page does."""

    def __init__(self, control, path, every_s, rest=0):
        super().__init__(daemon=True)
        self.socket, self.path, self.every_s, self.rest = ControlSocket(control), path, every_s, rest
        self.ended = threading.Event()
        self.seconds, self.bytes = [], 0

    def run(self):
        wait = 0
        while not self.ended.wait(wait):
            began = time.monotonic()
            self.bytes = len(self.socket.read(self.path))
            self.seconds.append(time.monotonic() - began)
            wait = max(self.every_s, self.rest * self.seconds[-1])

    def end(self):
        self.ended.set()
        self.join()


class Row:
    """One daemon with what is switched on."""

    def __init__(self, bed, asked):
        self.bed, self.asked = bed, asked
        self.askers, self.users = [], []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for asker in self.askers:
            asker.end()
        for process in self.users:
            self.bed.end(process)

    def run(self, pid, steps):
        if "users" in steps:
            vips = [full_size.address(200, i) for i in range(self.asked.services)]
            self.users.append(full_size.users(self.bed, vips, USERS_PER_S))
        if "incident" in steps:
            self.users.append(full_size.users(self.bed, [full_size.LOST], LOST_PER_S))
        if "scraped" in steps:
            self.askers.append(Asker(self.bed.control, "/metrics", SCRAPE_S))
        if "dashboard" in steps:
            self.askers += [Asker(self.bed.control, "/api/v1/" + path, every_s, REST) for path, every_s in PAGE.items()]
        time.sleep(FIRST_S)
        for asker in self.askers:
            asker.start()
        time.sleep(self.asked.settle)
        threads = percent_by_thread(pid, self.asked.seconds)
        status = ControlSocket(self.bed.control).get("status")
        return {"percent": round(sum(map(sum, threads.values())), 2), "threads": threads,
                "memory_mib": memory_mib(pid, status), "incidents_open": status["incidents"]["open"],
                "answers": {asker.path: {"s": round(max(asker.seconds), 3), "bytes": asker.bytes}
                            for asker in self.askers}}


ROWS = {"alone": (None, ()), "users": (None, ("users",)), "incident": (None, ("users", "incident")),
        "scraped": (None, ("users", "incident", "scraped")),
        "dashboard": (None, ("users", "incident", "scraped", "dashboard")),
        **{f"checks every {s} s": (s, ("users",)) for s in INTERVALS_S},
        **{f"everything, checks every {s} s": (s, ("users", "incident", "scraped", "dashboard")) for s in INTERVALS_S}}


def measure(bed, asked, name):
    interval_s, steps = ROWS[name]
    daemon = bed.steadfastd(full_size.file_of(asked.services, asked.backends, interval_s), "--detach-on-exit", "--from-file")
    try:
        with Row(bed, asked) as row:
            return {"name": name, **row.run(daemon.pid, steps)}
    finally:
        bed.end(daemon)


def main():
    parser = argparse.ArgumentParser(prog="daemon_cost.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--backends", type=int, default=10, help="of each service (10)")
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--settle", type=float, default=12, help="seconds before that (12)")
    parser.add_argument("--only", action="append", choices=ROWS)
    parser.add_argument("--json", type=pathlib.Path)
    asked = parser.parse_args()
    need_traffic()
    rows = []
    with Testbed("cost", 1) as bed:
        full_size.equip(bed, asked.services * asked.backends)
        for name in asked.only or ROWS:
            rows.append(measure(bed, asked, name))
            print(json.dumps(rows[-1]), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
