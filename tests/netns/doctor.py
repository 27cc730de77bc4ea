#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each fault of a host that can be made for real is made, and the doctor names
exactly it; a sound host has none. Then the same host with a daemon: apply refuses
what the host would hurt, and a backend that lacks something is told what."""
import contextlib
import json
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from balancer_file import balancer_file, pool, service  # noqa: E402
from testbed import ROOT, VIP4, Testbed, backend4, build_folder, need_traffic  # noqa: E402

OK, REFUSED, GATED = 0, 1, 4
HEALTH = {"type": "tcp", "interval": "1s", "timeout": "500ms", "fall": 3, "rise": 2}
ABI = re.search(r"SF_ABI_VERSION\s+(\d+)", (ROOT / "bpf" / "abi.h").read_text())[1]


def config(*more, count=2, **host):
    backends = [(f"b{i}", backend4(i), 100) for i in range(1, count + 1)]
    return balancer_file(service("web", VIP4, "web", "ipip"),
                         pool("web", backends + list(more), min_healthy="50%", health=HEALTH), **host)


class Doctor:
    """Asked about a file, or about what a daemon runs."""

    def __init__(self, bed):
        self.bed = bed
        self.file = bed.folder / "doctor.toml"
        self.bpffs = bed.bpffs

    def about(self, text):
        self.file.write_text(text)
        return self.says(self.file, "--bpffs", self.bpffs)

    def says(self, *words):
        ended = self.bed.steadfast("doctor", *words, "--json", check=False)
        assert ended.stdout, f"exit {ended.returncode}: {ended.stderr}"
        answer = json.loads(ended.stdout)
        return ended.returncode, answer["findings"]


def brief(findings):
    return [(one["code"], one["severity"], one["object"]) for one in findings]


def expect(answer, code, *wanted):
    ended, findings = answer
    assert brief(findings) == list(wanted), json.dumps(findings, indent=1)
    assert ended == code, f"exit {ended} instead of {code}"
    for one in findings:
        assert one["fix"], one
        print(f"  {one['code']} {one['message']}\n        fix: {one['fix']}")


@contextlib.contextmanager
def while_(bed, commands, undo):
    bed.shell("balancer", *commands)
    try:
        yield
    finally:
        bed.shell("balancer", *undo)


@contextlib.contextmanager
def foreign_program(bed):
    program = build_folder() / "bpf" / "xdp_decap.bpf.o"
    with while_(bed, [f"ip link set dev eth0 xdpdrv obj {program} sec xdp"], ["ip link set dev eth0 xdpdrv off"]):
        yield


def nft(*rules):
    return [f"nft '{rule}'" for rule in rules]


def until_sound(doctor):
    """A link that was down carries frames again some time after it is up."""
    for _ in range(30):
        if not doctor.about(config())[1]:
            return
    expect(doctor.about(config()), OK)


def check_interfaces(bed, doctor):
    with while_(bed, ["ip link set eth0 down"], ["ip link set eth0 up"]):
        expect(doctor.about(config()), REFUSED, ("SF701", "error", "host/interface/eth0"))
    bed.shell("switch", "ip link set balancer down")
    expect(doctor.about(config()), REFUSED, ("SF701", "error", "host/interface/eth0"))
    bed.shell("switch", "ip link set balancer up")
    until_sound(doctor)
    expect(doctor.about(config(interfaces=("eth0", "eth7"))), REFUSED, ("SF701", "error", "host/interface/eth7"))
    bed.add_leg("balancer", "eth1", "aside", "eth0")
    with while_(bed, ["ip link set eth1 mtu 9000"], ["ip link delete eth1"]):
        expect(doctor.about(config(interfaces=("eth0", "eth1"))), REFUSED, ("SF703", "error", "host/interface/eth1"))
    with foreign_program(bed):
        expect(doctor.about(config()), REFUSED, ("SF704", "error", "host/interface/eth0"))
    with while_(bed, ["ip link add mv0 link eth0 type macvlan", "ip link set mv0 up"], ["ip link delete mv0"]):
        expect(doctor.about(config(interfaces=("eth0", "mv0"))), GATED, ("SF702", "gate", "host/interface/mv0"))
        generic = config(interfaces=("eth0", "mv0")).replace('"native"', '"generic"')
        expect(doctor.about(generic), OK)


def check_sysctls(bed, doctor):
    strict, loose = "sysctl -qw net.ipv4.conf.eth0.rp_filter=1", "sysctl -qw net.ipv4.conf.eth0.rp_filter=0"
    with while_(bed, [strict], [loose]):
        expect(doctor.about(config()), OK, ("SF708", "warn", "host/interface/eth0"))
    # Checks leave by eth0 from an address of eth1: answers come in there.
    bed.add_leg("balancer", "eth1", "aside", "eth0")
    with while_(bed, ["ip address add 10.0.9.1/24 dev eth1", f"ip route add {backend4(2)} dev eth0 src 10.0.9.1",
                      "sysctl -qw net.ipv4.conf.eth1.rp_filter=1"], ["ip link delete eth1",
                                                                     f"ip route flush {backend4(2)}"]):
        expect(doctor.about(config()), REFUSED, ("SF708", "error", "host/interface/eth1"))
    with while_(bed, ["sysctl -qw net.ipv4.conf.eth0.arp_ignore=8"], ["sysctl -qw net.ipv4.conf.eth0.arp_ignore=0"]):
        expect(doctor.about(config()), REFUSED, ("SF708", "error", "host/interface/eth0"))


def check_routes(bed, doctor):
    for kind in ("blackhole", "unreachable", "prohibit"):
        with while_(bed, [f"ip route add {kind} {backend4(2)}"], [f"ip route del {kind} {backend4(2)}"]):
            expect(doctor.about(config()), REFUSED, ("SF709", "error", "backend/web/b2"))
    expect(doctor.about(config(("far", "203.0.113.9", 100))), REFUSED, ("SF709", "error", "backend/web/far"))
    expect(doctor.about(config(("absent", "10.0.2.99", 100))), REFUSED, ("SF710", "error", "backend/web/absent"))
    with while_(bed, ["ip rule add from 10.7.0.0/16 lookup 200"], ["ip rule del from 10.7.0.0/16 lookup 200"]):
        expect(doctor.about(config()), OK, ("SF716", "warn", "host/rule/32765"))
    with while_(bed, [f"ip address add {VIP4}/32 dev lo"], [f"ip address del {VIP4}/32 dev lo"]):
        expect(doctor.about(config()), OK, ("SF711", "warn", "service/web"))


def check_netfilter(bed, doctor):
    away = nft("delete table inet meddler")
    for hook, rule in (("output", "ip daddr 10.0.2.0/24 tcp dport 80 drop"), ("input", "tcp sport 80 drop"),
                       ("postrouting", 'oifname "eth*" meta l4proto tcp drop'),
                       ("prerouting", f"ip saddr {backend4(1)} drop")):
        made = nft(f"table inet meddler {{ chain c {{ type filter hook {hook} priority 0; {rule}; }}; }}")
        with while_(bed, made, away):
            expect(doctor.about(config()), REFUSED, ("SF712", "error", "host/nft/inet/meddler/c"))
    closed = nft("table inet meddler { chain c { type filter hook input priority 0; policy drop; iif lo accept; }; }")
    with while_(bed, closed, away):
        expect(doctor.about(config()), REFUSED, ("SF712", "error", "host/nft/inet/meddler/c"))
    # As operators guard a host: nothing of it stands in the way of checks or of packets.
    guarded = nft("table inet meddler { "
                  "chain in { type filter hook input priority 0; policy drop; iif lo accept; "
                  "ct state vmap { established : accept, related : accept, invalid : drop }; tcp dport 22 accept; }; "
                  "chain through { type filter hook forward priority 0; policy drop; }; "
                  "chain out { type filter hook output priority 0; ip protocol ipip drop; udp dport 6080 drop; "
                  f"ip daddr {VIP4} drop; }}; }}")
    with while_(bed, guarded, away):
        expect(doctor.about(config()), OK)


def check_pins(bed, doctor):
    stranger = pathlib.Path(bed.bpffs) / f"v{ABI}" / "sf_services"
    stranger.parent.mkdir(parents=True, exist_ok=True)
    bed.run("balancer", "bpftool", "map", "create", stranger, "type", "hash", "key", "4", "value", "4", "entries", "1",
            "name", "stranger")
    expect(doctor.about(config()), REFUSED, ("SF717", "error", "host/bpffs/sf_services"))
    stranger.unlink()
    doctor.bpffs = bed.folder / "plain"
    expect(doctor.about(config()), REFUSED, ("SF717", "error", "host/bpffs"))
    doctor.bpffs = bed.bpffs


def apply(bed, text, *more):
    path = bed.folder / "next.toml"
    path.write_text(text)
    ended = bed.steadfast("apply", path, "--json", "--reason", "a test", *more, check=False)
    return ended.returncode, json.loads(ended.stdout)


def refused_as(answer, *wanted):
    ended, outcome = answer
    said = [each for each in brief(outcome["findings"]) if each[0] in ("SF701", "SF709", "SF710", "SF712")]
    assert said == list(wanted), json.dumps(outcome, indent=1)
    print(f"  apply: {outcome['verdict']}, checked in {outcome['timings']['check_ms']:.1f} ms")
    return ended


def check_apply(bed):
    drop = nft("table inet meddler { chain c { type filter hook output priority 0; tcp dport 80 drop; }; }")
    with while_(bed, drop, nft("delete table inet meddler")):
        ended = refused_as(apply(bed, config(count=3)), ("SF712", "error", "host/nft/inet/meddler/c"))
        assert ended == REFUSED
        # What runs already is not this change's fault.
        assert refused_as(apply(bed, config().replace("weight = 100", "weight = 90"))) == OK
    assert refused_as(apply(bed, config(count=3))) == OK
    assert refused_as(apply(bed, config(count=3, interfaces=("eth0", "eth7"))),
                      ("SF701", "error", "host/interface/eth7")) == REFUSED
    absent = config(("absent", "10.0.2.99", 1), count=3)
    ended, outcome = apply(bed, absent)
    assert ended == GATED and ("SF801", "gate", "backend/web/absent") in brief(outcome["findings"]), outcome
    ended, outcome = apply(bed, absent, "--accept", "SF801:backend/web/absent")
    assert ended == OK and ("SF710", "warn", "backend/web/absent") in brief(outcome["findings"]), outcome


def check_backends(bed, doctor, decaps, servers):
    expect(doctor.says("--backend", "web/b1"), OK)
    bed.end(decaps[2])
    ended, findings = doctor.says("--backend", "web/b2")
    assert [one["code"] for one in findings][0] == "SF802", findings
    print(f"  {findings[0]['message']}")
    bed.end(servers[1])
    ended, findings = doctor.says("--backend", "web/b1")
    assert ended == GATED and brief(findings)[0] == ("SF801", "gate", "backend/web/b1"), findings
    print(f"  {findings[0]['message']}\n        fix: {findings[0]['fix']}")
    unknown = bed.steadfast("doctor", "--backend", "web/nobody", check=False)
    assert unknown.returncode == 2 and "nobody" in unknown.stderr, unknown


def main():
    need_traffic("nft", "bpftool")
    with Testbed("doctor", backends=3) as bed:
        decaps = {number: bed.decap(number) for number in (1, 2, 3)}
        servers = {number: bed.nginx(number) for number in (1, 2, 3)}
        bed.add_host("aside")
        doctor = Doctor(bed)
        expect(doctor.about(config()), OK)
        for check in (check_interfaces, check_sysctls, check_routes, check_netfilter, check_pins):
            print(check.__name__)
            check(bed, doctor)
        expect(doctor.about(config()), OK)
        print("with a daemon")
        bed.steadfastd(config())
        expect(doctor.says(), OK)
        check_apply(bed)
        expect(doctor.says(), REFUSED, ("SF710", "error", "backend/web/absent"))
        assert apply(bed, config(count=3))[0] == OK
        expect(doctor.says(), OK)
        check_backends(bed, doctor, decaps, servers)


if __name__ == "__main__":
    main()
