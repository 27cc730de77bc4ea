# SPDX-License-Identifier: Apache-2.0
"""Testbed: the hosts of scripts/netns with servers, decapsulation and a daemon
on them, for the demo and the tests of real traffic.

Whatever is started here is known by its process id and ends with the Testbed,
whichever way that ends. Nothing waits by sleeping: a server is ready when it
says so (sd_notify) or when the command that starts it returns.
"""
import collections
import contextlib
import ctypes
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
VIP4, VIP6 = "192.0.2.10", "2001:db8::10"
LISTEN = "127.0.0.1:9180"  # of the daemon, inside host balancer
CLIENT4, CLIENT6 = "10.0.2.1", "2001:db8:2::1"
LARGE_BYTES = 1 << 20
READY_S = 60  # for a program to come up; sanitizers and busy machines are slow

SKIPPED = 77  # SKIP_RETURN_CODE of ctest
CLONE_NEWNET = 0x40000000

_libc = ctypes.CDLL(None, use_errno=True)


def build_folder():
    named = os.environ.get("STEADFAST_BUILD")
    return pathlib.Path(named).resolve() if named else ROOT / "build" / "release"


def program(name):
    return str(build_folder() / "tools" / name / name)


def backend4(number):
    return f"10.0.2.{10 + number}"


def backend6(number):
    return f"2001:db8:2::b{number}"


def why_impossible(*tools):
    """Why real traffic cannot be run here; empty when it can."""
    if os.geteuid() != 0:
        return "network namespaces and BPF need root"
    for tool in ("ip", "ethtool", "nsenter", "nginx", *tools):
        if not shutil.which(tool):
            return f"{tool} is not installed (scripts/deps)"
    probe = subprocess.run(["bpftool", "prog", "list"], capture_output=True, check=False)
    return "" if probe.returncode == 0 else "BPF is not permitted: " + probe.stderr.decode().strip()


def need_traffic(*tools):
    """Ends the test as skipped where it cannot run; as failed where it must."""
    reason = why_impossible(*tools)
    if not reason:
        return
    print("skipped:", reason)
    sys.exit(1 if os.environ.get("STEADFAST_REQUIRE_BPF") == "1" else SKIPPED)


def setns(path):
    with open(path, "rb") as namespace:
        if _libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
            code = ctypes.get_errno()
            raise OSError(code, f"{path}: {os.strerror(code)}")


class Readiness:
    """The socket of sd_notify for one process."""

    def __init__(self, folder, name):
        self.path = str(folder / f"{name}.notify")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)

    def wait(self, process, log):
        self.socket.settimeout(0.2)
        for _ in range(READY_S * 5):
            with contextlib.suppress(TimeoutError):
                if b"READY=1" in self.socket.recv(4096):
                    break
            if process.poll() is not None:
                raise RuntimeError(f"{process.args[0]} ended with {process.returncode}:\n{log.read_text()}")
        else:
            raise RuntimeError(f"{process.args[0]} is not ready after {READY_S} s:\n{log.read_text()}")
        self.socket.close()
        os.unlink(self.path)


class Testbed:
    """with Testbed("matrix") as bed: …"""

    def __init__(self, label, backends=4):
        self.name = (re.sub("[^a-z0-9]", "", label.lower()) + format(os.getpid(), "x"))[-16:]
        self.backends = backends
        self.keep = False  # leave everything standing; scripts/netns down takes it away
        self.folder = pathlib.Path("/run") / f"sf-{self.name}"
        self.control = self.folder / "control.sock"
        self.bpffs = f"/sys/fs/bpf/sf-{self.name}"
        self.processes = []
        self.started = 0

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        try:
            self.netns("up", self.name, str(self.backends))
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            self.tell_logs()
        if not self.keep:
            self.close()

    def tell_logs(self):
        for log in sorted(self.folder.glob("*.log")):
            words = log.read_text(errors="replace")[-4000:]
            if words:
                print(f"--- {log.name}\n{words}", file=sys.stderr)

    def close(self):
        while self.processes:
            self.end(self.processes[-1])
        self.netns("down", self.name)

    @staticmethod
    def netns(*words):
        environment = {**os.environ, "STEADFAST_BUILD": str(build_folder())}
        subprocess.run([ROOT / "scripts" / "netns", *words], check=True, env=environment)

    def add_host(self, host):
        """A namespace without an interface to the others; it goes with the Testbed."""
        subprocess.run(["ip", "netns", "add", f"sf-{self.name}-{host}"], check=True)
        self.shell(host, "ip link set lo up", "sysctl -qw net.ipv6.conf.all.accept_dad=0",
                   "sysctl -qw net.ipv6.conf.default.accept_dad=0", "sysctl -qw net.ipv4.conf.default.rp_filter=0",
                   "sysctl -qw net.ipv4.conf.all.rp_filter=0")

    def add_leg(self, host, interface, peer, peer_interface):
        """A veth between two hosts, up on both ends; checksums are finished before it."""
        subprocess.run(["ip", "-n", f"sf-{self.name}-{host}", "link", "add", interface, "type", "veth", "peer", "name",
                        peer_interface, "netns", f"sf-{self.name}-{peer}"], check=True)
        for end, device in ((host, interface), (peer, peer_interface)):
            self.shell(end, f"ip link set {device} up", f"ethtool -K {device} tx off")

    def shell(self, host, *commands):
        for command in commands:
            self.run(host, *shlex.split(command))

    def path_of(self, host):
        return f"/run/netns/sf-{self.name}-{host}"

    @contextlib.contextmanager
    def inside(self, host):
        """Sockets and processes made meanwhile belong to `host`. For one thread only."""
        home = open("/proc/self/ns/net", "rb")
        setns(self.path_of(host))
        try:
            yield
        finally:
            _libc.setns(home.fileno(), CLONE_NEWNET)
            home.close()

    def run(self, host, *words, check=True, timeout=120):
        with self.inside(host):
            return subprocess.run([str(word) for word in words], check=check, timeout=timeout,
                                  capture_output=True, text=True)

    def spawn(self, host, *words, ready=False):
        """A process in the foreground of `host`; `ready` waits for its sd_notify."""
        self.started += 1
        name = f"{self.started:02}-{host}-{pathlib.Path(words[0]).name}"
        log = self.folder / f"{name}.log"
        environment = dict(os.environ)
        readiness = Readiness(self.folder, name) if ready else None
        if readiness:
            environment["NOTIFY_SOCKET"] = readiness.path
        with self.inside(host), open(log, "wb") as output:
            process = subprocess.Popen([str(word) for word in words], stdin=subprocess.DEVNULL,
                                       start_new_session=True, stdout=output, stderr=subprocess.STDOUT, env=environment)
        process.log = log
        self.processes.append(process)
        if readiness:
            readiness.wait(process, log)
        return process

    def end(self, process, how=signal.SIGTERM, patience=20):
        if process in self.processes:
            self.processes.remove(process)
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        return process.returncode

    # --- what stands on a backend ---

    def decap(self, number, *more):
        return self.spawn(f"b{number}", program("steadfast-decap"), "--device", "eth0", "--local", backend4(number),
                          "--local", backend6(number), "--json", *more, ready=True)

    def decap_counts(self, process):
        """Ends the program; it prints its counters as the last line."""
        self.end(process)
        return json.loads(process.log.read_text().splitlines()[-1])

    def nginx(self, number, port=80, listen=(VIP4, VIP6), also=()):
        """On `port`, and on the ports `also`. Answers every request with the name of its backend, /upload with the bytes it
        was sent besides; /large is LARGE_BYTES long."""
        folder = self.folder / f"nginx-b{number}-{port}"
        folder.mkdir(exist_ok=True)
        (folder / "large").write_bytes(b"x" * LARGE_BYTES)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, number=number, listen=listens(listen, (port, *also))))
        return self.spawn_listening(f"b{number}", port, "nginx", "-p", folder, "-c", folder / "nginx.conf",
                                    "-e", folder / "error.log")

    def spawn_listening(self, host, port, *words):
        """A server that announces nothing: it is ready once its TCP port listens."""
        process = self.spawn(host, *words)
        for _ in range(READY_S * 20):
            listening = self.run(host, "ss", "-Hltn", f"sport = :{port}").stdout
            if listening:
                return process
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
                raise RuntimeError(f"{words[0]} ended with {process.returncode}:\n{process.log.read_text()}")
        raise RuntimeError(f"{words[0]} does not listen on {port}:\n{process.log.read_text()}")

    # --- the balancer ---

    def steadfastd(self, config, *more):
        """The daemon on host balancer, ready; `config` is the text of its file."""
        (self.folder / "state").mkdir(exist_ok=True)
        self.config = self.folder / "steadfast.toml"
        self.config.write_text(config)
        return self.spawn("balancer", program("steadfastd"), "--config", self.config, "--state",
                          self.folder / "state", "--control", self.control, "--bpffs", self.bpffs,
                          "--listen", LISTEN, *more, ready=True)

    def steadfast(self, *words, check=True):
        """The CLI's exit code, stdout and stderr."""
        return self.run("balancer", program("steadfast"), "--control", self.control, *words, check=check)

    def ask(self, *words):
        """What a verb prints with --json."""
        return json.loads(self.steadfast(*words, "--json").stdout)

    def verdicts(self):
        """Packets by verdict, of all services and of the host, from /metrics."""
        page = self.run("balancer", "curl", "-sSf", "-m", "10", f"http://{LISTEN}/metrics").stdout
        sums = collections.Counter()
        for line in page.splitlines():
            found = re.match(r'steadfast_(?:service|host)_packets_total\{.*verdict="(\w+)".*\} (\S+)', line)
            if found:
                sums[found[1]] += int(float(found[2]))
        return sums

    @contextlib.contextmanager
    def counting(self):
        """A Counter that holds, once the block has ended, its packets by verdict."""
        meanwhile, before = collections.Counter(), self.verdicts()
        yield meanwhile
        meanwhile.update(self.verdicts() - before)

    def balance(self):
        """(frames received, packets by verdict), read while nothing arrived in between."""
        for _ in range(100):
            before, verdicts, after = self.received(), self.verdicts(), self.received()
            if before == after:
                return before, verdicts
        raise RuntimeError("the balancer never stands still")

    def received(self):
        """Frames eth0 of the balancer has received, as its kernel counts them."""
        link = json.loads(self.run("balancer", "ip", "-s", "-j", "link", "show", "eth0").stdout)
        return link[0]["stats64"]["rx"]["packets"]


def listens(addresses, ports):
    ends = [f"[{address}]" if ":" in address else address for address in addresses]
    return "\n    ".join(f"listen {end}:{port} backlog=4096;" for end in ends for port in ports)


NGINX = """
daemon off;
master_process off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000;
  server {{
    {listen}
    location / {{ return 200 "b{number}\\n"; }}
    # Answered only when the whole body has been read; proxied for that reason alone.
    location = /upload {{
      client_max_body_size 0;
      proxy_pass http://unix:{folder}/read.sock:/;
    }}
    location = /large {{ alias {folder}/large; }}
  }}
  server {{
    listen unix:{folder}/read.sock;
    client_max_body_size 0;
    location / {{ return 200 "b{number} $content_length\\n"; }}
  }}
}}
"""
