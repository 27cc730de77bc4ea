#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`top` on a terminal of its own: it draws, follows keys and another size, says when
the daemon has gone, and leaves the terminal as it was, however it ends."""
import contextlib
import fcntl
import os
import pathlib
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from testbed import VIP4, Testbed, backend4, need_traffic, program  # noqa: E402

FILE = balancer_file(service("web", VIP4, "web", "ipip"), pool("web", [("b1", backend4(1), 100)]))
PATIENCE_S = 30
WHOLE_SCREEN, OWN_SCREEN = b"\x1b[?1049h", b"\x1b[?1049l"  # of xterm: takes it, gives it back


class Terminal:
    """The program on a terminal of this size."""

    def __init__(self, bed, width, height):
        self.ours, theirs = pty.openpty()
        self.theirs = theirs  # kept open: its settings are looked at in the end
        self.before = termios.tcgetattr(theirs)
        self.resize(width, height)
        self.output = b""
        self.process = subprocess.Popen([program("steadfast"), "--control", str(bed.control), "top"], stdin=theirs,
                                        stdout=theirs, stderr=theirs, start_new_session=True,
                                        env={**os.environ, "TERM": "xterm", "LC_ALL": "C.UTF-8"})

    def resize(self, width, height):
        fcntl.ioctl(self.ours, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def press(self, keys):
        os.write(self.ours, keys)

    def read(self, timeout_s):
        if select.select([self.ours], [], [], timeout_s)[0]:
            with contextlib.suppress(OSError):
                self.output += os.read(self.ours, 65536)

    def wait_for(self, text):
        """Drawn since the last call."""
        deadline = time.monotonic() + PATIENCE_S
        while text not in self.output:
            assert time.monotonic() < deadline, f"never drawn: {text}\n{self.output!r}"
            self.read(0.2)
        self.output = self.output[self.output.index(text) + len(text):]

    def ended(self):
        """Its exit code, with the terminal as it was."""
        deadline = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < deadline, "it does not end"
            self.read(0.2)
        self.read(0)
        assert OWN_SCREEN in self.output, self.output
        assert termios.tcgetattr(self.theirs) == self.before, "the terminal is not as it was"
        return self.process.returncode

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.ours)
        os.close(self.theirs)


@contextlib.contextmanager
def top(bed, width, height):
    with contextlib.closing(Terminal(bed, width, height)) as terminal:
        terminal.wait_for(WHOLE_SCREEN)
        terminal.wait_for(b"[Services]")
        yield terminal


def check_keys(bed):
    with top(bed, 40, 12) as terminal:
        terminal.resize(120, 40)
        os.kill(terminal.process.pid, signal.SIGWINCH)
        terminal.wait_for(f"{VIP4}:80".encode())  # there was no room for it
        terminal.press(b"\t")
        terminal.wait_for(b"[Backends]")
        terminal.wait_for(backend4(1).encode())
        terminal.press(b"sjk\x1b[A\t")
        terminal.wait_for(b"[Drops]")
        terminal.press(b"q")
        assert terminal.ended() == 0


def check_signals(bed):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        with top(bed, 80, 24) as terminal:
            os.kill(terminal.process.pid, number)
            assert terminal.ended() == -number


def check_lost_daemon(bed, daemon):
    with top(bed, 80, 24) as terminal:
        bed.end(daemon)
        terminal.wait_for(b"OLD")
        terminal.press(b"q")
        assert terminal.ended() == 0


def check_refusals(bed):
    answer = bed.steadfast("top", check=False)
    assert answer.returncode == 2 and "terminal" in answer.stderr, answer


def main():
    need_traffic()
    with Testbed("top", 1) as bed:
        daemon = bed.steadfastd(FILE)
        check_refusals(bed)
        check_keys(bed)
        check_signals(bed)
        check_lost_daemon(bed, daemon)


if __name__ == "__main__":
    main()
