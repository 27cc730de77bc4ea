#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a change costs at full size, at a daemon that runs: each kind of it a few times,
the median by stage, and for how long the daemon answered nobody else meanwhile.

    change_cost.py [--services N] [--backends N] [--times N] [--json FILE]

`check` has everything in it that says whether the change may be made: reading the file,
every rule, the plan, next hops, this host, and the probes of what is new.
"""
import argparse
import json
import pathlib
import statistics
import threading
import time

import full_size
from control_socket import ControlSocket
from testbed import Testbed, need_traffic

STAGES = ("check_ms", "compile_ms", "write_ms", "test_ms", "total_ms")


class Listener(threading.Thread):
    """How long a question takes that anybody asks meanwhile."""

    def __init__(self, control):
        super().__init__(daemon=True)
        self.socket, self.ended, self.longest_ms = ControlSocket(control), threading.Event(), 0

    def run(self):
        while not self.ended.wait(0.005):
            began = time.monotonic()
            self.socket.read("/api/v1/config")
            self.longest_ms = max(self.longest_ms, 1000 * (time.monotonic() - began))

    def end(self):
        self.ended.set()
        self.join()
        return self.longest_ms


class Changes:
    def __init__(self, bed, asked):
        self.asked, self.control = asked, ControlSocket(bed.control)
        self.path = bed.control
        self.file = self.control.get("config")["file"]

    def text(self, **more):
        return full_size.file_of(self.asked.services, self.asked.backends, full_size.CHECKED_EVERY_S, **more)

    def post(self, text, accept):
        body = {"text": text, "file": self.file, "author": "cost", "reason": "cost",
                "accept": accept}
        began = time.monotonic()
        answer = self.control.post("apply", body)
        return answer, 1000 * (time.monotonic() - began)

    def gates(self, text):
        """By code and object, as a plan shows them."""
        findings = self.control.post("plan", {"text": text, "file": self.file})["findings"]
        return {f"{found['code']}:{found['object']}": found["message"] for found in findings if found["severity"] == "gate"}

    def apply(self, name, texts):
        """Each of the texts once, with every gate accepted."""
        rows = []
        for text in texts:
            gates = self.gates(text)
            listener = Listener(self.path)
            listener.start()
            answer, took_ms = self.post(text, list(gates))
            others_ms = listener.end()
            assert answer["verdict"] == "applied", answer["error"] or answer["findings"][:3]
            rows.append({**{stage: answer["timings"][stage] for stage in STAGES}, "answered_ms": took_ms,
                         "others_waited_ms": others_ms, "findings": len(answer["findings"])})
        return {"name": name, "times": len(rows), "gates": len(gates), "first_gate": next(iter(gates.values()), ""),
                **{key: round(statistics.median(row[key] for row in rows), 1) for key in rows[0]}}


MORE = full_size.MOST_MORE
ALL, MANY = "every weight", f"{MORE} backends more in every pool"


def rows_of(changes, bed, asked):
    def one(weight):
        return changes.text(weight_of=lambda pool, backend: weight if (pool, backend) == (0, 3) else 100)

    full_size.neighbours(bed, 102, MORE * asked.services)
    yield changes.apply("one weight", [one(150 - i) for i in range(asked.times)])
    yield changes.apply("one backend more", [changes.text(more=lambda pool, i=i: pool <= i) for i in range(asked.times)])
    yield changes.apply(ALL, [changes.text(weight_of=lambda *_, weight=weight: weight) for weight in (110, 120)])
    yield changes.apply(MANY, [changes.text(more=lambda pool: MORE)])


def main():
    parser = argparse.ArgumentParser(prog="change_cost.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--services", type=int, default=1000)
    parser.add_argument("--backends", type=int, default=10, help="of each service (10)")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--json", type=pathlib.Path)
    asked = parser.parse_args()
    need_traffic()
    rows = []
    with Testbed("change", 1) as bed:
        full_size.equip(bed, asked.services * asked.backends)
        bed.steadfastd(full_size.file_of(asked.services, asked.backends, full_size.CHECKED_EVERY_S), "--detach-on-exit")
        for row in rows_of(Changes(bed, asked), bed, asked):
            rows.append(row)
            print(json.dumps(row), flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
