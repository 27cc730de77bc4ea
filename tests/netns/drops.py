#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Dropped packets, live: `drops --follow` names what a real daemon drops, and
`drops --pcap` writes what tshark reads, with the verdict as the packet's comment.
Nothing is sampled for a listener that has gone, or whose daemon was killed."""
import contextlib
import json
import pathlib
import signal
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from kernel_state import KernelState  # noqa: E402
from packets import Wire, ethernet, ip, tcp, udp  # noqa: E402
from testbed import CLIENT4, VIP4, Testbed, backend4, need_traffic, program  # noqa: E402

BALANCER_MAC = "02:00:00:00:02:02"
PATIENCE_S = 30
FILE = balancer_file(service("web", VIP4, "web", "ipip", deny=["203.0.113.0/24"]),
                     service("dns", VIP4, "web", "ipip", 53, "udp", deny=["198.18.0.0/15"]),
                     pool("web", [("b1", backend4(1), 100)]))
DENIED = ethernet(BALANCER_MAC, ip("203.0.113.7", VIP4, 6, tcp("203.0.113.7", 40000, VIP4, 80, payload=b"x" * 300)))
DENIED_UDP = ethernet(BALANCER_MAC, ip("198.18.0.9", VIP4, 17, udp("198.18.0.9", 5353, VIP4, 53, b"query")))
CUT = ethernet(BALANCER_MAC, ip(CLIENT4, VIP4, 6, tcp(CLIENT4, 40000, VIP4, 80))[:12])


def is_sampling(bed):
    state = KernelState(bed.bpffs)
    return state.clock_s < state.sample_until_s


def wait_until(holds, what):
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"not within {PATIENCE_S} s: {what}"
        time.sleep(0.05)


@contextlib.contextmanager
def following(bed, *words):
    """The verb while it listens; it has ended by itself when the block ends."""
    wait_until(lambda: not is_sampling(bed), "the listener before has gone")
    process = bed.spawn("balancer", program("steadfast"), "--control", bed.control, "drops", *words)
    wait_until(lambda: is_sampling(bed), "the program samples")
    yield process
    assert process.wait(PATIENCE_S) == 0, process.log.read_text()
    bed.processes.remove(process)


def send(bed, *frames):
    with bed.inside("client"), contextlib.closing(Wire()) as wire:
        for frame in frames:
            wire.send(frame)


def check_words(bed):
    with following(bed, "--follow", "--count", "3") as process:
        send(bed, DENIED, DENIED_UDP, CUT)
    lines = process.log.read_text().splitlines()
    assert "source_denied  web  eth0  354 bytes  tcp 203.0.113.7:40000 > 192.0.2.10:80 syn" in lines[0], lines
    assert "source_denied  dns  eth0" in lines[1] and "udp 198.18.0.9:5353 > 192.0.2.10:53" in lines[1], lines
    assert "truncated  -  eth0" in lines[2] and "45 00" in lines[2], lines
    print(*lines, sep="\n")


def check_json(bed):
    with following(bed, "--follow", "--count", "1", "--service", "dns", "--verdict", "source_denied", "--json") as process:
        send(bed, DENIED, CUT, DENIED_UDP)
    drop = json.loads(process.log.read_text())
    assert (drop["service"], drop["frame_bytes"]) == ("dns", len(DENIED_UDP)), drop
    assert bytes.fromhex(drop["bytes"]) == DENIED_UDP, drop


def check_capture(bed):
    path = bed.folder / "drops.pcapng"
    with following(bed, "--pcap", path, "--count", "2"):
        send(bed, DENIED, CUT)
    fields = ["frame.comment", "frame.len", "frame.cap_len", "frame.interface_name", "ip.src", "tcp.dstport"]
    words = [word for field in fields for word in ("-e", field)]
    rows = subprocess.run(["tshark", "-n", "-r", path, "-T", "fields", *words], check=True, capture_output=True,
                          text=True).stdout.splitlines()
    first, second = (row.split("\t") for row in rows)
    assert first[0].startswith("source_denied, service web: ") and second[0].startswith("truncated: "), rows
    assert first[1:] == [str(len(DENIED)), "128", "eth0", "203.0.113.7", "80"], rows
    age = time.time() - float(subprocess.run(["tshark", "-n", "-r", path, "-T", "fields", "-e", "frame.time_epoch"],
                                             check=True, capture_output=True, text=True).stdout.split()[0])
    assert 0 <= age < PATIENCE_S, f"the clock is off by {age} s"
    print(*rows, sep="\n")


def check_end(bed, daemon):
    """A listener that dies ends the sampling, and so does a daemon that is killed."""
    process = bed.spawn("balancer", program("steadfast"), "--control", bed.control, "drops", "--follow")
    wait_until(lambda: is_sampling(bed), "the program samples")
    bed.end(process, signal.SIGKILL)
    wait_until(lambda: not is_sampling(bed), "sampling ends with its listener")
    bed.spawn("balancer", program("steadfast"), "--control", bed.control, "drops", "--follow")
    wait_until(lambda: is_sampling(bed), "the program samples again")
    bed.end(daemon, signal.SIGKILL)
    wait_until(lambda: not is_sampling(bed), "sampling ends with its daemon")


def main():
    need_traffic("tshark")
    with Testbed("drops", 1) as bed:
        daemon = bed.steadfastd(FILE)
        assert not is_sampling(bed)
        check_words(bed)
        check_json(bed)
        check_capture(bed)
        check_end(bed, daemon)


if __name__ == "__main__":
    main()
