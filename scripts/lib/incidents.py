# SPDX-License-Identifier: Apache-2.0
"""The incident runner: every case of tests/incidents against a real daemon in
network namespaces, with real packets. scripts/incidents is its command."""
import argparse
import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time

from good_changes import run_good_changes
from incident_case import FOLDER, all_cases, first_in_the_way, first_lines, said
from incident_stage import Stage, wait_until
from incident_tables import PAGE, page
from testbed import need_traffic, program

SILENT = 0  # of the users' requests, when all is well
CRASHES = re.compile(r"steadfastd ended \d+ times within \d+ s with generation")
GUARD = re.compile(r"generation \d+ was rolled back: ")
UNEVEN = 0.20  # a host's share may differ so much from before by chance alone


@dataclasses.dataclass
class Result:
    case: str
    expected: str
    got: str
    seconds: float
    named: str
    right: bool
    first_line: str = ""  # what the operator reads first
    culprit_first: bool = False


class Refused:
    """A change that must not get through, and must leave no trace."""

    def __init__(self, stage, case):
        self.stage, self.case = stage, case

    def play(self, seen):
        if seen.returncode == 0:
            return "let through"
        standing = {code for severity, code in said(seen.stdout) if severity in ("error", "gate")}
        if seen.returncode == 3:  # --strict: warnings stand in the way as well
            standing |= {code for severity, code in said(seen.stdout) if severity == "warn"}
        got = "refuse " + " ".join(sorted(standing))
        missing = self.case.codes - standing
        if missing:
            return got + f" (not {' '.join(sorted(missing))})"
        return self.trace_left() or self.case.verdict

    def trace_left(self):
        generation, digest, text = self.stage.running()
        if (generation, digest) != self.stage.baseline():
            return f"refused, but generation {generation} runs"
        shown = self.stage.shell(["steadfast", "show", "config"], self.case.folder)[1]
        if shown != text:
            return "refused, but show config differs from what runs"
        flows = self.stage.traffic_flows()
        return f"refused, but {flows}" if flows else ""


class Contained:
    """A change that got through, did harm, and must be undone by itself."""

    def __init__(self, stage, case):
        self.stage, self.case = stage, case

    def play(self, seen):
        if seen.returncode != 0:
            return f"exit {seen.returncode}: not let through"
        began = time.monotonic()
        well = wait_until(self.users_are_well, self.case.within_s)
        self.seconds = time.monotonic() - began
        self.stage.restore_way_in()
        if not well:
            return f"not contained within {self.case.within_s} s: {dict(self.stage.users())}"
        signal_seen = self.signal_seen()
        if signal_seen != self.case.signal:
            return f"contained by {signal_seen or 'nobody knows what'}"
        flows = self.stage.traffic_flows()
        return f"contained, but {flows}" if flows else self.case.verdict

    def users_are_well(self):
        """New users are answered, and by the same hosts as before."""
        now, before = self.stage.users(), self.stage.users_before
        if now[None] > SILENT:
            return False
        share = {host: count / now.total() for host, count in now.items()}
        return all(abs(share.get(host, 0) - count / before.total()) < UNEVEN for host, count in before.items())

    def signal_seen(self):
        """Who undid it, in the daemon's own words."""
        wait_until(lambda: self.stage.status()["generation"] == self.stage.generation_before, 2)
        status = self.stage.status()
        if status["generation"] != self.stage.generation_before:
            return f"nobody: generation {status['generation']} runs"
        if status.get("fallbacks", 0) > 0:
            return "dead-man"
        signals = {"crash-loop": CRASHES, "guard": GUARD}
        return next((name for name, words in signals.items()
                     if any(words.search(alert) for alert in status["alerts"])), "")


class Located:
    """Harm that must be named while it lasts."""

    def __init__(self, stage, case):
        self.stage, self.case = stage, case

    def play(self, seen):
        if seen.returncode != 0:
            return f"exit {seen.returncode}: the event did not happen"
        code = self.case.signal
        began = time.monotonic()
        found = wait_until(lambda: any(code in alert for alert in self.stage.status()["alerts"]), self.case.within_s)
        self.seconds = time.monotonic() - began
        return self.case.verdict if found else f"no alert names {code} within {self.case.within_s} s"


JUDGES = {"refuse": Refused, "contain": Contained, "locate": Located}


@dataclasses.dataclass
class Seen:
    """What the operator's terminal showed."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float


def happen(stage, case):
    """The change, as the operator makes it."""
    if case.event.exists():
        return Seen(*stage.shell(["bash", "event.sh"], case.folder))
    return Seen(*stage.shell(["steadfast", "apply", "after.toml"], case.folder))


def told_later(stage):
    """What a look at the balancer says once it is over."""
    ran = stage.shell(["steadfast", "history"], "/")
    return "\n".join(stage.status()["alerts"]) + ran[1]


def what_is_read_first(stage, case, seen):
    """Of a refusal the first finding that stands in the way, of everything else the first alert."""
    if case.kind == "refuse":
        return first_in_the_way(seen.stdout) or first_lines(seen.stdout, seen.stderr)
    alerts = stage.status()["alerts"]
    return alerts[0].partition(" was rolled back: ")[2] or alerts[0] if alerts else ""


def play(stage, case):
    stage.start(case.before)
    flows = stage.traffic_flows()
    if flows:
        raise RuntimeError(f"{case.name}: before the change {flows}")
    if case.needs_counters() and not wait_until(stage.is_weighed, pause_s=0.2):
        raise RuntimeError(f"{case.name}: no plan is weighed with its traffic")
    stage.remember(case.before)
    try:
        return judge_event(stage, case)
    finally:
        if case.undo.exists():
            stage.shell(["bash", "undo.sh"], case.folder)


def judge_event(stage, case):
    seen = happen(stage, case)
    if seen.returncode == 99:
        return Result(case.name, case.verdict, seen.stderr.strip().splitlines()[-1], seen.seconds, "", False)
    judge = JUDGES[case.kind](stage, case)
    got = judge.play(seen)
    words = first_lines(seen.stdout, seen.stderr)
    if case.kind != "refuse":
        words += told_later(stage)
    missing = [name for name in case.must_name if name not in words]
    if os.environ.get("STEADFAST_INCIDENTS_VERBOSE") or missing or got != case.verdict:
        print(f"--- {case.name}: exit {seen.returncode}\n{seen.stdout}{seen.stderr}", file=sys.stderr)
    named = "all" if not missing else "not " + ", ".join(missing)
    first = what_is_read_first(stage, case, seen)
    return Result(case.name, case.verdict, got, getattr(judge, "seconds", seen.seconds), named,
                  got == case.verdict and not missing, first, case.is_named_in(first))


def check_alone(case):
    """The same file, without a daemon."""
    began = time.monotonic()
    ran = subprocess.run([program("steadfast"), "check", "after.toml"], cwd=case.folder, capture_output=True,
                         text=True, errors="replace", check=False)
    standing = {code for severity, code in said(ran.stdout) if severity in ("error", "gate")}
    missing = [name for name in case.must_name if name not in first_lines(ran.stdout, ran.stderr)]
    right = ran.returncode in (1, 4) and case.codes <= standing
    got = case.verdict if right else f"exit {ran.returncode}: {' '.join(sorted(standing))}"
    return Result(f"{case.name} (check)", case.verdict, got, time.monotonic() - began,
                  "all" if not missing else "not " + ", ".join(missing), right and not missing)


def run_cases(cases):
    results = [check_alone(case) for case in cases if case.is_static()]
    with Stage("incidents") as stage:
        for case in cases:
            results.append(play(stage, case))
            print(line(results[-1]), file=sys.stderr, flush=True)
    return sorted(results, key=lambda result: result.case)


def line(result):
    return (f"{'ok    ' if result.right else 'WRONG '} {result.case:<24} {result.expected:<36} {result.got:<36} "
            f"{result.seconds:7.2f}  {result.named}")


def print_table(results):
    print(f"       {'case':<24} {'expected':<36} {'got':<36} seconds  named")
    for result in results:
        print(line(result))
    wrong = sum(not result.right for result in results)
    print(f"{len(results)} cases, {wrong} wrong")


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/incidents", description=__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help="INC-05a, or INC-05 for all of them")
    parser.add_argument("--json", action="store_true", help="the results as JSON")
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="of every case (1)")
    parser.add_argument("--publish", action="store_true", help="the table into docs/incidents.md as well")
    parser.add_argument("--good", type=int, nargs="?", const=int(os.environ.get("STEADFAST_GOOD_CHANGES", "100")),
                        metavar="N", help="N good changes instead (100, or STEADFAST_GOOD_CHANGES): none may be refused")
    parser.add_argument("--seed", type=int, default=1, help="of the good changes (1)")
    return parser.parse_args()


def is_published(cases):
    """The page must not fall behind: it has every case, and expects of it what is expected now."""
    page_now = PAGE.read_text() if PAGE.exists() else ""
    stale = [case.name for case in cases if f"| {case.name} | {case.verdict} |" not in page_now]
    if stale:
        print(f"docs/incidents.md is stale ({', '.join(stale)}): scripts/incidents --runs 3 --publish", file=sys.stderr)
    return not stale


def main():
    asked = arguments()
    need_traffic()
    if asked.good is not None:
        sys.exit(run_good_changes(asked.good, asked.seed, asked.json))
    try:
        cases = all_cases(asked.cases)
    except ValueError as problem:
        sys.exit(f"incidents: {problem}")
    results = [result for _ in range(asked.runs) for result in run_cases(cases)]
    if asked.publish:
        PAGE.write_text(page(results, asked.runs))
    if asked.json:
        print(json.dumps([dataclasses.asdict(result) for result in results], indent=2))
    else:
        print_table(results)
    right = bool(results) and all(result.right for result in results)
    sys.exit(0 if is_published(cases) and right else 1)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()
