#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`steadfast-decap check` on a backend where each fault is made in turn: the fault
is named, with a command; the command mends it, and nothing is found any more."""
import json
import pathlib
import shlex
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts" / "lib"))
from testbed import CLIENT4, VIP4, VIP6, Testbed, backend4, backend6, build_folder, need_traffic, program  # noqa: E402

TUNNEL = ("--device", "eth0", "--vip", VIP4, "--vip", VIP6, "--port", "tcp:80", "--client", CLIENT4, "--forward", "ipip",
          "--local", backend4(1), "--local", backend6(1))
L2 = ("--device", "eth0", "--vip", VIP4, "--vip", VIP6, "--port", "tcp:80", "--client", CLIENT4, "--forward", "l2")

# What breaks the backend, the question, and the findings: (code, object, words of the message).
FAULTS = [
    (f"ip address delete {VIP4}/32 dev lo", TUNNEL, [("SF802", f"vip/{VIP4}", "is no address of this host")]),
    (f"ip address delete {VIP6}/128 dev lo", TUNNEL, [("SF802", f"vip/{VIP6}", "is no address of this host")]),
    (f"ip address delete {backend4(1)}/24 dev eth0; ip route add {CLIENT4} dev eth0", TUNNEL,
     [("SF802", f"local/{backend4(1)}", "is no address of this host")]),
    ("ip link set dev eth0 mtu 1500", TUNNEL, [("SF804", "device/eth0", "takes packets of 1500 bytes")]),
    ("sysctl -qw net/ipv4/conf/eth0/rp_filter=1; ip route replace 10.0.2.1/32 dev other", TUNNEL,
     [("SF708", "device/eth0", "rp_filter of eth0 is 1 and replies to clients leave by other")]),
    ("sysctl -qw net/ipv4/conf/all/rp_filter=1", TUNNEL,
     [("SF708", "device/eth0", "rp_filter of eth0 is 1 and replies to clients leave by other")]),
    ("sysctl -qw net/ipv4/conf/all/arp_ignore=0", L2, [("SF708", f"vip/{VIP4}", "arp_ignore of eth0 is 0")]),
    ("sysctl -qw net/ipv4/conf/all/arp_announce=1", L2, [("SF708", f"vip/{VIP4}", "arp_announce of eth0 is 1")]),
    (f"ip address delete {VIP6}/128 dev lo; ip address add {VIP6}/128 dev eth0 nodad", L2,
     [("SF708", f"vip/{VIP6}", "stands on eth0")]),
    ("ip link set dev eth0 xdpdrv object {other_program} section xdp", TUNNEL,
     [("SF704", "device/eth0", "carries another XDP program")]),
]


def ask(bed, words, *more):
    outcome = bed.run("b1", program("steadfast-decap"), "check", *words, "--json", *more, check=False)
    answer = json.loads(outcome.stdout)
    assert outcome.returncode == (1 if answer["findings"] else 0), outcome
    return answer


def shell(bed, command):
    for words in command.split("; "):
        bed.run("b1", *shlex.split(words))


def check_fault(bed, break_it, words, expected):
    shell(bed, break_it)
    answer = ask(bed, words)
    found = answer["findings"]
    assert [(each["code"], each["object"]) for each in found] == [each[:2] for each in expected], found
    assert answer["errors"] + answer["warnings"] == len(found), answer
    for finding, (_, _, message) in zip(found, expected):
        assert message in finding["message"], finding
        print(f"{finding['code']} {finding['message']}\n  fix {finding['fix']}")
        shell(bed, finding["fix"])
    assert ask(bed, words)["findings"] == [], "the command of the finding does not mend it"


def check_listener(bed, server):
    """No command of ours starts a server; the finding goes when it is back."""
    bed.end(server)
    found = ask(bed, TUNNEL)["findings"]
    assert [each["object"] for each in found] == [f"listener/tcp {VIP4}:80", f"listener/tcp [{VIP6}]:80"], found
    assert {each["code"] for each in found} == {"SF801"}
    # Another port is no substitute.
    bed.nginx(1, 8080)
    assert len(ask(bed, TUNNEL)["findings"]) == 2
    bed.spawn_listening("b1", 80, "python3", "-m", "http.server", "80", "--bind", "::")
    assert ask(bed, TUNNEL)["findings"] == []


def check_start(bed):
    """The program warns of the same on its way up, and runs nevertheless."""
    bed.run("b1", "ip", "address", "delete", f"{VIP4}/32", "dev", "lo")
    running = bed.decap(1, "--vip", VIP4)
    words = running.log.read_text()
    assert f"SF802: the VIP {VIP4} is no address" in words and f"ip address add {VIP4}/32 dev lo" in words, words
    # Our own program is no foreign one.
    shell(bed, f"ip address add {VIP4}/32 dev lo")
    assert ask(bed, TUNNEL)["findings"] == []
    assert bed.decap_counts(running)["decapsulated"] == 0


def check_usage(bed):
    for words, complaint in ((("--device", "eth0"), "--vip is required"),
                             (("--device", "eth9", "--vip", VIP4), "eth9: No such device"),
                             (("--device", "eth0", "--vip", VIP4, "--port", "443"), "'443' is not a port"),
                             (("--device", "eth0", "--vip", "web"), "'web' is not an IPv4 or IPv6 address")):
        outcome = bed.run("b1", program("steadfast-decap"), "check", *words, check=False)
        assert outcome.returncode == 2 and complaint in outcome.stderr, (words, outcome)
    plain = bed.run("b1", program("steadfast-decap"), "check", *TUNNEL)
    assert plain.stdout == "no findings\n", plain


def main():
    need_traffic()
    other_program = build_folder() / "bpf" / "xdp_lb.bpf.o"
    with Testbed("decapcheck", backends=1) as bed:
        server = bed.nginx(1)
        shell(bed, "ip link add other type veth peer name far; ip link set other up; ip link set far up")
        check_usage(bed)
        assert ask(bed, L2)["findings"] == []
        for break_it, words, expected in FAULTS:
            check_fault(bed, break_it.format(other_program=other_program), words, expected)
        check_listener(bed, server)
        check_start(bed)


if __name__ == "__main__":
    main()
