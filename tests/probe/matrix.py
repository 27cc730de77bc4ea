#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""matrix.py MODE: a probe along the packets' path passes on a backend that is
whole, and each fault of a backend is named, in one forwarding mode."""
import contextlib
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from testbed import VIP4, VIP6, Testbed, backend4, backend6, build_folder, need_traffic  # noqa: E402

BALANCER4, BALANCER6 = "10.0.2.2", "2001:db8:2::2"
TUNNEL_DEVICE = 100  # tunnel_leg.bpf.c

# mode: forward, family of the VIP, family of the backend
MODES = {f"{forward}_{vip}in{backend}" if forward != "l2" else f"l2_{vip}": (forward, vip, backend)
         for forward in ("l2", "ipip", "gue") for vip in (4, 6) for backend in (4, 6)
         if forward != "l2" or vip == backend}


class Ward:
    """One backend in one mode, and what is done to it."""

    def __init__(self, bed, mode):
        self.bed = bed
        self.forward, self.family, self.backend_family = MODES[mode]
        self.vip = VIP4 if self.family == 4 else VIP6
        self.backend = (backend4 if self.backend_family == 4 else backend6)(1)
        self.config = bed.folder / "probe.toml"
        self.config.write_text(balancer_file(service("web", self.vip, "web", self.forward),
                                             pool("web", [("b1", self.backend, 100)])))
        self.decap = self.web = None

    @property
    def tunnels(self):
        return self.forward != "l2"

    def probe(self, *more):
        words = ["--config", self.config, "--service", "web", "--backend", "b1", "--timeout-ms", "1500",
                 "--inner-source", BALANCER4 if self.family == 4 else BALANCER6, *more]
        run = self.bed.run("balancer", build_folder() / "tests" / "probe" / "probe_once", *words, check=False)
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    def start(self):
        self.start_decap()
        self.web = self.bed.nginx(1)

    def start_decap(self):
        self.decap = self.bed.decap(1) if self.tunnels else None

    def expect(self, fault, code, what, deaf=None):
        seen = self.probe("--examine")
        assert (seen["fault"], seen["code"]) == (fault, code), f"{what}: {json.dumps(seen, indent=1)}"
        assert deaf is None or seen["deaf"] == deaf, f"{what}: {json.dumps(seen, indent=1)}"
        print(f"{what}: {code or 'healthy'} {fault} {seen['sentence']}")
        return seen


@contextlib.contextmanager
def changed(ward, there, back):
    ward.bed.shell("b1", *there)
    try:
        yield
    finally:
        ward.bed.shell("b1", *back)


def healthy(ward):
    seen = ward.expect("", "", "whole")
    assert seen["full"]["full_bytes"] == 1500 - overhead(ward), seen
    assert ward.probe()["outcome"] == "passed"
    assert ward.probe("--independent")["outcome"] == "refused", "nginx listens on the VIP alone"


def overhead(ward):
    if not ward.tunnels:
        return 0
    return (20 if ward.backend_family == 4 else 40) + (8 if ward.forward == "gue" else 0)


def no_decapsulation(ward):
    if not ward.tunnels:
        return
    ward.bed.end(ward.decap)
    ward.expect("no_decapsulation", "SF802", "no decapsulation")
    ward.start_decap()


def vip_missing(ward):
    if ward.family == 4:
        there, back = f"ip address delete {VIP4}/32 dev lo", f"ip address add {VIP4}/32 dev lo"
    else:
        there, back = f"ip address delete {VIP6}/128 dev lo", f"ip address add {VIP6}/128 dev lo nodad"
    with changed(ward, [there], [back]):
        ward.expect("vip_missing", "SF802", "VIP missing")


def mtu_hole(ward):
    ward.bed.shell("switch", "ip link set b1 mtu 1280")
    try:
        ward.expect("mtu_hole", "SF804", "MTU hole")
    finally:
        ward.bed.shell("switch", "ip link set b1 mtu 1600")


def other_server(ward, address):
    """A server on `address` of the backend in place of the one on the VIP."""
    word = f"[{address}]" if ":" in address else address
    folder = ward.bed.folder / f"other-{len(ward.bed.processes)}"
    folder.mkdir()
    (folder / "nginx.conf").write_text(f"""daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}} http {{ access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
server {{ listen {word}:80; location / {{ return 200 "other"; }} }} }}""")
    return ward.bed.spawn_listening("b1", 80, "nginx", "-p", folder, "-c", folder / "nginx.conf", "-e", folder / "log")


def port_closed_and_reset(ward):
    ward.bed.end(ward.web)
    ward.expect("port_closed", "SF801", "port closed")
    other = other_server(ward, ward.backend)
    ward.expect("reset_by_vip", "SF806", "reset by the VIP", deaf=True)
    with contextlib.ExitStack() as stack:
        if ward.tunnels:
            ward.bed.end(ward.decap)
            stack.callback(ward.start_decap)
            ward.expect("no_decapsulation", "SF802", "healthy but deaf", deaf=True)
    ward.bed.end(other)


def wrong_source(ward):
    """NAT on the way back: the backend's own address, and one that is nobody's."""
    family, own = ("ip", backend4(1)) if ward.family == 4 else ("ip6", backend6(1))
    for source in (own, "10.0.2.77" if ward.family == 4 else "2001:db8:2::77"):
        # Connection tracking would undo it on the way back; raw packets are rewritten one by one.
        there = ["nft add table netdev wrong",
                 "nft add chain netdev wrong out '{ type filter hook egress device eth0 priority 0; }'",
                 f"nft add rule netdev wrong out {family} saddr {ward.vip} {family} saddr set {source}"]
        with changed(ward, there, ["nft delete table netdev wrong"]):
            seen = ward.expect("wrong_source", "SF803", f"answers from {source}")
            assert source in seen["small"]["wrong_source"], seen


def reverse_path(ward):
    """What the tunnel brings arrives on a device that is not the way back."""
    if not ward.tunnels or ward.family != 4:
        return
    ward.bed.end(ward.decap)
    leg = build_folder() / "tests" / "probe" / "tunnel_leg.bpf.o"
    mac = "02:00:00:00:02:0b"
    there = [f"ip link add tun0 index {TUNNEL_DEVICE} type veth peer name tun1 address {mac}",
             "ip link set tun0 up", "ip link set tun1 up", "tc qdisc add dev eth0 clsact",
             f"tc filter add dev eth0 ingress bpf direct-action object-file {leg} section tc"]
    with changed(ward, there, ["tc qdisc delete dev eth0 clsact", "ip link delete tun0"]):
        decap = ward.bed.spawn("b1", build_folder() / "tools" / "steadfast-decap" / "steadfast-decap", "--device", "tun1",
                               "--local", backend4(1), "--local", backend6(1), ready=True)
        ward.expect("", "", "through a tunnel device")
        with changed(ward, ["sysctl -qw net.ipv4.conf.tun1.rp_filter=1"], ["sysctl -qw net.ipv4.conf.tun1.rp_filter=0"]):
            # The check is IPv4's alone: an IPv6 address cannot be asked in the VIP's place.
            fault = "dropped_behind_tunnel" if ward.backend_family == 4 else "vip_missing"
            seen = ward.expect(fault, "SF802", "rp_filter strict")
            assert "reverse-path check" in seen["sentence"], seen
        ward.bed.end(decap)
    ward.start_decap()


def host_silent(ward):
    ward.bed.shell("b1", "ip link set eth0 down")
    ward.expect("host_silent", "SF801", "host down")


def leaves_nothing(ward):
    for point in ("ingress", "egress"):
        left = ward.bed.run("balancer", "tc", "filter", "show", "dev", "eth0", point).stdout
        assert not left, left


def main(mode):
    need_traffic("nft", "tc")
    with Testbed("probe" + mode, 1) as bed:
        ward = Ward(bed, mode)
        ward.start()
        for step in (healthy, no_decapsulation, vip_missing, mtu_hole, wrong_source, reverse_path,
                     port_closed_and_reset, leaves_nothing, host_silent):
            step(ward)


if __name__ == "__main__":
    main(sys.argv[1])
