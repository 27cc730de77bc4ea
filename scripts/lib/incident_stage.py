# SPDX-License-Identifier: Apache-2.0
"""Stage: a real balancer with real backends and real packets, on which one case
after another is played. The hosts stay; the daemon, its state and its pins are
new for every case.

Four hosts stand for any number of backends: each answers for many addresses,
opens the tunnels sent to them and has the web server of every VIP. So every
next hop resolves, health checks pass, and whoever gets an answer was forwarded.
"""
import collections
import contextlib
import json
import os
import pathlib
import selectors
import shutil
import signal
import socket
import subprocess
import time

import packets
from control_socket import ControlSocket
from testbed import CLIENT4, LISTEN, VIP4, Testbed, build_folder, program
from web_client import REQUEST

HOSTS = 4
FIRST_ALIAS, LAST_ALIAS = 20, 219  # 10.0.2.x, spread over the hosts in turn
VIPS = "192.0.2.0/24"
FABRIC_MTU = 1600  # scripts/netns
BALANCER_MAC = "02:00:00:00:02:02"
WEB_PORTS = (443, 8080)  # beside 80
SYNS = 40  # for each service: enough to be seen, few enough to cost nothing
LOT = 500  # packets at once: half of net.core.netdev_max_backlog
PATIENCE_S = 20


def alias(number):
    """The address of backend `number`, from 1."""
    return f"10.0.2.{FIRST_ALIAS + number - 1}"


def aliases_of(host):
    return [alias(i) for i in range(host, LAST_ALIAS - FIRST_ALIAS + 2, HOSTS)]


def local_words(host):
    return [word for address in aliases_of(host) for word in ("--local", address)]


def wait_until(holds, patience_s=PATIENCE_S, pause_s=0.02):
    """True as soon as it holds, False once patience is over."""
    deadline = time.monotonic() + patience_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause_s)
    return True


class Stage:
    """with Stage("incidents") as stage: …"""

    def __init__(self, label):
        self.bed = Testbed(label, HOSTS)
        self.daemon = None
        self.tunnels = {}
        self.next_port = 10000

    def __enter__(self):
        self.bed.__enter__()
        try:
            for number in range(1, HOSTS + 1):
                self.equip(number)
        except BaseException:
            self.bed.close()
            raise
        return self

    def __exit__(self, *problem):
        self.stop()
        return self.bed.__exit__(*problem)

    def open_tunnels(self, number):
        self.tunnels[number] = self.bed.decap(number, *local_words(number))

    def equip(self, number):
        addresses = aliases_of(number)
        batch = "".join(f"address add {address}/24 dev eth0\n" for address in addresses)
        with self.bed.inside(f"b{number}"):
            subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)
        self.open_tunnels(number)
        self.bed.shell(f"b{number}", f"ip route add local {VIPS} dev lo")
        self.bed.nginx(number, listen=("0.0.0.0", "::"), also=WEB_PORTS)

    def heal(self):
        """Whatever rule an event has left on a host goes."""
        for host in ["balancer"] + [f"b{number}" for number in range(1, HOSTS + 1)]:
            self.bed.run(host, "nft", "delete", "table", "inet", "meddler", check=False)
        self.bed.shell("switch", *[f"ip link set b{number} mtu {FABRIC_MTU}" for number in range(1, HOSTS + 1)])
        for number, process in list(self.tunnels.items()):
            if process.poll() is not None:
                self.take_tunnel_device(number)

    def take_tunnel_device(self, number):
        """An event has put a tunnel device in the place of the program on eth0."""
        pid = self.bed.folder / "tunnel.pid"
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            os.kill(int(pid.read_text()), signal.SIGTERM)
        pid.unlink(missing_ok=True)
        self.bed.run(f"b{number}", "tc", "qdisc", "delete", "dev", "eth0", "clsact", check=False)
        self.bed.run(f"b{number}", "ip", "link", "delete", "tun0", check=False)
        self.bed.end(self.tunnels[number])
        self.open_tunnels(number)

    # --- the balancer ---

    @property
    def state(self):
        return self.bed.folder / "state"

    def start(self, config):
        """A daemon that has never seen anything but `config`."""
        self.stop()
        self.daemon = self.bed.steadfastd(config, "--detach-on-exit")
        if not wait_until(lambda: self.status()["unresolved_next_hops"] == 0):
            raise RuntimeError("some next hop stays unresolved")

    def stop(self):
        """Ends whatever daemon runs here, also one that an event has started."""
        for pid in self.pids():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
                os.kill(pid, signal.SIGTERM)
        if self.daemon:
            self.bed.end(self.daemon)
        wait_until(lambda: not self.pids())
        self.daemon = None
        self.heal()
        shutil.rmtree(self.state, ignore_errors=True)
        shutil.rmtree(self.bed.bpffs, ignore_errors=True)
        pathlib.Path(f"{self.bed.control}.cut").unlink(missing_ok=True)

    def pids(self):
        """Daemons that serve this stage, whoever started them."""
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                words = (entry / "cmdline").read_bytes().split(b"\0")
                if words[0] == program("steadfastd").encode() and str(self.bed.control).encode() in words:
                    found.append(int(entry.name))
        return [pid for pid in found if not self.is_zombie(pid)]

    @staticmethod
    def is_zombie(pid):
        with contextlib.suppress(OSError):
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
        return True

    def remember(self, text):
        """How things are before the change, for comparison afterwards."""
        self.baseline_file.unlink(missing_ok=True)
        status = self.status()
        self.generation_before = status["generation"]
        self.digest_before = status["digest"]
        self.users_before = self.users(200) if is_for_users(text) else None

    @property
    def baseline_file(self):
        return self.bed.folder / "baseline.json"

    def baseline(self):
        """(generation, digest) that must still run: an event may have got there in steps."""
        if not self.baseline_file.exists():
            return self.generation_before, self.digest_before
        status = json.loads(self.baseline_file.read_text())
        return status["generation"], status["digest"]

    def restore_way_in(self):
        for pid in self.pids():
            os.kill(pid, signal.SIGCONT)
        cut = pathlib.Path(f"{self.bed.control}.cut")
        if cut.exists():
            cut.rename(self.bed.control)

    def status(self):
        return self.get("status")

    def running(self):
        """What must not change when a change is refused."""
        status = self.status()
        return status["generation"], status["digest"], self.get("config")["text"]

    def get(self, what):
        return ControlSocket(self.bed.control).get(what)

    def post(self, what, body):
        return ControlSocket(self.bed.control).post(what, body)

    # --- packets ---

    def ports(self, count):
        """Source ports that no flow has used before."""
        if self.next_port + count > 60000:
            self.next_port = 10000
        self.next_port += count
        return range(self.next_port - count, self.next_port)

    def endpoints(self):
        return [service["endpoint"] for service in self.get("services")["services"]]

    def send_traffic(self, each=SYNS, endpoints=None):
        """New flows for every service; returns how many packets were sent."""
        frames = [frame for endpoint in endpoints or self.endpoints() for frame in self.syns(endpoint, each)]
        with self.bed.inside("client"):
            wire = packets.Wire()
        for frame in frames:
            wire.send(frame)
        wire.close()
        return len(frames)

    def syns(self, endpoint, count):
        protocol, _, destination = endpoint.partition(" ")
        vip, _, port = destination.rpartition(":")
        for source in self.ports(count):
            if protocol == "udp":
                kind, body = 17, packets.udp(CLIENT4, source, vip, int(port), b"hello")
            else:
                kind, body = 6, packets.tcp(CLIENT4, source, vip, int(port))
            yield packets.ethernet(BALANCER_MAC, packets.ipv4(CLIENT4, vip, kind, body))

    def verdicts(self):
        """Packets of all services, by verdict."""
        sums = {}
        for service in self.get("services")["services"]:
            for verdict, count in service["verdicts"].items():
                sums[verdict] = sums.get(verdict, 0) + count["packets"]
        return sums

    def lots(self):
        """The services in groups whose packets a CPU's backlog holds."""
        endpoints, size = self.endpoints(), max(1, LOT // SYNS)
        return [endpoints[at:at + size] for at in range(0, len(endpoints), size)]

    def traffic_flows(self):
        """"" when new flows of every service are forwarded, else what is wrong."""
        before, sent = self.verdicts(), 0
        came = lambda: sum(self.verdicts().values()) - sum(before.values())
        for lot in self.lots():
            sent += self.send_traffic(endpoints=lot)
            if not wait_until(lambda: came() >= sent):
                return f"of {sent} packets only {came()} arrived"
        lost = not_forwarded(self.verdicts(), before)
        return f"new flows end as {lost}" if lost else ""

    def is_weighed(self):
        """The daemon knows rates: sent until then, for one look at the counters makes no rate."""
        self.send_traffic()
        return ControlSocket(self.bed.control).is_weighed()

    def users(self, count=60, patience_s=0.7):
        """Requests of `count` new users to the web VIP: answers by host, None for silence."""
        with self.bed.inside("client"):
            return ask_all(self.ports(count), patience_s)

    # --- what an operator types, and what else may happen ---

    def environment(self):
        """For an event: the CLI by its name, and all it takes to start a daemon."""
        return {
            "PATH": str(pathlib.Path(program("steadfast")).parent) + ":" + os.environ["PATH"],
            "STEADFAST_CONTROL": str(self.bed.control), "CONTROL": str(self.bed.control), "USER": "oncall",
            "STAGE": str(self.bed.folder), "BED": self.bed.name, "DAEMON_LOG": str(self.bed.folder / "event-steadfastd.log"),
            "DAEMON": " ".join([program("steadfastd"), "--config", str(self.bed.config), "--state", str(self.state),
                                "--control", str(self.bed.control), "--bpffs", self.bed.bpffs, "--listen", LISTEN,
                                "--detach-on-exit"]),
            "DAEMON_PID": str(self.daemon.pid), "TUNNEL_PID": str(self.tunnels[1].pid),
            "TUNNEL": " ".join([program("steadfast-decap"), *local_words(1)]),
            "TUNNEL_LEG": str(build_folder() / "tests" / "probe" / "tunnel_leg.bpf.o"),
        }

    def shell(self, words, folder):
        """A command on the balancer: (exit code, stdout, stderr, seconds)."""
        began = time.monotonic()
        with self.bed.inside("balancer"):
            ran = subprocess.run([str(word) for word in words], cwd=folder, capture_output=True, text=True,
                                 stdin=subprocess.DEVNULL, errors="replace",
                                 timeout=120, check=False, env={**os.environ, **self.environment()})
        return ran.returncode, ran.stdout, ran.stderr, time.monotonic() - began


def not_forwarded(after, before):
    return {name: after[name] - before.get(name, 0) for name in after
            if name != "forwarded" and after[name] != before.get(name, 0)}


def is_for_users(text):
    """The web servers answer for the VIP of this file."""
    return f'vip = "{VIP4}"' in text and "port = 80" in text


def ask_all(ports, patience_s):
    """Asks from all ports at once, so that silence costs `patience_s` however many are silent."""
    waiting = selectors.DefaultSelector()
    for port in ports:
        connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        connection.bind((CLIENT4, port))
        connection.connect_ex((VIP4, 80))
        waiting.register(connection, selectors.EVENT_WRITE)
    answers = collections.Counter()
    deadline = time.monotonic() + patience_s
    while waiting.get_map() and time.monotonic() < deadline:
        for key, _ in waiting.select(max(0, deadline - time.monotonic())):
            if proceed(waiting, key.fileobj, key.events, answers):
                waiting.unregister(key.fileobj)
                key.fileobj.close()
    for key in list(waiting.get_map().values()):
        answers[None] += 1
        key.fileobj.close()
    waiting.close()
    return answers


def proceed(waiting, connection, events, answers):
    """One step of one request: connected, then answered; True at its end."""
    try:
        if events == selectors.EVENT_WRITE:
            connection.sendall(REQUEST)
            waiting.modify(connection, selectors.EVENT_READ)
            return False
        # The answer is one segment: the body is the name of its host.
        answers[connection.recv(4096).decode().split()[-1]] += 1
    except (OSError, IndexError):
        answers[None] += 1
    return True
