# SPDX-License-Identifier: Apache-2.0
"""Good changes: what operators do on a good day, at random. A balancer that
refuses one of them would teach its operators to work around it."""
import collections
import contextlib
import copy
import hashlib
import json
import random
import sys
import time

from fleet import Backend, Fleet, Pool, Service
from incident_stage import FIRST_ALIAS, LAST_ALIAS, Stage, alias, not_forwarded

POOLS, BACKENDS = 10, 9
KEPT_SHARE = 0.85  # of its greatest weight that no pool falls below
CLI_EVERY = 12  # one change in so many is typed, the others are sent over the socket
SYNS_EACH = 2  # for every service after every change
HEALTH_TIMINGS = ((2000, 1000), (3000, 1000), (5000, 2000), (2500, 1500))


class NotNow(Exception):
    """This change would be no good one as things stand."""


class Operator:
    """Knows one fleet and changes it; a change is a file, or an edit of one backend."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.fleet = first_fleet()
        self.number = 0

    def some_pool(self):
        return self.random.choice(self.fleet.pools)

    def serving(self, pool):
        return self.random.choice(pool.serving())

    def new_address(self):
        free = [alias(i) for i in range(1, LAST_ALIAS - FIRST_ALIAS + 2) if alias(i) not in self.fleet.addresses()]
        if not free:
            raise NotNow
        return self.random.choice(free)

    def new_name(self, prefix):
        self.number += 1
        return f"{prefix}-n{self.number}"

    # --- the changes; each returns the edit that does the same, or None ---

    def scale_up(self):
        pool = self.some_pool()
        if len(pool.backends) >= BACKENDS + 2:
            raise NotNow
        weight = pool.serving()[0].weight
        backend = Backend(self.new_name(pool.name), self.new_address(), weight)
        pool.backends.append(backend)
        return edit("add", pool, backend, address=backend.address, weight=backend.weight)

    def remove_one_of_many(self):
        pool = self.some_pool()
        if len(pool.backends) < BACKENDS:
            raise NotNow
        backend = self.random.choice(pool.backends)
        pool.backends.remove(backend)
        return edit("remove", pool, backend)

    def drain_one(self):
        pool = self.some_pool()
        if any(not backend.takes_new_flows() for backend in pool.backends):
            raise NotNow
        backend = self.serving(pool)
        backend.state = "drain"
        return edit("drain", pool, backend)

    def undrain(self):
        drained = [(pool, backend) for pool in self.fleet.pools for backend in pool.backends if backend.state == "drain"]
        if not drained:
            raise NotNow
        pool, backend = self.random.choice(drained)
        backend.state = "active"
        return edit("undrain", pool, backend)

    def nudge_weight(self):
        pool = self.some_pool()
        backend = self.serving(pool)
        backend.weight = max(60, min(160, round(backend.weight * self.random.uniform(0.8, 1.2))))
        return edit("set", pool, backend, weight=backend.weight)

    def nudge_all_weights(self):
        for backend in self.some_pool().backends:
            backend.weight = max(80, min(130, round(backend.weight * self.random.uniform(0.9, 1.1))))

    def renumber_one(self):
        """One step of a rolling renumbering."""
        pool = self.some_pool()
        backend = self.serving(pool)
        backend.address = self.new_address()
        return edit("set", pool, backend, address=backend.address)

    def replace_one(self):
        """A new machine comes, the old one is drained."""
        pool = self.some_pool()
        if len(pool.backends) >= BACKENDS + 2 or len(pool.serving()) != len(pool.backends):
            raise NotNow
        old = self.serving(pool)
        pool.backends.append(Backend(self.new_name(pool.name), self.new_address(), old.weight))
        old.state = "drain"

    def rename_one(self):
        pool = self.some_pool()
        self.random.choice(pool.backends).name = self.new_name(pool.name)

    def add_service_with_pool(self):
        if len(self.fleet.services) >= 30:
            raise NotNow
        name = self.new_name("app")
        backends = [Backend(f"{name}-{i}", self.new_address(), 100) for i in range(4)]
        if len({backend.address for backend in backends}) < 4:
            raise NotNow
        self.fleet.pools.append(Pool(name, backends))
        self.fleet.services.append(Service(name, f"192.0.2.{40 + len(self.fleet.services)}", name,
                                           protocol=self.random.choice(("tcp", "udp"))))

    def add_service_to_pool(self):
        if len(self.fleet.services) >= 30:
            raise NotNow
        self.fleet.services.append(Service(self.new_name("door"), f"192.0.2.{40 + len(self.fleet.services)}",
                                           self.some_pool().name, port=self.random.choice((80, 443, 8080))))

    def change_health_timings(self):
        pool = self.some_pool()
        interval, timeout = self.random.choice(HEALTH_TIMINGS)
        pool.health = {"interval": interval, "timeout": timeout, "fall": self.random.choice((2, 3, 4)), "rise": 2}

    def add_labels(self):
        pool = self.some_pool()
        for number, backend in enumerate(pool.backends):
            backend.labels = {"rack": f"r{number % 4 + 1}", "zone": f"z{number % 2 + 1}"}

    def raise_a_guard(self):
        pool = self.some_pool()
        if self.random.random() < 0.5 and pool.min_healthy < 70:
            pool.min_healthy += 5
        elif pool.min_backends < 3:
            pool.min_backends += 1
        else:
            raise NotNow

    def reorder(self):
        self.random.shuffle(self.random.choice((self.fleet.services, self.fleet.pools, self.some_pool().backends)))

    def comment(self):
        self.number += 1
        self.fleet.comments = [*self.fleet.comments[-4:], f"change {self.number}: nothing but words"]

    def rewrite_as_list(self):
        self.fleet.inline ^= {self.some_pool().name}


KINDS = {kind: weight for kind, weight in (
    ("scale_up", 4), ("remove_one_of_many", 4), ("drain_one", 4), ("undrain", 4), ("nudge_weight", 5),
    ("nudge_all_weights", 2), ("renumber_one", 4), ("replace_one", 3), ("rename_one", 1), ("add_service_with_pool", 1),
    ("add_service_to_pool", 1), ("change_health_timings", 2), ("add_labels", 1), ("raise_a_guard", 1), ("reorder", 2),
    ("comment", 1), ("rewrite_as_list", 1))}


def edit(kind, pool, backend, **values):
    return {"kind": kind, "pool": pool.name, "name": backend.name, **values}


def first_fleet():
    fleet = Fleet()
    for number in range(1, POOLS + 1):
        name = f"pool{number:02}"
        first = (number - 1) * BACKENDS
        fleet.pools.append(Pool(name, [Backend(f"{name}-{i}", alias(first + i)) for i in range(1, BACKENDS + 1)]))
        fleet.services.append(Service(f"service{number:02}", f"192.0.2.{9 + number}", name))
    return fleet


def is_sane(fleet):
    """No pool gives up more capacity, step by step, than anybody would in minutes."""
    return all(pool.weight() >= KEPT_SHARE * pool.greatest_weight and len(pool.serving()) >= 4 for pool in fleet.pools)


def next_change(operator):
    """(kind, edit or None): the fleet is changed already."""
    while True:
        kind = operator.random.choices(list(KINDS), list(KINDS.values()))[0]
        before = copy.deepcopy(operator.fleet)
        with contextlib.suppress(NotNow):
            wish = getattr(operator, kind)()
            if is_sane(operator.fleet) and operator.fleet.text() != before.text():
                for pool in operator.fleet.pools:
                    pool.greatest_weight = max(pool.greatest_weight, pool.weight())
                return kind, wish
        operator.fleet = before


class Hand:
    """How a change reaches the balancer: over the socket, or typed."""

    def __init__(self, stage, operator):
        self.stage, self.operator = stage, operator
        self.file = stage.bed.folder / "fleet.toml"

    def apply(self, wish, typed):
        if typed:
            return self.type(wish)
        if wish and self.operator.random.random() < 0.5:
            return self.stage.post("backend", {**wish, "author": "good"})
        text = self.operator.fleet.text()
        change = {"text": text, "file": str(self.file), "author": "good",
                  "sha256": hashlib.sha256(text.encode()).hexdigest()}
        if self.operator.random.random() < 0.1:
            return self.confirmed(change)
        return self.stage.post("apply", change)

    def confirmed(self, change):
        outcome = self.stage.post("apply", {**change, "confirm_s": 60})
        if outcome.get("verdict") != "pending":
            return outcome
        return self.stage.post("confirm", {"author": "good"})

    def type(self, wish):
        words = ["steadfast", "apply", self.file]
        if wish:
            words = ["steadfast", "backend", wish["kind"], wish["pool"], wish["name"]]
            words += [word for key in ("address", "weight") if key in wish for word in (f"--{key}", wish[key])]
        self.file.write_text(self.operator.fleet.text())
        _, stdout, stderr, _ = self.stage.shell([*words, "--json"], self.stage.bed.folder)
        return json.loads(stdout) if stdout else {"verdict": "no answer", "error": stderr}


def why(outcome):
    standing = [f"{finding['code']} {finding['message']}" for finding in outcome.get("findings", [])
                if finding["severity"] in ("error", "gate")]
    failed = [f"test {test['name']}: {test['mismatches']}" for test in outcome.get("failed_tests", [])]
    return "; ".join([*standing, *failed, outcome.get("error", "")])


def play(stage, operator, count):
    """(counts by kind, refusals as text)"""
    hand = Hand(stage, operator)
    made, refusals = collections.Counter(), []
    for number in range(count):
        before = copy.deepcopy(operator.fleet)
        kind, wish = next_change(operator)
        outcome = hand.apply(wish, typed=number % CLI_EVERY == 0)
        made[kind] += 1
        if outcome.get("verdict") not in ("applied", "unchanged"):
            refusals.append(f"{number} {kind}: {outcome.get('verdict')}: {why(outcome)}")
            operator.fleet = before  # the operator goes on from what runs
        stage.send_traffic(SYNS_EACH, operator.fleet.endpoints())
    return made, refusals


def what_differs(stage, operator):
    """Objects in which the balancer and its operator disagree in the end."""
    file = stage.bed.folder / "fleet.toml"
    file.write_text(operator.fleet.text())
    _, stdout, stderr, _ = stage.shell(["steadfast", "diff", "--file", file, "--json"], stage.bed.folder)
    return json.loads(stdout)["objects"] if stdout else stderr


def run_good_changes(count, seed, as_json):
    operator = Operator(seed)
    for pool in operator.fleet.pools:
        pool.greatest_weight = pool.weight()
    with Stage("goodchanges") as stage:
        stage.start(operator.fleet.text())
        stage.send_traffic()
        began = time.monotonic()
        made, refusals = play(stage, operator, count)
        seconds = time.monotonic() - began
        lost = not_forwarded(stage.verdicts(), {})
        flows = f"new flows ended as {lost} meanwhile" if lost else stage.traffic_flows()
        differs = what_differs(stage, operator)
    report(made, refusals, seconds, seed, flows, differs, as_json)
    return 1 if refusals or flows or differs else 0


def report(made, refusals, seconds, seed, flows, differs, as_json):
    if as_json:
        print(json.dumps({"changes": made.total(), "kinds": made, "refused": refusals, "seconds": round(seconds, 2),
                          "seed": seed, "traffic": flows, "differs": differs}, indent=2))
        return
    refused = collections.Counter(refusal.split()[1].rstrip(":") for refusal in refusals)
    print(f"{'kind':<24}{'changes':>8}{'refused':>9}")
    for kind in KINDS:
        print(f"{kind:<24}{made[kind]:>8}{refused[kind]:>9}")
    for refusal in refusals:
        print("REFUSED", refusal)
    if flows:
        print("traffic:", flows, file=sys.stderr)
    if differs:
        print("in the end the balancer runs something else:", differs, file=sys.stderr)
    print(f"{made.total()} good changes (seed {seed}), {len(refusals)} refused, {seconds:.1f} s")
