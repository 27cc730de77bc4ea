#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at every step of a change (base/fault_point.h; dev builds): afterwards
the kernel runs exactly the old or exactly the new generation, real packets meet
it, and the journal agrees, before and after a restart.

    faults.py [STRIDE]    every STRIDE-th step (5), and always the first and the last
"""
import collections
import hashlib
import json
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from kernel_state import KernelState, pin  # noqa: E402
from testbed import VIP4, Testbed, backend4, need_traffic  # noqa: E402

PORT = 5000
PROBES = 16
PATIENCE_S = 5
AT_ONCE = 1  # SF_DEADLINE_NOW


def file_with(backend):
    return balancer_file(service("messages", VIP4, "messages", "ipip", PORT, "udp"),
                         pool("messages", [(f"b{backend}", backend4(backend), 100)]))


OLD, NEW = file_with(1), file_with(2)


class Listener:
    """A UDP socket on one backend that counts."""

    def __init__(self, bed, number):
        with bed.inside(f"b{number}"):
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((VIP4, PORT))
        self.socket.setblocking(False)

    def drain(self):
        count = 0
        while True:
            try:
                self.socket.recv(2048)
            except BlockingIOError:
                return count
            count += 1


class Bench:
    """One daemon after the other on the same hosts, each from nothing."""

    def __init__(self, bed):
        self.bed = bed
        self.listeners = {number: Listener(bed, number) for number in (1, 2)}
        self.port = 1024

    def begin(self, fault):
        self.forget()
        os.environ["STEADFAST_FAULT"] = fault
        try:
            self.daemon = self.bed.steadfastd(OLD)
        finally:
            del os.environ["STEADFAST_FAULT"]

    def forget(self):
        """Takes program and tables out of the kernel and the journal off the disk."""
        self.end_all()
        if self.has_tables():
            self.bed.steadfastd(OLD, "--from-file", "--detach-on-exit")
            self.end_all()
        shutil.rmtree(self.bed.folder / "state", ignore_errors=True)

    def end_all(self):
        for process in [p for p in self.bed.processes if str(p.args[0]).endswith("steadfastd")]:
            self.bed.end(process)

    def has_tables(self):
        return os.path.exists(pin(self.bed.bpffs, "sf_control"))

    def new_file(self):
        path = self.bed.folder / "new.toml"
        path.write_text(NEW)
        return path

    def reached(self):
        """Backends that new flows reach."""
        for listener in self.listeners.values():
            listener.drain()
        with self.bed.inside("client"):
            for _ in range(PROBES):
                self.port += 1
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as flow:
                    flow.bind(("", self.port))
                    flow.sendto(b"probe", (VIP4, PORT))
        arrived = collections.Counter()
        for _ in range(PATIENCE_S * 10):
            for number, listener in self.listeners.items():
                arrived[number] += listener.drain()
            if arrived.total() >= PROBES:
                break
            select.select([listener.socket for listener in self.listeners.values()], [], [], 0.1)
        return {number: count for number, count in arrived.items() if count}

    def journal(self):
        folder = self.bed.folder / "state" / "generations"
        ledger = json.loads((folder / "ledger").read_text())
        return folder, ledger

    def check(self, old, when):
        """The generation that kernel, packets and journal agree on."""
        state = KernelState(self.bed.bpffs)
        while state.deadline_ns == AT_ONCE:  # the timer is about to finish what the daemon began
            state = KernelState(self.bed.bpffs)
        folder, _ = self.journal()
        number = state.generation
        text = (folder / f"{number:08}.toml").read_bytes()
        record = json.loads((folder / f"{number:08}.json").read_text())
        assert hashlib.sha256(text).hexdigest() == record["digest"], f"{when}: generation {number} is torn"
        backend = 1 if text.decode() == old else 2
        reached = self.reached()
        assert reached == {backend: PROBES}, f"{when}: generation {number} runs, packets reached {reached}"
        return number, text.decode()

    def check_restarted(self, allowed, when):
        self.daemon = self.bed.steadfastd(OLD)
        number, text = self.check(OLD, when)
        status = self.bed.ask("status")
        _, ledger = self.journal()
        assert status["generation"] == number == ledger["confirmed"] == status["confirmed"], (status, ledger)
        assert self.bed.ask("show", "config")["text"] == text
        assert ledger["generations"][str(number)]["outcome"] == "running", ledger
        assert text in allowed, f"{when}: neither the old nor the new generation"
        return "old" if text == OLD else "new"


def final(bench):
    return bench.bed.steadfast("apply", bench.new_file(), check=False)


def pending(bench):
    return bench.bed.steadfast("apply", bench.new_file(), "--confirm", "60s", check=False)


def then(*words):
    def change(bench):
        pending(bench)
        return bench.bed.steadfast(*words, check=False)
    return change


def rollback(bench):
    final(bench)
    return bench.bed.steadfast("rollback", check=False)


def drain(bench):
    return bench.bed.steadfast("backend", "set", "messages", "b1", "--address", backend4(2), check=False)


# name: (scope of the fault, the change)
CHANGES = {
    "apply": ("apply", final),
    "apply --confirm": ("apply", pending),
    "confirm": ("confirm", then("confirm")),
    "cancel": ("cancel", then("cancel")),
    "rollback": ("rollback", rollback),
    "backend set": ("edit", drain),
}


def step_of(daemon):
    found = re.findall(r"fault point: (.*)", daemon.log.read_text())
    return found[-1] if found else ""


def one(bench, name, number):
    """False once the change survives: it has fewer steps."""
    scope, change = CHANGES[name]
    bench.begin(f"{scope}:{number}")
    change(bench)
    step = step_of(bench.daemon)
    if not step:
        return None
    bench.daemon.wait()
    when = f"{name}, killed at step {number} ({step})"
    bench.bed.processes.remove(bench.daemon)
    _, text = bench.check(OLD, when)
    allowed = {OLD, NEW, text}
    after = bench.check_restarted(allowed, when + ", restarted")
    print(f"{when}: {after}", flush=True)
    return after


def main():
    need_traffic()
    stride = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    ended = collections.Counter()
    with Testbed("faults", 2) as bed:
        for number in (1, 2):
            bed.decap(number)
        bench = Bench(bed)
        for name in CHANGES:
            number = 1
            while (after := one(bench, name, number)) is not None:
                ended[after] += 1
                number += stride
        bench.forget()
    total = sum(ended.values())
    assert total >= 30 or stride > 1, f"only {total} steps"
    print(f"{total} of {total} deaths left exactly one generation, and the journal agreed: {dict(ended)}")


if __name__ == "__main__":
    main()
