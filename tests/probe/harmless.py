#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Probing leaves the host as it was: its own connections and others' filters live
on, what cannot be attached leaves nothing behind, and what a killed prober leaves
is replaced by the next one."""
import pathlib
import signal
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from matrix import Ward, need_traffic, other_server  # noqa: E402  (finds the testbed for both)
from testbed import READY_S, Testbed, backend4, build_folder  # noqa: E402

OURS = "0x5fad"  # handle of userspace/kernel/probe_path.cc
PROBER = build_folder() / "tests" / "probe" / "probe_once"


def filters(bed):
    return "".join(bed.run("balancer", "tc", "filter", "show", "dev", "eth0", point).stdout
                   for point in ("ingress", "egress"))


def words(ward):
    return ["--config", ward.config, "--service", "web", "--backend", "b1"]


def refused(ward, told, *run):
    answer = ward.bed.run("balancer", *run, check=False)
    assert answer.returncode == 2 and told in answer.stderr, answer
    assert OURS not in filters(ward.bed), filters(ward.bed)
    print(answer.stderr.splitlines()[0])


def all_or_nothing(ward):
    refused(ward, "interface nosuch0: No such device", PROBER, *words(ward), "--interface", "eth0", "--interface", "nosuch0")
    refused(ward, "not permitted", "setpriv", "--bounding-set", "-all", "--inh-caps", "-all", PROBER, *words(ward))
    refused(ward, "not permitted", "setpriv", "--bounding-set", "-net_admin", "--inh-caps", "-net_admin", PROBER,
            *words(ward))


def killed(ward):
    """A prober that is killed while it waits for an answer."""
    process = ward.bed.spawn("balancer", PROBER, *words(ward), "--check", "udp", "--timeout-ms", "600000")
    for _ in range(READY_S * 20):
        if filters(ward.bed).count(OURS) == 2:
            break
        try:
            process.wait(0.05)
        except subprocess.TimeoutExpired:
            continue
        raise RuntimeError(process.log.read_text())
    ward.bed.end(process, how=signal.SIGKILL)
    assert filters(ward.bed).count(OURS) == 2, "a filter outlives its process"


def own_connections_live(ward):
    for _ in range(20):
        page = ward.bed.run("balancer", "curl", "-sSf", "-m", "10", f"http://{backend4(1)}/").stdout
        assert page == "other", page


def foreign_filter(bed):
    """Somebody else's, behind ours in order: it takes away all UDP."""
    leg = build_folder() / "tests" / "probe" / "tunnel_leg.bpf.o"
    bed.shell("balancer", "tc qdisc replace dev eth0 clsact",
              f"tc filter add dev eth0 ingress prio 7777 handle 9 bpf direct-action object-file {leg} section tc")


def foreign_filter_sees_the_rest(ward):
    server = ward.bed.spawn("b1", sys.executable, HERE / "servers.py", "udp", backend4(1), 80, ready=True)
    assert ward.probe("--check", "udp", "--independent")["outcome"] == "no-answer"
    ward.bed.shell("balancer", "tc filter delete dev eth0 ingress prio 7777")
    assert ward.probe("--check", "udp", "--independent")["outcome"] == "passed"
    foreign_filter(ward.bed)
    ward.bed.end(server)


def main():
    need_traffic("tc", "setpriv", "curl")
    with Testbed("harmless", 1) as bed:
        ward = Ward(bed, "ipip_4in4")
        all_or_nothing(ward)
        foreign_filter(bed)
        ward.start()
        assert ward.probe()["outcome"] == "passed"
        assert "pref 7777" in filters(bed) and OURS not in filters(bed), filters(bed)
        foreign_filter_sees_the_rest(ward)
        bed.end(ward.web)
        server = other_server(ward, backend4(1))
        killed(ward)
        own_connections_live(ward)
        bed.end(server)
        bed.nginx(1, 8080)
        ward.expect("port_closed", "SF801", "after a killed prober")
        assert "pref 7777" in filters(bed) and OURS not in filters(bed), filters(bed)


if __name__ == "__main__":
    main()
