#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Somebody else meddles with a running balancer: bytes of its maps, its program,
its route, its state directory. Each is found and named, and put right or left as
the file says; packets go on.

    audit.py [ROUNDS]    prints seconds from a write to its finding; with ROUNDS
                         it fails when one is later than 10 s
"""
import contextlib
import json
import pathlib
import shutil
import statistics
import struct
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from control_socket import ControlSocket  # noqa: E402
from kernel_state import KernelState, SELECTOR, pin  # noqa: E402
from pinned_map import pinned_map  # noqa: E402
from testbed import CLIENT4, VIP4, Testbed, backend4, need_traffic  # noqa: E402
from web_client import fetch_many  # noqa: E402

BACKENDS = 2
PATIENCE_S = 30
PROMISED_S = 10
SLOTS = 4
ROW_BYTES = {"sf_index": 64, "sf_services": 64, "sf_backends": 128, "sf_ranges": 24}
SLOT_BYTES, SELECTOR_BYTES = 192, 64
MOVING = {*range(24, 32), *range(48, 56)}  # of the selector: ticks, clock_s, sample_until_s


def file_with(action, weight=100):
    return balancer_file(
        service("web", VIP4, "web", "ipip", deny=["192.168.0.0/16"]),
        service("messages", VIP4, "web", "ipip", "5000-5009", "udp"),
        pool("web", [(f"b{i}", backend4(i), weight) for i in range(1, BACKENDS + 1)]),
        host={"audit_tables": action})


def wait_until(what, holds):
    """Seconds until it holds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() < began + PATIENCE_S, f"not within {PATIENCE_S} s: {what}"
        time.sleep(0.01)
    return time.monotonic() - began


def findings(bed, code):
    return [finding for finding in ControlSocket(bed.control).get("audit")["findings"] if finding["code"] == code]


def alerted(bed, *words):
    return any(all(word in alert for word in words) for alert in ControlSocket(bed.control).get("status")["alerts"])


def check_requests(bed, first_port, when):
    with bed.inside("client"):
        answers, failures = fetch_many(100, CLIENT4, VIP4, first_port)
    assert not failures, f"{when}: {failures[0]}"
    print(f"{when}: {dict(answers)}", flush=True)


@contextlib.contextmanager
def written(memory, at):
    """One byte is another meanwhile."""
    right = memory[at]
    memory[at] = right ^ 0x10
    try:
        yield
    finally:
        memory[at] = right


def first_of(bed, table):
    """Offset of the first row of the running slot that says anything."""
    slot = KernelState(bed.bpffs).current
    with pinned_map(bed.bpffs, table) as memory:
        size = ROW_BYTES[table]
        rows = len_of(bed, table) // size // SLOTS
        for row in range(rows * slot, rows * (slot + 1)):
            if any(memory[row * size:(row + 1) * size]):
                return row * size, row - rows * slot
    raise AssertionError(f"{table} is empty")


def len_of(bed, table):
    out = bed.run("balancer", "bpftool", "-j", "map", "show", "pinned", pin(bed.bpffs, table)).stdout
    shown = json.loads(out)
    return (shown["bytes_value"] + 7) // 8 * 8 * shown["max_entries"]


def ring_line(bed):
    """Line of the first service's ring (struct sf_service, ring_line)."""
    at, _ = first_of(bed, "sf_services")
    with pinned_map(bed.bpffs, "sf_services") as memory:
        return struct.unpack_from("<I", memory, at + 20)[0]


def places(bed):
    """(map, offsets of the bytes of one row, entry as findings name it) for every table."""
    for table, size in ROW_BYTES.items():
        at, entry = first_of(bed, table)
        yield table, range(at, at + size), entry
    line = ring_line(bed)
    yield "sf_rings", range(line * 64, line * 64 + 64), line
    slot = KernelState(bed.bpffs).current
    at = SELECTOR_BYTES + slot * SLOT_BYTES
    yield "sf_control", range(at, at + SLOT_BYTES), 0


def check_every_byte(bed):
    """A whole audit names each byte's field, and nothing once it is right again."""
    assert not findings(bed, "SF901")
    for table, offsets, entry in places(bed):
        fields = set()
        with pinned_map(bed.bpffs, table) as memory:
            for at in offsets:
                with written(memory, at):
                    found = findings(bed, "SF901")
                assert len(found) == 1, f"{table} byte {at}: {found}"
                assert f"{table} entry {entry} of slot " in found[0]["message"], found
                fields.add(found[0]["message"].split(": ", 1)[1].split(" is ")[0])
        assert not findings(bed, "SF901"), table
        print(f"{table}: {len(offsets)} bytes, {len(fields)} fields named", flush=True)


def check_selector(bed):
    """Every word of the selector that decides where packets go."""
    offsets = [at for at in range(SELECTOR_BYTES) if at not in MOVING]
    deadline = range(16, 24)  # the timer acts upon it at once
    with pinned_map(bed.bpffs, "sf_control") as memory:
        for at in offsets:
            if at in deadline:
                continue
            with written(memory, at):
                found = findings(bed, "SF901")
            assert any("selector." in finding["message"] for finding in found), f"selector byte {at}: {found}"
    print(f"selector: {len(offsets) - len(deadline)} bytes named", flush=True)


def measure(bed, rounds):
    """Seconds from a write to its finding by the rolling audit, all maps."""
    delays = []
    for number in range(rounds):
        wait_until("nothing is wrong", lambda: not alerted(bed, "SF901"))
        with contextlib.ExitStack() as stack:
            waiting = {}
            for table, offsets, entry in places(bed):
                memory = stack.enter_context(pinned_map(bed.bpffs, table))
                stack.enter_context(written(memory, offsets[number % len(offsets)]))
                waiting[f"{table} entry {entry} "] = time.monotonic()
            while waiting:
                alerts = "\n".join(ControlSocket(bed.control).get("status")["alerts"])
                for name in [name for name in waiting if "SF901" in alerts and name in alerts.split("SF901", 1)[1]]:
                    delays.append(time.monotonic() - waiting.pop(name))
                assert all(time.monotonic() < began + PATIENCE_S for began in waiting.values()), waiting
                time.sleep(0.01)
    return delays


def check_repair(bed):
    """The daemon writes the generation anew; packets never notice."""
    generation = ControlSocket(bed.control).get("status")["generation"]
    at, _ = first_of(bed, "sf_backends")
    with pinned_map(bed.bpffs, "sf_backends") as memory:
        memory[at + 15] ^= 0x10
    took = wait_until("the write is put right", lambda: alerted(bed, "SF905", "backend/web/b", "written anew"))
    status = ControlSocket(bed.control).get("status")
    assert status["generation"] == generation and status["audit"]["repairs"] == 1, status
    assert not findings(bed, "SF901")
    print(f"put right after {took:.1f} s", flush=True)


def attached(bed):
    return "xdp" in bed.run("balancer", "ip", "link", "show", "eth0").stdout


def check_program(bed):
    link = json.loads(bed.run("balancer", "bpftool", "-j", "link", "show", "pinned",
                              pin(bed.bpffs, "link-native-eth0")).stdout)
    bed.run("balancer", "bpftool", "link", "detach", "id", link["id"])
    took = wait_until("SF902 is said and the program attached again",
                      lambda: alerted(bed, "SF902", "eth0", "attached again") and attached(bed))
    print(f"detached: said and attached again after {took:.2f} s", flush=True)
    check_requests(bed, 22000, "after the program was detached")


def check_route(bed):
    bed.shell("balancer", "ip route delete 10.0.2.0/24 dev eth0")
    took = wait_until("SF709 is said", lambda: alerted(bed, "SF709", "backend/web/b1"))
    bed.shell("balancer", "ip route add 10.0.2.0/24 dev eth0")
    wait_until("it is no longer said", lambda: not alerted(bed, "SF709"))
    print(f"route deleted: said after {took:.2f} s", flush=True)
    bed.shell("balancer", "ip neigh flush dev eth0")
    check_requests(bed, 23000, "after the neighbours were flushed")


def check_lost_state(bed, daemon):
    """What runs goes on; the file on disk, which is another one, does not take its place."""
    assert bed.end(daemon) == 0
    shutil.rmtree(bed.folder / "state")
    bed.steadfastd(file_with("repair", weight=7))
    assert alerted(bed, "SF903")
    weights = {backend["weight"] for backend in bed.ask("show", "backends")["backends"]}
    assert weights == {100}, weights
    check_requests(bed, 24000, "without the state directory")
    edit = bed.steadfast("backend", "drain", "web", "b1", check=False)
    assert edit.returncode == 1 and "SF903" in edit.stdout, edit
    codes = {finding["code"] for finding in ControlSocket(bed.control).get("audit")["findings"]}
    assert {"SF903", "SF908"} <= codes, codes
    bed.steadfast("confirm")
    assert not alerted(bed, "SF903")
    bed.steadfast("backend", "drain", "web", "b1")
    check_requests(bed, 25000, "confirmed")


def main():
    need_traffic()
    measured = len(sys.argv) > 1
    with Testbed("audit", BACKENDS) as bed:
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number)
        daemon = bed.steadfastd(file_with("report"))
        wait_until("every next hop is resolved", lambda: ControlSocket(bed.control).get("status")["unresolved_next_hops"] == 0)
        check_every_byte(bed)
        check_selector(bed)
        delays = measure(bed, int(sys.argv[1]) if measured else 1)
        print(f"{len(delays)} of {len(delays)} found; median {statistics.median(delays):.1f} s, "
              f"latest {max(delays):.1f} s after the write", flush=True)
        (bed.folder / "repair.toml").write_text(file_with("repair"))
        bed.steadfast("apply", bed.folder / "repair.toml", "--reason", "test")
        check_repair(bed)
        check_program(bed)
        check_route(bed)
        check_lost_state(bed, daemon)
    if measured and max(delays) > PROMISED_S:
        sys.exit(f"later than {PROMISED_S} s")


if __name__ == "__main__":
    main()
