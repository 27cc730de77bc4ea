# SPDX-License-Identifier: Apache-2.0
"""A messaging service with people on it: ten hosts behind a balancer, changes that
break three of them as in INC-01, and what the users live through meanwhile."""
import collections
import dataclasses
import json
import pathlib
import shutil
import signal
import sys
import time

from balancer_file import balancer_file, pool, service
from control_socket import ControlSocket
from kernel_state import KernelState
from testbed import VIP4, Testbed, backend4

HERE = pathlib.Path(__file__).resolve().parent
PORT = 5222
HOSTS = 10
BROKEN = (8, 9, 10)  # the backends that a change breaks
WITHOUT_VIP = (11, 12, 13)  # hosts that have the server and open the tunnel
USERS = 300
LATE_S = 0.9  # a second SYN follows after one second
PATIENCE_S = 60
CHECK = {"type": "tcp", "interval": "2s", "timeout": "1s", "fall": 3, "rise": 2}
# What becomes of msg-08, msg-09 and msg-10 (INC-01 a, d, c), or of the service (e).
ADDRESSES = {
    "wrong network": lambda number: f"10.0.22.{10 + number}",
    "nobody there": lambda number: f"10.0.2.{240 + number}",
    "no VIP": lambda number: backend4(WITHOUT_VIP[BROKEN.index(number)]),
}
FORWARDS = {"wrong encapsulation": "gue"}


def name_of(number):
    return f"msg-{number:02}"


CULPRITS = {f"backend/messaging/{name_of(number)}" for number in BROKEN}


def file_of(change=None):
    """The text of the balancer's file, as it is or as the change would have it."""
    addresses = [ADDRESSES.get(change, backend4)(number) if number in BROKEN else backend4(number)
                 for number in range(1, HOSTS + 1)]
    members = [(name_of(number), address, 100) for number, address in enumerate(addresses, 1)]
    return balancer_file(service("messaging", VIP4, "messaging", FORWARDS.get(change, "ipip"), PORT),
                         pool("messaging", members, min_healthy="50%", health=CHECK), flows="64K")


@dataclasses.dataclass
class Deed:
    """One login or message of one user, in Unix time."""

    user: int
    began: float
    ended: float
    kind: str
    host: str

    @property
    def answered(self):
        return self.host != "-"

    @property
    def failed(self):
        """Also when only a second SYN was answered: nobody calls that service."""
        return not self.answered or self.ended - self.began > LATE_S


class Messaging:
    """with Messaging() as town: …"""

    def __init__(self):
        self.bed = Testbed("incident", HOSTS + len(WITHOUT_VIP))
        self.daemon = None
        self.journal = None
        self.changes = 0

    def __enter__(self):
        self.bed.__enter__()
        try:
            self.equip()
        except BaseException:
            self.bed.close()
            raise
        return self

    def __exit__(self, *problem):
        return self.bed.__exit__(*problem)

    def equip(self):
        for number in range(1, self.bed.backends + 1):
            self.bed.decap(number, "--gue-port", "0")
            if number in WITHOUT_VIP:
                self.bed.shell(f"b{number}", f"ip address del {VIP4}/32 dev lo")
            self.bed.spawn_listening(f"b{number}", PORT, sys.executable, HERE / "chat_server.py", f"b{number}", PORT)

    def start(self):
        """A daemon that takes over what the kernel runs; users notice nothing."""
        if self.daemon:
            self.bed.end(self.daemon)
        # Runs follow each other within a minute and would be one incident.
        shutil.rmtree(self.bed.folder / "state" / "incidents", ignore_errors=True)
        self.daemon = self.bed.steadfastd(file_of())
        until(self.is_well, "every backend is up and the users are counted")

    def kill(self):
        self.bed.end(self.daemon, signal.SIGKILL)

    def open_the_doors(self):
        self.journal = self.bed.folder / "users"
        self.bed.spawn("client", sys.executable, HERE / "chat_users.py", VIP4, PORT, USERS, self.journal)

    def deeds(self, since=0.0):
        """All that has ended of what users began since then."""
        rows = (line.split() for line in self.journal.read_text().splitlines(True) if line.endswith("\n"))
        deeds = (Deed(int(user), float(began), float(ended), *more) for user, began, ended, *more in rows)
        return [deed for deed in deeds if deed.began >= since]

    # --- what an operator types ---

    def changed(self, change):
        """The file of a change, as somebody would hand it in."""
        self.changes += 1
        path = self.bed.folder / f"messaging-{self.changes}.toml"
        # The same bytes again would be in quarantine after a rollback.
        path.write_text(f"# change {self.changes}\n" + file_of(change))
        return path

    def apply(self, path, *more):
        """(exit code, outcome) of steadfast apply."""
        ran = self.bed.steadfast("apply", path, *more, "--json", check=False)
        return ran.returncode, json.loads(ran.stdout)

    def get(self, what):
        return ControlSocket(self.bed.control).get(what)

    def status(self):
        return self.get("status")

    def generation(self):
        """That packets meet, asked of the kernel: the daemon may be dead."""
        return KernelState(self.bed.bpffs).generation

    def health(self):
        return {row["name"]: row["health"] for row in self.get("backends")["backends"]}

    def is_well(self):
        """Every backend has all its flows, and the recorder knows what users do."""
        weighed = ControlSocket(self.bed.control).is_weighed()
        return weighed and all(row["state"] == "up" and row["share"] == 1 for row in self.health().values())


def until(holds, what, patience_s=PATIENCE_S):
    deadline = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError(f"not within {patience_s} s: {what}")
        time.sleep(0.1)


def stranded(deeds):
    """(user, from, until) of everybody who got no answer in time: from the first packet
    that had none to the first that had one again."""
    of_user = collections.defaultdict(list)
    for deed in deeds:
        of_user[deed.user].append(deed)
    for user, each in of_user.items():
        since = None
        for deed in sorted(each, key=lambda deed: deed.began):
            if deed.failed:
                since = since or deed.began
            if since and deed.answered:
                yield user, since, deed.ended if deed.failed else deed.began
                since = None
        if since:
            yield user, since, float("inf")
