#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What health costs the daemon at full size: 1,000 services over 1,000 pools of ten
backends, 10,000 in all, each checked every 2 s along the packets' own path.

    health_cpu.py [--pools N] [--backends N] [--seconds S]

One host stands for all backends: it has every address and every VIP, and its
neighbour entries are made by hand. What the kernel does with a packet that a probe
sends over a veth, the other host's part included, is counted as the daemon's time.
"""
import argparse
import json
import os
import pathlib
import subprocess
import time

from control_socket import ControlSocket
from health_trial import Trial
from testbed import Testbed, need_traffic

HEAD = """schema = 1
[host]
interfaces = ["eth0"]
xdp_mode = "native"
source = ["198.51.100.0/24"]
hash_seed = "health"
[limits]
services = {services}
backends = {backends}
flows = "64K"
"""
SERVICE = """
[[service]]
name = "s{i}"
vip = "{vip}"
protocol = "tcp"
port = 80
forward = "l2"
pool = "p{i}"
[[pool]]
name = "p{i}"
min_healthy = "50%"
health = {{ type = "tcp", interval = "2s", timeout = "1s", fall = 3, rise = 2 }}
backend = [
{members}
]
"""
MAC = "02:00:00:00:02:0b"  # of b1, scripts/netns
TICKS = os.sysconf("SC_CLK_TCK")


def address(network, number):
    return f"10.{network}.{number // 250}.{number % 250 + 1}"


def file_of(pools, each):
    text = HEAD.format(services=pools + 24, backends=pools * each + 384)
    for i in range(pools):
        members = ",\n".join(f'  {{ name = "b{j}", address = "{address(100, i * each + j)}", weight = 100 }}'
                             for j in range(each))
        text += SERVICE.format(i=i, vip=address(200, i), members=members)
    return text


def equip(bed, backends):
    bed.shell("b1", "ip route add local 10.100.0.0/16 dev lo", "ip route add local 10.200.0.0/16 dev lo",
              "sysctl -qw net.ipv4.conf.all.arp_ignore=0")
    bed.nginx(1, listen=("0.0.0.0",))
    bed.shell("balancer", "ip route add 10.100.0.0/16 dev eth0")
    batch = "".join(f"neigh replace {address(100, i)} lladdr {MAC} dev eth0 nud permanent\n" for i in range(backends))
    with bed.inside("balancer"):
        subprocess.run(["ip", "-batch", "-"], input=batch, text=True, check=True)


def cpu_s(pid):
    """By thread: (user, system)."""
    used = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        words = (task / "stat").read_text().rpartition(")")[2].split()
        used[task.name] = (int(words[11]) / TICKS, int(words[12]) / TICKS)
    return used


def measure(trial, pid, seconds):
    def probes():
        return sum(float(line.rpartition(" ")[2]) for line in ControlSocket(trial.bed.control).read("/metrics").splitlines()
                   if line.startswith("steadfast_probes_total{"))
    began, cpu, ended = time.monotonic(), cpu_s(pid), probes()
    time.sleep(seconds)
    after, took, ended = cpu_s(pid), time.monotonic() - began, probes() - ended
    threads = {task: [round((now - then) / took, 3) for now, then in zip(after[task], cpu.get(task, (0, 0)))]
               for task in after}
    rows = trial.get("backends")["backends"]
    return {"probes_per_s": round(ended / took), "cpu_per_s": round(sum(map(sum, threads.values())), 3),
            "user_and_system_by_thread": [used for used in threads.values() if sum(used) >= 0.001],
            "passed": sum(row["health"].get("outcome") == "passed" for row in rows), "backends": len(rows),
            "late": trial.metric("steadfast_probes_late_total"),
            "generations": trial.metric("steadfast_health_generations_total")}


def main():
    parser = argparse.ArgumentParser(prog="health_cpu.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pools", type=int, default=1000)
    parser.add_argument("--backends", type=int, default=10, help="of each pool (10)")
    parser.add_argument("--seconds", type=float, default=20)
    asked = parser.parse_args()
    need_traffic()
    with Testbed("cpu", 1) as bed:
        equip(bed, asked.pools * asked.backends)
        trial = Trial(bed, equipped=True)
        daemon = bed.steadfastd(file_of(asked.pools, asked.backends), "--detach-on-exit")
        time.sleep(6)  # every backend has answered once
        print(json.dumps(measure(trial, daemon.pid, asked.seconds), indent=1))


if __name__ == "__main__":
    main()
