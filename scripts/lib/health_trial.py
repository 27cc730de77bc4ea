#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How soon a sick backend is found, under real traffic, by probes and by users'
handshakes alone; and what a flap storm costs.

    health_trial.py [--runs N] [--only WORD…] [--storm-s S] [--json FILE]

Each run is a daemon of its own: users come at a steady rate for WARM_S, then one
backend falls sick by a rule on its own host, and the time counts from that rule.
`probes` checks every 2 s with fall 3, and its service remembers no flows, so that
handshakes are not compared; `users` has no check at all, so only they can speak;
`both` is how it is meant. Needs root, BPF, nft and a quiet machine.

A `dead` backend loses everything, a `half` dead one every second SYN, of which most
users send another, a `sick30` one 30 % of its flows with all their packets.
"""
import argparse
import itertools
import json
import os
import pathlib
import shutil
import statistics
import sys
import time

from balancer_file import balancer_file, pool, service
from control_socket import ControlSocket
from testbed import VIP4, Testbed, backend4, need_traffic

HERE = pathlib.Path(__file__).resolve().parent
BACKENDS = 5
WARM_S = 12
LONGEST_S = 120  # a run without detection is a miss
AFTER_S = 5  # in which a wrong culprit may still show
CHECK = {"type": "tcp", "interval": "2s", "timeout": "1s", "fall": 3, "rise": 2}
SYN = "tcp dport 80 tcp flags & (syn | ack) == syn"
SICKNESS = {"dead": "drop", "half": f"{SYN} numgen random mod 100 < 50 drop",
            "sick30": "tcp dport 80 jhash tcp sport mod 100 < 30 drop"}
# Keys of the service, keys of the pool.
SIGNALS = {"probes": ({"flows": "hash-only"}, {"health": CHECK}), "users": ({}, {}), "both": ({}, {"health": CHECK})}
RATES = (10, 100)  # new connections per second, of each backend
TAKEN_OUT = ("down", "deaf")
FLAP_S = 5


def file_of(signal_name):
    members = [(f"b{i}", backend4(i), 100) for i in range(1, BACKENDS + 1)]
    of_service, of_pool = SIGNALS[signal_name]
    return balancer_file(service("web", VIP4, "web", "ipip", **of_service),
                         pool("web", members, min_healthy="40%", **of_pool))


class Trial:
    """A balancer, its backends and its users."""

    def __init__(self, bed, equipped=False):
        self.bed = bed
        self.daemon = self.users = None
        if equipped:
            return
        for number in range(1, BACKENDS + 1):
            bed.decap(number)
            bed.nginx(number, listen=("0.0.0.0", "::"))

    def begin(self, signal_name, rate):
        shutil.rmtree(self.bed.folder / "state", ignore_errors=True)
        self.daemon = self.bed.steadfastd(file_of(signal_name), "--detach-on-exit", "--from-file")
        self.users = self.bed.spawn("client", sys.executable, HERE / "steady_users.py", VIP4, rate * BACKENDS)

    def end(self):
        """What the users say."""
        self.bed.end(self.users)
        self.bed.end(self.daemon)
        for number in range(1, BACKENDS + 1):
            self.mend(number)
        return json.loads(self.users.log.read_text().splitlines()[-1])

    def meddle(self, number, rule):
        rules = self.bed.folder / "meddler.nft"
        rules.write_text("table inet meddler { chain in { type filter hook input priority 0; "
                         f'iifname "eth0" {rule}; }}; }}')
        self.bed.run(f"b{number}", "nft", "-f", rules)

    def mend(self, number):
        self.bed.run(f"b{number}", "nft", "delete", "table", "inet", "meddler", check=False)

    def get(self, what):
        return ControlSocket(self.bed.control).get(what)

    def states(self):
        rows = self.get("backends")["backends"]
        return {row["name"]: row["health"] for row in rows}

    def metric(self, series):
        return next(float(line.rpartition(" ")[2]) for line in ControlSocket(self.bed.control).read("/metrics").splitlines()
                    if line.startswith(series + " "))


def suspects(states):
    return {name: health for name, health in states.items() if health["state"] in TAKEN_OUT}


def one_run(trial, signal_name, rate, sickness, victim):
    """(seconds to detection or None, why, wrong culprits)"""
    trial.begin(signal_name, rate)
    time.sleep(WARM_S)
    wrong = set(suspects(trial.states()))
    trial.meddle(victim, SICKNESS[sickness])
    began = time.monotonic()
    found = why = None
    while time.monotonic() - began < LONGEST_S and (found is None or time.monotonic() - began < found + AFTER_S):
        seen = suspects(trial.states())
        if found is None and f"b{victim}" in seen:
            found, why = time.monotonic() - began, seen[f"b{victim}"]["reason"]
        wrong |= set(seen) - {f"b{victim}"}
        time.sleep(0.05)
    users = trial.end()
    return {"seconds": found, "why": why, "wrong": sorted(wrong), **users}


def quantile(values, share):
    """Of few values the largest that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary_of(name, runs):
    found = [run["seconds"] for run in runs if run["seconds"] is not None]
    return {"cell": name, "runs": len(runs), "missed": len(runs) - len(found),
            "median_s": round(statistics.median(found), 2) if found else None,
            "p99_s": round(quantile(found, 0.99), 2) if found else None,
            "wrong": sum(len(run["wrong"]) for run in runs),
            "why": sorted({run["why"] for run in runs if run["why"]}), "each": runs}


def detection(trial, count, wanted):
    for signal_name, rate, sickness in itertools.product(SIGNALS, RATES, SICKNESS):
        name = f"{signal_name} {rate}/s {sickness}"
        if wanted and not all(word in name.split() for word in wanted):
            continue
        runs = [one_run(trial, signal_name, rate, sickness, 1 + run % BACKENDS) for run in range(count)]
        summary = summary_of(name, runs)
        print(f"{name:<24} median {summary['median_s']} s  p99 {summary['p99_s']} s  missed {summary['missed']} of "
              f"{summary['runs']}  wrong culprits {summary['wrong']}  by {', '.join(summary['why'])}", flush=True)
        yield summary


def flap(trial, victims, seconds, seen):
    """Down for FLAP_S, up for FLAP_S, and what the pool looks like meanwhile."""
    end, next_flip, is_down = time.monotonic() + seconds, 0.0, False
    while time.monotonic() < end:
        if time.monotonic() >= next_flip:
            for number in victims:
                trial.mend(number) if is_down else trial.meddle(number, "drop")
            is_down, next_flip = not is_down, time.monotonic() + FLAP_S
        pools = trial.get("pools")["pools"]
        seen.append(pools[0]["health"])
        time.sleep(0.1)


def storm(trial, seconds):
    """60 % of the backends come and go together."""
    trial.begin("both", 20)
    time.sleep(WARM_S)
    before = trial.metric("steadfast_health_generations_total")
    seen = []
    flap(trial, range(1, 1 + BACKENDS * 6 // 10), seconds, seen)
    published = trial.metric("steadfast_health_generations_total") - before
    users = trial.end()
    result = {"cell": "flap storm", "seconds": seconds, "needed": seen[0]["needed"],
              "least_serving": min(health["serving"] for health in seen),
              "on_floor_share": sum(health["on_floor"] for health in seen) / len(seen),
              "publishes_per_s": published / seconds, **users}
    print(f"flap storm: {json.dumps(result)}", flush=True)
    return result


def arguments():
    parser = argparse.ArgumentParser(prog="health_trial.py", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=20, help="of each cell (20)")
    parser.add_argument("--only", nargs="*", default=[], metavar="WORD",
                        help="cells whose name has these words: probes, users or both, 10/s or 100/s, dead, half or sick30")
    parser.add_argument("--storm-s", type=float, default=120, help="length of the flap storm (120); 0: none")
    parser.add_argument("--json", type=pathlib.Path, metavar="FILE", help="every run")
    return parser.parse_args()


def main():
    asked = arguments()
    need_traffic("nft")
    with Testbed("trial", BACKENDS) as bed:
        trial = Trial(bed)
        results = list(detection(trial, asked.runs, asked.only)) if asked.runs else []
        if asked.storm_s:
            results.append(storm(trial, asked.storm_s))
    if asked.json:
        asked.json.write_text(json.dumps({"machine": os.uname().release, "results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
