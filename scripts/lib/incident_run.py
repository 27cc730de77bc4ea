# SPDX-License-Identifier: Apache-2.0
"""One run of the incident: a change gets through, and is watched until it is undone.
All delays count from the first packet of a user that it harmed."""
import dataclasses
import re
import time

from kernel_state import KernelState
from messaging import BROKEN, CULPRITS, USERS, name_of, stranded, until

BEFORE_S = 4  # of users who are well, for the picture
AFTER_S = 4
CONFIRM_S = 60  # nobody confirms: the daemon must be faster
LONGEST_DEED_S = 2  # chat_users.py
STEP_S = 0.1
BY_KERNEL = "rolled back by the kernel"
OBJECT = re.compile(r"backend/messaging/msg-\d+")


@dataclasses.dataclass
class Run:
    change: str
    first: float = 0  # Unix time of the first packet that harmed
    undone: float = 0  # Unix time
    undone_by: str = ""
    undone_s: float = 0
    detected_s: float | None = None
    located_s: float | None = None
    culprit: str = ""
    sentence: str = ""
    users_failed: int = 0  # that once had no answer
    users_stranded: int = 0  # at once, at the worst moment
    users_well_s: float = 0  # everybody has an answer again
    curve: list = dataclasses.field(default_factory=list)

    def figures(self):
        """What a machine wants to know of it."""
        left_out = ("first", "undone", "curve", "sentence")
        return {key: rounded(value) for key, value in dataclasses.asdict(self).items() if key not in left_out}


def rounded(value):
    return round(value, 2) if isinstance(value, float) else value


def gates(findings):
    return [finding for finding in findings if finding["severity"] in ("gate", "error")]


def accepted(findings):
    """The words that accept every gate by name."""
    return [word for finding in gates(findings) for word in ("--accept", f"{finding['code']}:{finding['object']}")]


def apply_by_hand(town, change, confirm_s):
    """As somebody does who is sure of it: whatever stands in the way is accepted by name."""
    path = town.changed(change)
    began = time.time()
    code, outcome = town.apply(path, "--confirm", f"{confirm_s}s", "--reason", "new hosts")
    if code != 0:
        words = accepted(outcome["findings"])
        code, outcome = town.apply(path, *words, "--confirm", f"{confirm_s}s", "--reason", "new hosts")
    if code != 0:
        raise RuntimeError(f"{change}: not applied: {outcome}")
    return began


def users_are_seen(town, since):
    """Long enough for the curve before the change."""
    until(lambda: time.time() >= since + BEFORE_S and town.deeds(since), "users are there")


def taken_out(town):
    """No new user is sent to any backend that the change broke."""
    health = town.health()
    return not any(health[name_of(number)]["serving"] for number in BROKEN)


def how_undone(town, generation):
    if town.generation() == generation:
        return "rolled back"
    return "taken out" if taken_out(town) else ""


class Alerts:
    """What `steadfast status` says, and when it was first seen to say so."""

    def __init__(self, town):
        self.town = town
        self.before = set(town.status()["alerts"])
        self.seen = {}  # Unix time by sentence

    def look(self):
        for sentence in self.town.status()["alerts"]:
            if sentence not in self.before:
                self.seen.setdefault(sentence, time.time())

    def culprit(self):
        """(object, sentence, Unix time) of the first that names what the change broke."""
        named = ((found[0], sentence, at) for sentence, at in self.seen.items()
                 if (found := OBJECT.search(sentence)) and found[0] in CULPRITS)
        return min(named, key=lambda each: each[2], default=None)


def contained(town, change):
    """With the daemon at work."""
    town.start()
    users_are_seen(town, time.time())
    generation, run, alerts = town.generation(), Run(change), Alerts(town)
    began = apply_by_hand(town, change, CONFIRM_S)

    def is_undone():
        alerts.look()
        run.undone_by = how_undone(town, generation)
        return run.undone_by and alerts.culprit()

    until(is_undone, f"{change}: undone", CONFIRM_S / 2)
    run.undone = time.time()
    look_back(town, run, began)
    read_alerts(run, alerts)
    read_record(town, run)
    if town.generation() != generation:
        town.bed.steadfast("cancel")
    return run


def without_daemon(town, change, confirm_s):
    """The daemon dies as soon as the change is live."""
    town.start()
    users_are_seen(town, time.time())
    state, run = KernelState(town.bed.bpffs), Run(change)
    began = apply_by_hand(town, change, confirm_s)
    town.kill()
    until(lambda: KernelState(town.bed.bpffs).fallbacks > state.fallbacks, f"{change}: undone", 3 * confirm_s)
    run.undone = time.time()
    run.undone_by = BY_KERNEL if town.generation() == state.generation else f"left at generation {town.generation()}"
    look_back(town, run, began)
    return run


def look_back(town, run, began):
    """What users say once all they began until then has ended."""
    until(lambda: time.time() > run.undone + AFTER_S + LONGEST_DEED_S, "users are done")
    deeds = town.deeds(began - BEFORE_S)
    run.first = min((deed.began for deed in deeds if deed.failed and deed.began >= began), default=began)
    run.undone_s = run.undone - run.first
    without_answer = list(stranded(deeds))
    run.users_failed = len({user for user, _, _ in without_answer})
    run.users_well_s = max((end for _, _, end in without_answer), default=run.first) - run.first
    run.curve = [(round(at, 2), share_well(without_answer, run.first + at))
                 for at in steps(began - BEFORE_S - run.first, run.undone_s + AFTER_S)]
    run.users_stranded = round(USERS * (1 - min(share for _, share in run.curve)))


def steps(first, last):
    return [first + number * STEP_S for number in range(int((last - first) / STEP_S) + 1)]


def share_well(without_answer, at):
    return 1 - sum(since <= at < end for _, since, end in without_answer) / USERS


def read_alerts(run, alerts):
    run.culprit, run.sentence, located = alerts.culprit()
    run.detected_s = max(0.0, min(alerts.seen.values()) - run.first)
    run.located_s = max(0.0, located - run.first)


def read_record(town, run):
    """The daemon's own record of it, where it has one: no alert is seen before it is asked
    for. Its delays count from when it believes the harm began."""
    records = town.get("incidents")["incidents"]
    if not records or records[0]["detected_s"] is None or records[0]["located_s"] is None:
        return
    record = records[0]
    for step in ("detected_s", "located_s"):
        setattr(run, step, max(0.0, record["first_packet_s"] + record[step] - run.first))
    run.culprit, run.sentence = record["culprit"]["object"], record["sentence"]
